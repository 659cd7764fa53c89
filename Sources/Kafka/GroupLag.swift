import CRDKafka

/// Tells how far a consumer group is behind the end of a topic, without being a member of it.
///
/// It is confined to one thread at a time like `KafkaConsumer`, and its calls block.
public final class GroupLag {
  private let client: ClientHandle
  private let topic: String

  /// Prepares to ask about a group and a topic; it connects in the background.
  ///
  /// - Throws: If librdkafka does not take the configuration.
  public init(
    _ configuration: KafkaConfiguration, group: String, topic: String
  ) throws(KafkaError) {
    var configuration = configuration
    // Its events are looked at only when something fails: lines of a log would pile up.
    configuration.log = nil
    client = try ClientHandle(
      RD_KAFKA_CONSUMER, configuration.withDefaults(KafkaConsumer.defaults(group: group)))
    self.topic = topic
  }

  /// How many records the group has not committed yet, over all partitions. Records that retention
  /// has removed do not count; the partitions are asked one after another, so that on a busy topic
  /// the sum is of slightly different moments.
  ///
  /// - Parameter timeout: The limit of each of the questions, of which there are two and one for
  ///   each partition.
  /// - Throws: As `KafkaConsumer.partitions(of:timeout:)` does.
  public func records(timeout: Duration) throws(KafkaError) -> Int64 {
    let partitions = try client.partitions(of: topic, timeout: timeout)
      .map { TopicPartition(topic: topic, partition: $0) }
    let committed = try client.committed(partitions, timeout: timeout)
    var lag: Int64 = 0
    for partition in partitions {
      let (low, high) = try client.watermarks(partition, timeout: timeout)
      lag += max(0, high - max(committed[partition] ?? low, low))
    }
    return lag
  }
}
