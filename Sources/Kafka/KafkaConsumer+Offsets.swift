import CRDKafka

extension KafkaConsumer {
  /// The partitions that are assigned to the consumer, in order; none once it is closed.
  public var assignment: [TopicPartition] {
    guard let client = try? open() else { return [] }
    var pointer: UnsafeMutablePointer<rd_kafka_topic_partition_list_t>?
    guard rd_kafka_assignment(client.pointer, &pointer) == RD_KAFKA_RESP_ERR_NO_ERROR,
      let pointer
    else { return [] }
    let list = TopicPartitionList(owning: pointer)
    return list.elements.map(\.0).sorted()
  }

  /// Goes on reading an assigned partition from elsewhere; records fetched before are dropped. It
  /// may be called inside `poll`, but not by a rebalance handler.
  ///
  /// After `ConsumerEvent.offsetOutOfRange` this is also what makes the partition move again; other
  /// partitions may then tell their end once more. One that has no leader goes on when it has one.
  public func seek(
    _ partition: TopicPartition, to position: StartPosition
  ) throws(KafkaError) {
    let client = try open()
    let offset = try position.rawOffset(of: partition)
    guard callback.starts[partition] != nil else {
      throw KafkaError(
        RD_KAFKA_RESP_ERR__STATE, "the partition is not assigned to this consumer",
        topicPartition: partition)
    }
    let list = TopicPartitionList(offsets: [partition: offset])
    // It is librdkafka's own thread that answers, and no broker.
    let error = list.withPointer { rd_kafka_seek_partitions(client.pointer, $0, 10_000) }
    if let error {
      let failure = KafkaError(owning: error, topicPartition: partition)
      // librdkafka 2.0 says so now and then, and long before the time is up, while a topic is made anew.
      guard failure.code == RD_KAFKA_RESP_ERR__TIMED_OUT.rawValue else { throw failure }
      return try callback.restart(partition, at: offset, client.pointer)
    }
    // librdkafka seeks only while a partition is being fetched, and never to a committed offset.
    let code = list.elements[0].1.err
    if code == RD_KAFKA_RESP_ERR__STATE || code == RD_KAFKA_RESP_ERR__INVALID_ARG {
      try callback.restart(partition, at: offset, client.pointer)
    } else {
      try list.throwPartitionError()
      callback.starts[partition] = offset
    }
  }

  /// Stops reading some assigned partitions; a rebalance may make them read again.
  public func pause(_ partitions: [TopicPartition]) throws(KafkaError) {
    let client = try open()
    let list = TopicPartitionList(partitions)
    let code = list.withPointer { rd_kafka_pause_partitions(client.pointer, $0) }
    guard code == RD_KAFKA_RESP_ERR_NO_ERROR else { throw client.explain(code) }
    try list.throwPartitionError()
    callback.paused.formUnion(partitions)
  }

  /// Goes on reading partitions that were paused.
  public func resume(_ partitions: [TopicPartition]) throws(KafkaError) {
    let client = try open()
    let list = TopicPartitionList(partitions)
    let code = list.withPointer { rd_kafka_resume_partitions(client.pointer, $0) }
    guard code == RD_KAFKA_RESP_ERR_NO_ERROR else { throw client.explain(code) }
    try list.throwPartitionError()
    callback.paused.subtract(partitions)
  }

  /// Tells the group where each partition is to be read on: the offset after the last one done with.
  ///
  /// - Parameters:
  ///   - wait: Whether to wait for the broker's answer. If not, a failure comes as
  ///     `ConsumerEvent.failure` in a later poll.
  ///   - timeout: How long to wait at most.
  public func commit(
    _ offsets: [TopicPartition: Int64], wait: Bool, timeout: Duration = .seconds(10)
  ) throws(KafkaError) {
    let client = try open()
    guard !offsets.isEmpty else { return }
    let list = TopicPartitionList(offsets: offsets)
    // rd_kafka_commit has no time limit; a queue of its own for the answer gives it one.
    let queue = wait ? rd_kafka_queue_new(client.pointer) : client.events
    defer { if wait { rd_kafka_queue_destroy(queue) } }
    let code = list.withPointer {
      rd_kafka_commit_queue(client.pointer, $0, queue, nil, nil)
    }
    guard code == RD_KAFKA_RESP_ERR_NO_ERROR else { throw client.explain(code) }
    guard wait else { return }
    guard let event = rd_kafka_queue_poll(queue, timeout.wholeMilliseconds) else {
      throw client.explain(RD_KAFKA_RESP_ERR__TIMED_OUT)
    }
    defer { rd_kafka_event_destroy(event) }
    let outcome = rd_kafka_event_error(event)
    guard outcome == RD_KAFKA_RESP_ERR_NO_ERROR else { throw client.explain(outcome) }
    for (partition, element) in rd_kafka_event_topic_partition_list(event)?.elements ?? []
    where element.err != RD_KAFKA_RESP_ERR_NO_ERROR {
      throw KafkaError(element.err, nil, topicPartition: partition)
    }
  }

  /// The offsets that the group has committed; partitions without one are left out.
  public func committed(
    _ partitions: [TopicPartition], timeout: Duration
  ) throws(KafkaError) -> [TopicPartition: Int64] {
    try open().committed(partitions, timeout: timeout)
  }

  /// The offsets of a partition's oldest record and of the record that is written next.
  public func watermarks(
    _ partition: TopicPartition, timeout: Duration
  ) throws(KafkaError) -> (low: Int64, high: Int64) {
    try open().watermarks(partition, timeout: timeout)
  }

  /// The same as the client last heard of them in passing, without asking a broker; nil before then.
  public func cachedWatermarks(_ partition: TopicPartition) -> (low: Int64, high: Int64)? {
    var (low, high): (Int64, Int64) = (-1, -1)
    guard let client = try? open(),
      rd_kafka_get_watermark_offsets(
        client.pointer, partition.topic, partition.partition, &low, &high)
        == RD_KAFKA_RESP_ERR_NO_ERROR, high >= 0
    else { return nil }
    return (max(0, low), high)
  }

  /// The numbers of a topic's partitions, which also tells whether Kafka and the topic are there.
  ///
  /// - Throws: `KafkaError.unreachable` if no broker answers within `timeout`; an error whose
  ///   `isUnknownTopic` is true if there is no such topic.
  public func partitions(of topic: String, timeout: Duration) throws(KafkaError) -> [Int32] {
    try open().partitions(of: topic, timeout: timeout)
  }
}
