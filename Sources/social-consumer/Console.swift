import Foundation
import Ingest
import Kafka
import Logging
import Logs
import PostStore
import Posts
import StandardStreams

/// Tells on standard error what the consumer does: an event of the log for everything out of the ordinary,
/// and its progress, repainted where somebody watches and every few seconds elsewhere.
final class Console {
  private var output = ProgressLine()
  private let logger: Logger
  /// Whether somebody watches, who needs no times and levels.
  private let isWatched: Bool
  private let format: LogFormat
  private let start = ContinuousClock.now
  private var lastTotal: Int64 = 0
  private var progress = IngestProgress()
  private var rate = 0.0
  /// The reasons of rejected messages that were told.
  private var knownReasons: Set<Rejection> = []
  private var lastProblem: (text: String, time: ContinuousClock.Instant)?

  init(format: LogFormat, level: Logger.Level) {
    logger = Logger(label: "social-consumer") { _ in StandardErrorLog(format: format, level: level)
    }
    self.format = format
    isWatched = format == .text && StandardError.isTerminal
  }

  /// Writes an event of the log.
  func log(_ level: Logger.Level, _ text: String, _ metadata: Logger.Metadata = [:]) {
    guard level >= logger.logLevel else { return }
    if isWatched {
      output.say(LogFormat.text.line(level, text, metadata, at: nil))
    } else {
      logger.log(level: level, "\(text)", metadata: metadata)
    }
  }

  /// Takes what librdkafka says of its own work. Errors are told as events besides, so that these lines are
  /// for those who look closer.
  var logOfClients: @Sendable (ClientLogLine) -> Void {
    let (logger, isWatched) = (logger, isWatched)
    return { line in
      let text = "librdkafka \(line.facility): \(line.text)"
      guard isWatched else {
        return logger.debug("\(text)", metadata: ["event": "librdkafka"])
      }
      if logger.logLevel <= .debug {
        StandardError.say(LogFormat.text.line(.debug, text, [:], at: nil))
      }
    }
  }

  func show(_ event: IngestEvent) {
    switch event {
    case .neverWritten(let topic):
      log(
        .warning,
        "the topic '\(topic)' has never had a message: is that its name? A broker that makes topics on demand has just made it",
        ["topic": "\(topic)"])
    case .assigned(let positions):
      let list = positions.sorted { $0.key < $1.key }
      let words = list.map { "\($0.key) from \($0.value)" }
      log(
        .info,
        words.isEmpty ? "reading no partition" : "reading \(words.joined(separator: ", "))",
        [
          "event": "assigned",
          "partitions": .array(
            list.map { ["partition": "\($0.key)", "offset": .stringConvertible($0.value)] }),
        ])
    case .revoked(let partitions):
      guard !partitions.isEmpty else { return }
      log(
        .info, "gave up \(partitions.map(\.description).joined(separator: ", "))",
        ["event": "revoked", "partitions": .array(partitions.map { "\($0)" })])
    case .committed(let progress):
      log(.debug, "a transaction was committed", figures(of: progress, event: "committed"))
      self.progress = progress
      paint()
    case .rejected(let messages): show(messages)
    case .deadLettered(let count):
      log(
        .debug, "\(count) messages sent to the topic for rejected ones",
        ["event": "dead-letter", "messages": .stringConvertible(count)])
    case .missing(let partition, let count, let offset):
      log(
        .warning,
        "\(count) messages of \(partition) expired on the broker before they were read; going on at \(offset)",
        [
          "event": "missing", "partition": "\(partition)", "messages": .stringConvertible(count),
          "offset": .stringConvertible(offset),
        ])
    case .endsEarly(let partition, let position, let end):
      log(
        .warning,
        "\(partition) ends at \(end) on the broker, and was read up to \(position); asking again for some seconds",
        [
          "event": "short", "partition": "\(partition)", "offset": .stringConvertible(position),
          "end": .stringConvertible(end),
        ])
    case .fenced(let partition, let offset):
      log(
        .notice, "\(partition) was moved on by another consumer; going on at \(offset)",
        ["event": "fenced", "partition": "\(partition)", "offset": .stringConvertible(offset)])
    case .storeWaits(let error):
      log(
        .warning, "\(error); nothing is read until then",
        ["event": "paused", "reason": "\(error.code)"])
    case .storeResumed:
      log(.notice, "the store takes messages again; reading goes on", ["event": "resumed"])
    case .refused(let partition, let offset, let error):
      log(
        .warning, "offset \(offset) of \(partition) is rejected: \(error)",
        ["event": "refused", "partition": "\(partition)", "offset": .stringConvertible(offset)])
    case .kafka(let error):
      // The client repeats itself while a broker is away.
      let text = "\(error)"
      if let lastProblem, lastProblem.text == text,
        ContinuousClock.now - lastProblem.time < .seconds(30)
      {
        return
      }
      lastProblem = (text, .now)
      log(.warning, text, ["event": "kafka"])
    }
  }

