import CRDKafka

/// One partition of one topic.
///
/// Topic names hold only ASCII letters, digits, `.`, `_` and `-`, so that `String` tells them apart.
public struct TopicPartition: Hashable, Sendable {
  /// The name of the topic.
  public var topic: String
  /// The number of the partition, from 0.
  public var partition: Int32

  /// A partition by its topic and number.
  public init(topic: String, partition: Int32) {
    self.topic = topic
    self.partition = partition
  }
}

extension TopicPartition: CustomStringConvertible {
  /// The partition as `social_media[3]`.
  public var description: String { "\(topic)[\(partition)]" }
}

extension TopicPartition: Comparable {
  public static func < (a: TopicPartition, b: TopicPartition) -> Bool {
    (a.topic, a.partition) < (b.topic, b.partition)
  }
}

/// Where to read a partition from.
public enum StartPosition: Hashable, Sendable {
  /// The record of this offset, which is not negative, or the first one after it.
  case offset(Int64)
  /// The oldest record there is.
  case beginning
  /// The record that is written next.
  case end
  /// Where the group has committed to; `ConsumerEvent.offsetOutOfRange` follows if it has not.
  case committed

  func rawOffset(of partition: TopicPartition) throws(KafkaError) -> Int64 {
    switch self {
    case .beginning: return Int64(RD_KAFKA_OFFSET_BEGINNING)
    case .end: return Int64(RD_KAFKA_OFFSET_END)
    case .committed: return Int64(RD_KAFKA_OFFSET_STORED)
    case .offset(let offset):
      // librdkafka gives negative offsets meanings of their own, such as -1 for the end.
      guard offset >= 0 else {
        throw KafkaError(
          RD_KAFKA_RESP_ERR__INVALID_ARG, "\(partition): offset \(offset) is negative",
          topicPartition: partition)
      }
      return offset
    }
  }
}

/// The only owner of a list of partitions of librdkafka.
struct TopicPartitionList: ~Copyable {
  private let pointer: UnsafeMutablePointer<rd_kafka_topic_partition_list_t>

  init(_ partitions: some Collection<TopicPartition>) {
    pointer = rd_kafka_topic_partition_list_new(Int32(partitions.count))
    for partition in partitions {
      rd_kafka_topic_partition_list_add(pointer, partition.topic, partition.partition)
    }
  }

  init(offsets: [TopicPartition: Int64]) {
    pointer = rd_kafka_topic_partition_list_new(Int32(offsets.count))
    for (partition, offset) in offsets {
      rd_kafka_topic_partition_list_add(pointer, partition.topic, partition.partition)
        .pointee.offset = offset
    }
  }

  /// Takes over a list that librdkafka made for its caller.
  init(owning pointer: UnsafeMutablePointer<rd_kafka_topic_partition_list_t>) {
    self.pointer = pointer
  }

  deinit { rd_kafka_topic_partition_list_destroy(pointer) }

  /// Lends the list to a call. A pointer that outlived the expression would not keep the list alive.
  borrowing func withPointer<Result>(
    _ body: (UnsafeMutablePointer<rd_kafka_topic_partition_list_t>) -> Result
  ) -> Result {
    body(pointer)
  }

  /// The partitions of the list, each with librdkafka's entry for it.
  var elements: [(TopicPartition, rd_kafka_topic_partition_t)] { pointer.elements }

  /// The first error that a call has left at one of the partitions.
  func throwPartitionError() throws(KafkaError) {
    for (partition, element) in elements where element.err != RD_KAFKA_RESP_ERR_NO_ERROR {
      throw KafkaError(element.err, nil, topicPartition: partition)
    }
  }
}

extension UnsafeMutablePointer where Pointee == rd_kafka_topic_partition_list_t {
  /// The partitions of the list, each with librdkafka's entry for it.
  var elements: [(TopicPartition, rd_kafka_topic_partition_t)] {
    (0..<Int(pointee.cnt)).map { index in
      let element = pointee.elems[index]
      let partition = TopicPartition(
        topic: String(cString: element.topic), partition: element.partition)
      return (partition, element)
    }
  }
}

extension Duration {
  /// The whole milliseconds of a time-out, within what librdkafka takes; part of one counts as one.
  var wholeMilliseconds: Int32 {
    let (seconds, attoseconds) = components
    guard seconds >= 0, attoseconds >= 0 else { return 0 }
    guard seconds < 2_000_000 else { return 2_000_000_000 }
    return Int32(seconds * 1000 + (attoseconds + 999_999_999_999_999) / 1_000_000_000_000_000)
  }
}
