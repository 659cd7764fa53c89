import Foundation
import PostStore
import Posts
import StoreFixtures
import TestSupport
import Testing

/// A consumer that is killed, again and again, and what its store holds in the end.
@Suite struct KillTests {
  @Test func aStoreOfAKilledConsumerEqualsTheTruth() async throws {
    try await onThread {
      let pipeline = try Pipeline()
      let truth = pipeline.files.path("truth.ndjson")
      let producer = try Program(
        "social-producer",
        pipeline.connection + [
          "--topic", pipeline.topic, "--seed", "11", "--count", "50000", "--rate", "4000/s",
          "--duplicates", "0.05", "--updates", "0.1", "--stale", "0.02", "--late", "0.05",
          "--deletes", "0.01", "--malformed", "0.005", "--truth", truth,
        ])
      var random = SplitMix64(seed: 7)
      var kills = 0
      var reached: [Int64] = []
      // A group of its own each time: a broker gives the partitions of a member that died to the next
      // only when its session is over, and where reading goes on is the store's to say.
      while kills < 20 {
        let consumer = try Program(
          "social-consumer",
          pipeline.consumer([
            "--group", "killed-\(kills)", "--batch-size", "500", "--batch-delay", "20",
          ]))
        let before = stored(pipeline)
        try waitUntil("consumer \(kills) stores", timeout: .seconds(60)) {
          stored(pipeline) > before || !consumer.isRunning
        }
        Thread.sleep(forTimeInterval: Double(random.next() % 300) / 1000)
        consumer.send(signal: SIGKILL)
        let outcome = try consumer.wait()
        #expect(outcome.signal == SIGKILL, "\(outcome.standardError)")
        kills += 1
        reached.append(stored(pipeline))
      }
      #expect(reached == reached.sorted())
      #expect(producer.isRunning || reached.last != reached.first)

      let production = try producer.wait(timeout: .seconds(120))
      #expect(production.status == 0, "\(production.standardError)")
      try pipeline.consumeToEnd(["--group", "last"])
      try expect(pipeline, toHold: truth)
    }
  }

  /// How many messages the store has taken; 0 while there is no store.
  private func stored(_ pipeline: Pipeline) -> Int64 {
    let reader = try? pipeline.reader()
    return (try? reader?.integers("SELECT sum(next_offset) FROM kafka_partitions").first) ?? 0
  }

  /// Holds every post, the counts of outcomes and the rollups against the producer's truth.
  private func expect(_ pipeline: Pipeline, toHold truth: String) throws {
    let truth = try Truth(file: truth)
    let reader = try pipeline.reader()
    for outcome in Outcome.allCases {
      #expect(
        try reader.integers("SELECT sum(\(outcome)) FROM kafka_partitions")
          == [#require(truth.outcomes["\(outcome)"])], "\(outcome)")
    }
    let shown = try reader.shownPosts()
    #expect(shown.count == truth.rows.count)
    let difference = zip(shown, truth.rows).first { $0 != $1 }
    #expect(difference == nil, "\(String(describing: difference))")
    let verification = try reader.verifyRollups()
    #expect(verification.differences.isEmpty)
  }
}