  /// The first of a reason is told to everybody, further ones to who looks closer: producers that send
  /// nothing right are not to fill a disk.
  private func show(_ messages: RejectedMessages) {
    let level: Logger.Level = knownReasons.insert(messages.reason).inserted ? .notice : .debug
    guard level >= logger.logLevel else { return }
    let (partition, offset) = (messages.partition, messages.offset)
    var metadata: Logger.Metadata = [
      "event": "rejected", "partition": "\(partition)", "offset": .stringConvertible(offset),
      "messages": .stringConvertible(messages.count), "reason": "\(messages.reason)",
    ]
    if let key = messages.key {
      metadata["key"] = .string(String(decoding: key.prefix(200), as: UTF8.self))
    }
    let many = messages.count == 1 ? "a message" : "\(messages.count) messages"
    log(
      level, "\(many) of \(partition) rejected, from offset \(offset) on: \(messages.reason)",
      metadata)
  }

  /// The last event, with the figures of the whole run.
  func finish() {
    let seconds = max(0.001, (ContinuousClock.now - start) / .seconds(1))
    rate = Double(progress.outcomes.total) / seconds
    tell(event: "finished")
  }

  /// Why the consumer ends early.
  func fail(_ error: any Error) {
    if format == .text {
      output.say("social-consumer: \(error)")
    } else {
      log(.critical, "\(error)", ["event": "failed"])
    }
  }

  private func paint() {
    guard let passed = output.takeTurn() else { return }
    let total = progress.outcomes.total
    rate = Double(total - lastTotal) / (passed / .seconds(1))
    lastTotal = total
    if isWatched, logger.logLevel <= .info {
      output.show(summary)
    } else {
      tell(event: "progress")
    }
  }

  private func tell(event: String) {
    var metadata = figures(of: progress, event: event)
    metadata["rate"] = .stringConvertible(Int(rate))
    if isWatched {
      output.say(summary)
    } else {
      log(.info, summary, metadata)
    }
  }

  private func figures(of progress: IngestProgress, event: String) -> Logger.Metadata {
    var figures: Logger.Metadata = [
      "event": "\(event)", "transactions": .stringConvertible(progress.transactions),
      "fenced": .stringConvertible(progress.fenced),
      "missing": .stringConvertible(progress.missing),
    ]
    for outcome in Outcome.allCases {
      figures["\(outcome)"] = .stringConvertible(progress.outcomes[outcome])
    }
    if let lag = progress.lag { figures["lag"] = .stringConvertible(lag) }
    return figures
  }

  private var summary: String {
    let counts = progress.outcomes
    var text = "\(Int(rate)) posts/s"
    for outcome in Outcome.allCases where counts[outcome] > 0 || outcome == .stored {
      text += ", \(counts[outcome]) \(outcome)"
    }
    if progress.fenced > 0 { text += ", \(progress.fenced) fenced" }
    if progress.missing > 0 { text += ", \(progress.missing) missing" }
    if let lag = progress.lag { text += ", lag \(lag)" }
    return text
  }
}
