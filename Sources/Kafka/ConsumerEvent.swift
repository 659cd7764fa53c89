import CRDKafka

/// What a consumer is told in a poll.
public enum ConsumerEvent {
  /// A record, in librdkafka's own memory; see `RecordView` for how long it may be looked at.
  case record(RecordView)
  /// Every record of the partition there is so far has been read; `offset` will be the next one's.
  case endOfPartition(TopicPartition, offset: Int64)
  /// There is no record at the offset to read from: retention has removed it, the topic was made
  /// anew, or nothing is committed, when the offset is nil. The partition stands still until `seek`.
  case offsetOutOfRange(TopicPartition, offset: Int64?)
  /// A failure. The consumer goes on by itself unless the error is fatal.
  case failure(KafkaError)
}

/// A look at one record where librdkafka keeps it.
///
/// It is valid only until the closure it was passed to returns; what is needed later must be copied.
public struct RecordView {
  /// Which partition the record is in.
  public let topicPartition: TopicPartition
  let message: UnsafeMutablePointer<rd_kafka_message_t>

  /// The number of the record in its partition.
  public var offset: Int64 { message.pointee.offset }

  /// When the record was made or stored, as the topic is configured, in milliseconds since 1970;
  /// −1 if it does not say.
  public var timestampMilliseconds: Int64 {
    var type = RD_KAFKA_TIMESTAMP_NOT_AVAILABLE
    return rd_kafka_message_timestamp(message, &type)
  }

  /// The key; nil if the record has none, which is not the same as an empty one.
  public var key: UnsafeRawBufferPointer? {
    message.pointee.key.map { UnsafeRawBufferPointer(start: $0, count: message.pointee.key_len) }
  }

  /// The value; nil in a tombstone, which is not the same as an empty one.
  public var value: UnsafeRawBufferPointer? {
    message.pointee.payload.map { UnsafeRawBufferPointer(start: $0, count: message.pointee.len) }
  }
}

/// What a consumer does when the group gives it partitions or takes them.
///
/// Both closures run inside `poll` or `close`, on the thread that called it, and between two events:
/// never is a record of a partition seen after the partition was revoked.
public struct RebalanceHandler {
  /// Says where to read partitions from that the consumer is given; one that is left out is read
  /// from `StartPosition.committed`.
  public var assigned: ([TopicPartition]) throws -> [TopicPartition: StartPosition]
  /// Called before partitions are taken, while their offsets can still be committed, unless `lost`:
  /// then another consumer may own them already.
  public var revoked: (_ partitions: [TopicPartition], _ lost: Bool) throws -> Void

  /// A handler of two closures. What one throws is thrown by the `poll` or `close` that called it;
  /// the consumer then reads nothing and should be closed.
  public init(
    assigned: @escaping ([TopicPartition]) throws -> [TopicPartition: StartPosition],
    revoked: @escaping (_ partitions: [TopicPartition], _ lost: Bool) throws -> Void = { _, _ in }
  ) {
    self.assigned = assigned
    self.revoked = revoked
  }
}
