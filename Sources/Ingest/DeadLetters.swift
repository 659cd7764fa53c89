import Kafka
import PostStore

/// Sends messages that are no posts to a topic of their own, besides keeping them in the store.
///
/// They are delivered before the store takes them, so that after a failure some may be there twice, and
/// none is missing. Key, value and record time are those of the message; headers say where it came from
/// and what is wrong with it: `socialq.reason`, `socialq.topic`, `socialq.partition`, `socialq.offset`.
///
/// It is confined to the thread of the service that uses it.
public final class DeadLetters {
  private let producer: KafkaProducer
  private let topic: String
  private let timeout: Duration

  /// A way to a topic, which has to be there.
  ///
  /// - Parameters:
  ///   - configuration: Where Kafka is.
  ///   - topic: The topic.
  ///   - timeout: How long to wait for the broker when starting, and for the delivery of a batch.
  /// - Throws: `KafkaError`.
  public init(
    _ configuration: KafkaConfiguration, topic: String, timeout: Duration
  ) throws(KafkaError) {
    var configuration = configuration
    // What the one topic took the other is to be asked to take.
    configuration.set("message.max.bytes", to: "1000000000")
    producer = try KafkaProducer(configuration)
    self.topic = topic
    self.timeout = timeout
    _ = try producer.partitions(of: topic, timeout: timeout)
  }

  /// Sends the rejected messages of a batch, and waits until all of them are delivered.
  ///
  /// - Returns: How many there were.
  /// - Throws: `IngestError.deadLetters`.
  func send(_ batch: [PartitionStretch]) throws -> Int {
    let before = producer.delivered
    do throws(KafkaError) {
      // What has happened since is taken in even if there is nothing to send.
      try producer.poll(timeout: .zero)
      for stretch in batch {
        for message in stretch.messages { try send(message, of: stretch.partition) }
      }
      guard try producer.flush(timeout: timeout), producer.failed == 0 else {
        let reason = producer.firstFailure ?? producer.connectionError
        throw reason ?? .unreachable(brokers: "the brokers")
      }
    } catch {
      throw IngestError.deadLetters(topic: topic, error)
    }
    return producer.delivered - before
  }

  private func send(_ message: IncomingMessage, of partition: PartitionID) throws(KafkaError) {
    guard case .rejected(let rejection, let key, let value) = message.content else { return }
    let headers = [
      ("socialq.reason", "\(rejection)"), ("socialq.topic", partition.topic),
      ("socialq.partition", "\(partition.partition)"), ("socialq.offset", "\(message.offset)"),
    ].map { (name: $0.0, value: Array($0.1.utf8)) }
    let time = message.recordMilliseconds > 0 ? message.recordMilliseconds : nil
    let deadline = ContinuousClock.now + timeout
    while true {
      let outcome = try withBytes(key) { (key) throws(KafkaError) in
        try withBytes(value) { (value) throws(KafkaError) in
          try producer.send(
            topic: topic, key: key, value: value, headers: headers, timestampMilliseconds: time)
        }
      }
      guard case .queueFull = outcome else { return }
      guard .now < deadline else {
        throw producer.connectionError ?? .unreachable(brokers: "the brokers")
      }
      try producer.poll(timeout: .milliseconds(100))
    }
  }
}

/// Lends bytes to a call.
private func withBytes<Result>(
  _ bytes: [UInt8]?, _ body: (UnsafeRawBufferPointer?) throws(KafkaError) -> Result
) throws(KafkaError) -> Result {
  guard let bytes else { return try body(nil) }
  let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: bytes.count, alignment: 1)
  defer { buffer.deallocate() }
  buffer.copyBytes(from: bytes)
  return try body(UnsafeRawBufferPointer(buffer))
}
