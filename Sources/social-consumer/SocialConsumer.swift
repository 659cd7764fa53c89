import ArgumentParser
import Foundation
import Ingest
import Kafka
import Logging
import Logs
import Monitoring
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
        social-consumer --config kafka.properties --log-format json --metrics-port 9464

      A property of librdkafka is taken from the file of --config, over that from the environment, over \
      that from --brokers and -X. Passwords belong into the file or the environment: other users can read \
      command lines.

      Environment:
        SOCIALQ_DB          the store, unless --db names it
        SOCIALQ_KAFKA_...   properties of librdkafka: SOCIALQ_KAFKA_SASL_PASSWORD is sasl.password
      """)

  @Option(
    help: ArgumentHelp(
      "Where Kafka is: host:port, several with commas. Default: localhost:9092.", valueName: "list")
  )
  var brokers: String?

  @Option(
    help: ArgumentHelp(
      "A file of properties for librdkafka, a line each: name=value.", valueName: "file"))
  var config: String?

  @Option(help: "The topic to read.")
  var topic = "social_media"

  @Option(
    help: ArgumentHelp(
      """
      The consumer group; its members share the partitions. Default: social-media-consumer-group.
      """, valueName: "group"))
  var group: String?

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

  @Option(
    help: ArgumentHelp(
      "What is told on standard error: \(Self.levels). Default: info.", valueName: "level"),
    transform: Self.level)
  var logLevel: Logger.Level?

  @Option(help: ArgumentHelp("How: text or json, an object a line.", valueName: "format"))
  var logFormat = LogFormat.text

  @Option(
    help: ArgumentHelp(
      "Serve /healthz, /readyz and /metrics at this port of 127.0.0.1; 0 is any that is free.",
      valueName: "port"))
  var metricsPort: Int?

  private static let levels = Logger.Level.allCases.map(\.rawValue).joined(separator: ", ")

  private static func level(_ text: String) throws -> Logger.Level {
    guard let level = Logger.Level(rawValue: text) else {
      throw ValidationError("--log-level is one of \(levels).")
    }
    return level
  }

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
    if let metricsPort, !(0...65_535).contains(metricsPort) {
      throw ValidationError("--metrics-port is a number from 0 to 65535.")
    }
    if group?.isEmpty == true { throw ValidationError("--group is a name, and not empty.") }
    guard TopicName.isValid(topic) else { throw ValidationError(TopicName.explanation(of: topic)) }
    if let deadLetterTopic {
      guard TopicName.isValid(deadLetterTopic) else {
        throw ValidationError(
          "--dead-letter-topic: \(TopicName.explanation(of: deadLetterTopic)).")
      }
      guard deadLetterTopic != topic else {
        throw ValidationError("--dead-letter-topic is the name of another topic than --topic.")
      }
    }
  }

  /// The settings from all places. It is called once, since a file may be a pipe.
  private func kafka() throws -> KafkaConfiguration {
    do {
      return try KafkaConfiguration(
        brokers: brokers, group: group, file: config,
        environment: ProcessInfo.processInfo.environment, options: settings)
    } catch {
      throw ValidationError(error.message)
    }
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
    var kafka = try kafka()
    // Who asks librdkafka for its debug log is to see it.
    let level = logLevel ?? (kafka.isDebugging ? .debug : .info)
    let console = Console(format: logFormat, level: level)
    kafka.log = console.logOfClients
    do {
      try takeIn(path, environment, kafka, level, console)
      console.finish()
    } catch {
      console.fail(error)
      throw ExitCode.failure
    }
  }

  private func takeIn(
    _ path: String, _ environment: [String: String], _ kafka: KafkaConfiguration,
    _ level: Logger.Level, _ console: Console
  ) throws {
    let metrics = IngestMetrics()
    let server = try metricsPort.map { port in
      try MetricsServer(
        port: port, metrics: metrics, store: path, version: programVersion,
        logger: Logger(label: "metrics") { _ in
          StandardErrorLog(format: logFormat, level: max(level, .warning))
        })
    }
    defer { server?.stop() }
    let report: (IngestEvent) -> Void = { event in
      metrics.note(event)
      console.show(event)
    }
    console.log(.info, "storing to \(path)", ["event": "started", "store": "\(path)"])
    if let server {
      console.log(
        .info, "metrics at http://127.0.0.1:\(server.port)/metrics",
        ["event": "metrics", "port": .stringConvertible(server.port)])
    }
    if let config, let warning = KafkaConfiguration.warning(aboutFile: config) {
      console.log(.warning, warning, ["event": "config"])
    }
    let store = try open(
      path, makesFolder: path == StoreLocation.standardPath(environment: environment),
      report: report)
    store.rejectedRetention = rejectedKeep
    var configuration = IngestConfiguration(
      topic: topic, start: from, exitAtEnd: exitAtEnd, batchMessages: batchSize,
      batchDelay: .milliseconds(batchDelay), connectTimeout: timeout.duration)
    configuration.lockTimeout = lockTimeout.duration
    configuration.logBytes = walLimit * 1_000_000
    let service = IngestService(
      configuration: configuration,
      consumer: try KafkaConsumer(kafka, group: "social-media-consumer-group"),
      store: store,
      now: { Timestamp.now },
      shouldStop: {
        metrics.turn()
        return StopSignal.isReceived
      },
      report: report)
    service.deadLetters = try deadLetterTopic.map {
      try DeadLetters(kafka, topic: $0, timeout: max(timeout.duration, .seconds(30)))
    }
    try service.run()
  }
}

extension IngestConfiguration.Start: ExpressibleByArgument {}

extension LogFormat: ExpressibleByArgument {}

extension RejectedRetention: ExpressibleByArgument {
  public init?(argument: String) { self.init(argument) }
  public var defaultValueDescription: String { description }
}

extension TimeSpan: ExpressibleByArgument {
  public init?(argument: String) { self.init(argument) }
  public var defaultValueDescription: String { description }
}
