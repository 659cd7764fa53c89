import ArgumentParser
import Foundation
import Ingest
import Kafka
import PostStore
import Posts
import Signals
import StandardStreams

/// Takes the posts of a Kafka topic into a store.
@main
struct SocialConsumer: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "social-consumer",
    abstract: "Takes the posts of a Kafka topic into an SQLite store.",
    discussion: """
      The store decides where reading goes on: its offsets move in the transaction that writes the \
      posts, so that after a kill at any instant nothing is lost and nothing is there twice.

      Examples:
        social-consumer
        social-consumer --brokers kafka.example:9092 --db posts.db
        social-consumer --exit-at-end

      Environment:
        SOCIALQ_DB      the store, unless --db names it
      """)

  @Option(help: ArgumentHelp("Where Kafka is: host:port, several with commas.", valueName: "list"))
  var brokers = "localhost:9092"

  @Option(help: "The topic to read.")
  var topic = "social_media"

  @Option(help: "The consumer group; its members share the partitions.")
  var group = "social-media-consumer-group"

  @Option(
    help: ArgumentHelp(
      "The store. Default: $SOCIALQ_DB, else socialq/socialq.db in the user's data folder.",
      valueName: "file"))
  var db: String?

  @Option(
    help: "Where to begin in a partition that the store does not know: beginning, committed or end."
  )
  var from = IngestConfiguration.Start.beginning

  @Flag(help: "End once everything that was there at the start is stored.")
  var exitAtEnd = false

  @Option(help: ArgumentHelp("Messages in a transaction at most.", valueName: "count"))
  var batchSize = 20_000

  @Option(
    help: ArgumentHelp(
      "Milliseconds that a transaction waits at most for more messages.", valueName: "ms"))
  var batchDelay = 200

  @Option(
    help: ArgumentHelp(
      "How long to wait for another program that keeps the store locked.", valueName: "time"))
  var lockTimeout = TimeSpan.seconds(60)

  @Option(
    help: ArgumentHelp(
      """
      Megabytes that the store's write-ahead log may have: a program that reads without end keeps it \
      from being taken back, and then nothing is read until it ends.
      """, valueName: "MB"))
  var walLimit: Int64 = 1000

  @Option(
    help: ArgumentHelp(
      """
      How many messages that are no posts are kept, the latest ones: a number, bytes such as 64MB and \
      an age such as 30d, with commas between; or all.
      """, valueName: "limits"))
  var rejectedKeep = RejectedRetention.standard

  @Option(
    help: ArgumentHelp(
      "A topic to send messages to, besides, that are no posts, with the reason in headers.",
      valueName: "topic"))
  var deadLetterTopic: String?

  @Option(
    help: ArgumentHelp(
      "How long to wait for Kafka when starting: 500ms, 10s, 2m.", valueName: "time"))
  var timeout = TimeSpan.seconds(10)

  @Option(
    name: .customShort("X"), parsing: .singleValue,
    help: ArgumentHelp("A setting for librdkafka; may be repeated.", valueName: "key=value"))
  var settings: [String] = []

  static func main() {
    StandardStreams.secure()
    main(nil)
  }

  func validate() throws {
    guard (1...1_000_000).contains(batchSize) else {
      throw ValidationError("--batch-size is a number from 1 to 1000000.")
    }
    guard (0...60_000).contains(batchDelay) else {
      throw ValidationError("--batch-delay is a number of milliseconds from 0 to 60000.")
    }
    guard (1...1_000_000).contains(walLimit) else {
      throw ValidationError("--wal-limit is a number of megabytes from 1 to 1000000.")
    }
    guard timeout.duration <= .seconds(3600) else {
      throw ValidationError("--timeout is up to 1h.")
    }
    guard TopicName.isValid(topic) else { throw ValidationError(TopicName.explanation(of: topic)) }
    if let deadLetterTopic {
      guard TopicName.isValid(deadLetterTopic), deadLetterTopic != topic else {
        throw ValidationError("--dead-letter-topic is the name of another topic than --topic.")
      }
    }
    do {
      _ = try kafka()
    } catch let error as KafkaError {
      throw ValidationError(error.message)
    }
  }

  private func kafka() throws -> KafkaConfiguration {
    var kafka = KafkaConfiguration(brokers: brokers)
    for setting in settings { try kafka.set(option: setting) }
    return kafka
  }

  /// Opens the store; one that is locked is waited for, which is said between two tries.
  private func open(
    _ path: String, makesFolder: Bool, report: (IngestEvent) -> Void
  ) throws -> StoreWriter {
    let start = ContinuousClock.now
    var hasWaited = false
    while true {
      let opened = Result {
        try StoreWriter(
          path: path, makesFolder: makesFolder,
          busyTimeout: min(10, lockTimeout.duration / .seconds(1)))
      }
      guard case .failure(let error as StoreError) = opened, error.code == .busy,
        .now - start < lockTimeout.duration, !StopSignal.isReceived
      else {
        if hasWaited, case .success = opened { report(.storeResumed) }
        return try opened.get()
      }
      if !hasWaited { report(.storeWaits(error)) }
      hasWaited = true
    }
  }

  func run() throws {
    let environment = ProcessInfo.processInfo.environment
    let path = db ?? StoreLocation.path(environment: environment)
    StopSignal.install()
    do {
      let console = Console(path: path)
      let store = try open(
        path, makesFolder: path == StoreLocation.standardPath(environment: environment),
        report: { console.show($0) })
      store.rejectedRetention = rejectedKeep
      var configuration = IngestConfiguration(
        topic: topic, start: from, exitAtEnd: exitAtEnd, batchMessages: batchSize,
        batchDelay: .milliseconds(batchDelay), connectTimeout: timeout.duration)
      configuration.lockTimeout = lockTimeout.duration
      configuration.logBytes = walLimit * 1_000_000
      let service = IngestService(
        configuration: configuration,
        consumer: try KafkaConsumer(kafka(), group: group),
        store: store,
        now: { Timestamp(microseconds: Int64(Date().timeIntervalSince1970 * 1_000_000)) },
        shouldStop: { StopSignal.isReceived },
        report: { console.show($0) })
      service.deadLetters = try deadLetterTopic.map {
        try DeadLetters(kafka(), topic: $0, timeout: max(timeout.duration, .seconds(30)))
      }
      try service.run()
      console.finish()
    } catch {
      StandardError.say("social-consumer: \(error)")
      throw ExitCode.failure
    }
  }
}

extension IngestConfiguration.Start: ExpressibleByArgument {}

extension RejectedRetention: ExpressibleByArgument {
  public init?(argument: String) { self.init(argument) }
  public var defaultValueDescription: String { description }
}

extension TimeSpan: ExpressibleByArgument {
  public init?(argument: String) { self.init(argument) }
  public var defaultValueDescription: String { description }
}
