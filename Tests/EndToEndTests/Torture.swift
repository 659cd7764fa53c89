import Foundation
import Kafka
import PostStore
import StoreFixtures
import TestSupport

/// A topic, some consumers of it, and someone who kills them.
final class Torture {
  /// How consumers stand to each other.
  struct Scene: CustomStringConvertible {
    var consumers: Int
    /// Whether all write one store, or each its own.
    var sharesStore: Bool
    /// Whether they share the partitions, or each reads all of them.
    var sharesGroup: Bool

    static let all = [
      Scene(consumers: 1, sharesStore: true, sharesGroup: true),
      Scene(consumers: 2, sharesStore: true, sharesGroup: true),
      Scene(consumers: 3, sharesStore: true, sharesGroup: true),
      Scene(consumers: 2, sharesStore: true, sharesGroup: false),
      Scene(consumers: 2, sharesStore: false, sharesGroup: true),
      Scene(consumers: 3, sharesStore: false, sharesGroup: true),
    ]

    var description: String {
      if consumers == 1 { return "one consumer" }
      return
        "\(consumers) consumers, \(sharesStore ? "one store" : "a store each"), \(sharesGroup ? "one group" : "a group each")"
    }
  }

  /// What was done, and what came of it.
  struct Figures: CustomStringConvertible {
    var consumerKills = 0
    var brokerKills = 0
    var rebalances = 0
    var comparisons = 0
    var messages: Int64 = 0
    var lost: Int64 = 0
    var doubled: Int64 = 0
    var problems: [String] = []

    /// A kill of a consumer and the broker together is one.
    var kills = 0

    static func += (a: inout Figures, b: Figures) {
      a.kills += b.kills
      a.consumerKills += b.consumerKills
      a.brokerKills += b.brokerKills
      a.rebalances += b.rebalances
      a.comparisons += b.comparisons
      a.messages += b.messages
      a.lost += b.lost
      a.doubled += b.doubled
      a.problems += b.problems
    }

    var description: String {
      "\(kills) kills (consumers \(consumerKills), broker \(brokerKills)), \(rebalances) rebalances, \(messages) messages, \(comparisons) comparisons, \(lost) lost, \(doubled) doubled, \(problems.count) other differences"
    }
  }

  private static let partitions = 6

  private(set) var figures = Figures()
  private let scene: Scene
  private let pipeline: Pipeline
  private let log: TopicLog
  private var random: SplitMix64
  private var running: [Int: Program] = [:]
  /// How many consumers were started.
  private var starts = 0
  /// How many times all stores were begun anew.
  private var round = 0

  /// Publishes what is to be read: posts, and a third as many messages that are hard on them.
  init(_ scene: Scene, posts: Int, seed: UInt64) throws {
    self.scene = scene
    random = SplitMix64(seed: seed)
    pipeline = try Pipeline(partitions: Self.partitions)
    let published = try Program.run(
      "social-producer",
      pipeline.connection + [
        "--topic", pipeline.topic, "--seed", "\(seed % 1_000_000)", "--backfill", "2d",
        "--backfill-count", "\(posts)", "--backfill-only", "--duplicates", "0.05",
        "--updates", "0.1", "--stale", "0.03", "--late", "0.05", "--deletes", "0.03",
        "--malformed", "0.01",
      ])
    guard published.status == 0 else { throw TestSupportError(published.standardError) }
    try pipeline.broker.save()
    var configuration = KafkaConfiguration(brokers: pipeline.brokers)
    configuration.set(IndependentBroker.receiveLimit.name, to: IndependentBroker.receiveLimit.value)
    log = try TopicLog(
      topic: pipeline.topic, partitions: Self.partitions, at: configuration)
  }

  /// Kills until it was done so many times, then lets every store be brought to the end.
  func run(kills: Int) throws {
    while figures.kills < kills {
      try startMissing()
      // A member that leaves by itself hands its partitions over while it still writes.
      if scene.consumers > 1, random.happens(0.3) {
        try waitForProgress()
        try end(Int.random(in: 0..<scene.consumers, using: &random), signal: SIGTERM)
        try startMissing()
      }
      // One kill in five may come before anything is read.
      if random.happens(0.8) { try waitForProgress() }
      wait(upTo: 0.3)
      try kill()
      try compareAll()
      if try isAtEnd() { try beginAnew() }
    }
    try finish()
  }

  private func startMissing() throws {
    for consumer in 0..<scene.consumers where running[consumer]?.isRunning != true {
      try endedByItself(consumer)
      running[consumer] = try start(consumer)
      // Some come together, some long after each other.
      if random.happens(0.5) { wait(upTo: 0.4) }
    }
  }

  /// Waits until a store moves, unless there is nothing left to read; a group that waits for a member that
  /// died is waited for.
  private func waitForProgress() throws {
    let before = progress()
    let deadline = ContinuousClock.now + .seconds(9)
    while progress() == before, .now < deadline, try !isAtEnd(),
      running.values.allSatisfy(\.isRunning)
    {
      Thread.sleep(forTimeInterval: 0.02)
    }
  }

