import Kafka
import Posts
import Signals
import SyntheticPosts

/// Publishes messages to a topic.
final class KafkaSink: MessageSink {
  private let producer: KafkaProducer
  private let topic: String
  private let timeout: Duration
  private let gate: LagGate?
  private var value: [UInt8] = []
  private var sinceLastPoll = 0
  private var isUnfinished = false

  /// - Throws: `KafkaError.unreachable` if no broker answers within the timeout.
  init(
    _ configuration: KafkaConfiguration, topic: String, timeout: TimeSpan,
    limit: (lag: Int64, group: String)?
  ) throws {
    producer = try KafkaProducer(configuration)
    self.topic = topic
    self.timeout = .microseconds(timeout.microseconds)
    _ = try producer.partitions(of: topic, timeout: self.timeout)
    gate = try limit.map {
      LagGate(
        try GroupLag(configuration, group: $0.group, topic: topic), group: $0.group,
        limit: $0.lag, timeout: .microseconds(timeout.microseconds))
    }
  }

  var delivered: Int { producer.delivered }
  var failed: Int { producer.failed }
  var showsProgress: Bool { true }

  var obstacle: String? {
    producer.connectionError?.message ?? gate?.obstacle
  }

  var problem: String? {
    let lost = producer.failed + (isUnfinished ? producer.outstanding : 0)
    guard lost > 0 else { return nil }
    let reason = producer.firstFailure ?? producer.connectionError
    return "\(lost) messages were not delivered" + (reason.map { ": \($0)" } ?? "")
  }

  func send(_ message: Message, idle: () -> Void) throws -> Bool {
    while let gate, try !gate.admits(outstanding: producer.outstanding) {
      if StopSignal.isReceived { return false }
      idle()
      try producer.poll(timeout: .milliseconds(20))
    }
    let hasValue = message.encodeValue(into: &value)
    while try produce(message, hasValue: hasValue) == .queueFull {
      if StopSignal.isReceived { return false }
      idle()
      try producer.poll(timeout: .milliseconds(50))
    }
    gate?.pass()
    sinceLastPoll += 1
    if sinceLastPoll >= 1000 {
      sinceLastPoll = 0
      try producer.poll(timeout: .zero)
    }
    return true
  }

  private func produce(
    _ message: Message, hasValue: Bool
  ) throws -> KafkaProducer.SendOutcome {
    let recordTime = message.recordTime
    return try value.withUnsafeBytes { bytes in
      let value = hasValue ? bytes : nil
      guard var key = message.key?.string else { return try send(nil, value, recordTime) }
      return try key.withUTF8 { try send(UnsafeRawBufferPointer($0), value, recordTime) }
    }
  }

  private func send(
    _ key: UnsafeRawBufferPointer?, _ value: UnsafeRawBufferPointer?, _ recordTime: Int64
  ) throws -> KafkaProducer.SendOutcome {
    try producer.send(
      topic: topic, key: key, value: value, timestampMilliseconds: recordTime)
  }

  func wait(_ duration: Duration) throws {
    try producer.poll(timeout: min(duration, .milliseconds(100)))
  }

  func finish(idle: () -> Void) throws {
    // librdkafka gives every message up after `message.timeout.ms`, so that this ends; who has asked
    // to stop does not wait that long.
    var deadline: ContinuousClock.Instant?
    while true {
      if try producer.flush(timeout: .milliseconds(100)) { return }
      idle()
      if StopSignal.isReceived {
        let end = deadline ?? .now + timeout
        deadline = end
        if .now >= end {
          isUnfinished = true
          return
        }
      }
    }
  }
}