  /// How many messages all stores have taken.
  private func progress() -> Int64 {
    stores.map { path in
      let reader = try? StoreReader(path: path)
      return (try? reader?.integers("SELECT SUM(next_offset) FROM kafka_partitions").first) ?? 0
    }.reduce(0, +)
  }

  private func kill() throws {
    // A group waits six seconds for a member that died, unless its broker has forgotten it, too.
    let choice = Double.random(in: 0..<1, using: &random)
    figures.kills += 1
    let hitsBroker = choice > (scene.consumers > 1 && scene.sharesGroup ? 0.12 : 0.7)
    if hitsBroker {
      try pipeline.broker.kill()
      figures.brokerKills += 1
    }
    if choice < 0.85 {
      let all = random.happens(0.25)
      let victim = Int.random(in: 0..<scene.consumers, using: &random)
      for consumer in 0..<scene.consumers where all || consumer == victim {
        try end(consumer, signal: SIGKILL)
        figures.consumerKills += 1
      }
    }
    if hitsBroker {
      wait(upTo: 0.5)
      try pipeline.broker.restart()
    }
  }

  /// A consumer ends by itself only where it has to be told of.
  private func endedByItself(_ consumer: Int) throws {
    guard let program = running.removeValue(forKey: consumer) else { return }
    let outcome = try program.wait()
    figures.problems.append("a consumer has ended: \(outcome.standardError)")
  }

  private func end(_ consumer: Int, signal: Int32) throws {
    guard let program = running.removeValue(forKey: consumer) else { return }
    let wasRunning = program.isRunning
    program.send(signal: signal)
    let outcome = try program.wait()
    if !wasRunning { figures.problems.append("a consumer had ended: \(outcome.standardError)") }
    figures.rebalances +=
      outcome.standardError.split(separator: "\n").count { $0.contains("info: reading ") }
  }

  private func wait(upTo seconds: Double) {
    Thread.sleep(forTimeInterval: Double.random(in: 0..<seconds, using: &random))
  }

  private func store(of consumer: Int) -> String {
    pipeline.files.path("\(round)-\(scene.sharesStore ? 0 : consumer).db")
  }

  private var stores: [String] {
    (0..<(scene.sharesStore ? 1 : scene.consumers)).map(store)
  }

  private func start(_ consumer: Int) throws -> Program {
    starts += 1
    // One that is alone in its group need not wait for the member that it was before.
    let isAlone = scene.consumers == 1 || !scene.sharesGroup
    let group = "torture-\(round)" + (isAlone ? "-\(starts)" : "")
    return try Program(
      "social-consumer",
      pipeline.connection + [
        "--topic", pipeline.topic, "--db", store(of: consumer), "--group", group,
        "--batch-size", "\([10, 30, 100].randomElement(using: &random) ?? 100)",
        "--batch-delay", "20", "--timeout", "30s", "-X", "session.timeout.ms=6000",
        "-X", "heartbeat.interval.ms=200", "-X", "reconnect.backoff.max.ms=200",
      ])
  }

  /// Holds every store that is there against the log.
  private func compareAll() throws {
    for path in stores where FileManager.default.fileExists(atPath: path) {
      // A consumer that was killed before its first transaction leaves an empty file.
      guard let reader = try? StoreReader(path: path) else { continue }
      let comparison = try log.compare(reader)
      figures.comparisons += 1
      figures.lost += comparison.lost
      figures.doubled += comparison.doubled
      figures.problems += comparison.problems
      let differences = try reader.verifyRollups().differences
      figures.problems += differences.map { "\($0)" }
      let integrity = try reader.strings("PRAGMA integrity_check")
      if integrity != ["ok"] { figures.problems += integrity }
    }
  }

  /// Whether every partition was read to its end into some store.
  private func isAtEnd() throws -> Bool {
    var ended: Set<Int64> = []
    for path in stores {
      guard let reader = try? StoreReader(path: path) else { continue }
      for (number, messages) in log.partitions {
        let next = try reader.integers(
          "SELECT next_offset FROM kafka_partitions WHERE \"partition\" = \(number)")
        if next == [Int64(messages.count)] { ended.insert(Int64(number)) }
      }
    }
    return ended.count == log.partitions.count
  }

  /// Gives all consumers new stores and a new group, so that there is something to read.
  private func beginAnew() throws {
    try finish()
    round += 1
  }

  /// Lets the consumers go, brings every store to the end, and compares once more.
  private func finish() throws {
    for consumer in 0..<scene.consumers { try end(consumer, signal: SIGTERM) }
    for (index, path) in stores.enumerated() {
      let outcome = try Program.run(
        "social-consumer",
        pipeline.connection + [
          "--topic", pipeline.topic, "--db", path, "--group", "last-\(round)-\(index)",
          "--exit-at-end",
        ], timeout: .seconds(120))
      if outcome.status != 0 { figures.problems.append(outcome.standardError) }
    }
    try compareAll()
    for path in stores {
      let read = try StoreReader(path: path).integers(
        "SELECT SUM(next_offset) FROM kafka_partitions")
      figures.messages += read[0]
      if read != [Int64(log.count)] {
        figures.problems.append("the store ends at \(read), not at \(log.count)")
      }
    }
  }
}
