import CRDKafka

/// Changes the topics of a broker through librdkafka's own interface.
public final class TopicAdministration {
  private let brokers: String
  private let client: OpaquePointer
  private let queue: OpaquePointer?

  /// A client of a broker.
  public init(brokers: String) throws {
    let conf = rd_kafka_conf_new()
    rd_kafka_conf_set(conf, "bootstrap.servers", brokers, nil, 0)
    rd_kafka_conf_set_log_cb(conf, nil)
    guard let client = rd_kafka_new(RD_KAFKA_PRODUCER, conf, nil, 0) else {
      rd_kafka_conf_destroy(conf)
      throw TestSupportError("no client for \(brokers) could be made")
    }
    self.brokers = brokers
    self.client = client
    queue = rd_kafka_queue_new(client)
  }

  deinit {
    rd_kafka_queue_destroy(queue)
    rd_kafka_destroy(client)
  }

  /// Creates topics that keep their records for good.
  public func create(_ topics: [(name: String, partitions: Int)]) throws {
    guard !topics.isEmpty else { return }
    var requests = topics.map {
      let request = rd_kafka_NewTopic_new($0.name, Int32($0.partitions), 1, nil, 0)
      // Retention goes by the times of the records, which in tests are often long past.
      rd_kafka_NewTopic_set_config(request, "retention.ms", "-1")
      return request
    }
    defer { rd_kafka_NewTopic_destroy_array(&requests, requests.count) }
    rd_kafka_CreateTopics(client, &requests, requests.count, nil, queue)
    try expectSuccess { event, count in
      rd_kafka_CreateTopics_result_topics(rd_kafka_event_CreateTopics_result(event), &count)
    }
  }

  /// Deletes a topic.
  public func delete(_ topic: String) throws {
    var requests = [rd_kafka_DeleteTopic_new(topic)]
    defer { rd_kafka_DeleteTopic_destroy_array(&requests, requests.count) }
    rd_kafka_DeleteTopics(client, &requests, requests.count, nil, queue)
    try expectSuccess { event, count in
      rd_kafka_DeleteTopics_result_topics(rd_kafka_event_DeleteTopics_result(event), &count)
    }
  }

  /// Gives a topic more partitions, so many in all.
  public func grow(_ topic: String, to partitions: Int) throws {
    var requests = [rd_kafka_NewPartitions_new(topic, partitions, nil, 0)]
    defer { rd_kafka_NewPartitions_destroy_array(&requests, requests.count) }
    rd_kafka_CreatePartitions(client, &requests, requests.count, nil, queue)
    try expectSuccess { event, count in
      rd_kafka_CreatePartitions_result_topics(
        rd_kafka_event_CreatePartitions_result(event), &count)
    }
  }

  private func expectSuccess(
    _ results: (_ event: OpaquePointer, _ count: inout Int)
      -> UnsafeMutablePointer<OpaquePointer?>?
  ) throws {
    guard let event = rd_kafka_queue_poll(queue, 10_000) else {
      throw TestSupportError("\(brokers) did not answer when topics were to be changed")
    }
    defer { rd_kafka_event_destroy(event) }
    var problem = rd_kafka_event_error(event)
    var count = 0
    let topics = results(event, &count)
    for index in 0..<count {
      let code = rd_kafka_topic_result_error(topics?[index])
      if code != RD_KAFKA_RESP_ERR_NO_ERROR { problem = code }
    }
    guard problem == RD_KAFKA_RESP_ERR_NO_ERROR else {
      throw TestSupportError(
        "topics could not be changed at \(brokers): \(String(cString: rd_kafka_err2str(problem)))")
    }
  }
}

/// Publishes values in transactions, each with a key, of which some are aborted.
///
/// - Parameter transactions: What each holds, and whether it is committed.
public func publish(
  _ transactions: [(records: [(key: String, value: [UInt8])], isCommitted: Bool)],
  to topic: String, at brokers: String
) throws {
  let conf = rd_kafka_conf_new()
  for (name, value) in [
    ("bootstrap.servers", brokers), ("transactional.id", "test"), ("partitioner", "murmur2"),
  ] {
    rd_kafka_conf_set(conf, name, value, nil, 0)
  }
  rd_kafka_conf_set_log_cb(conf, nil)
  guard let client = rd_kafka_new(RD_KAFKA_PRODUCER, conf, nil, 0) else {
    rd_kafka_conf_destroy(conf)
    throw TestSupportError("no producer for \(brokers) could be made")
  }
  defer { rd_kafka_destroy(client) }
  func check(_ error: OpaquePointer?) throws {
    guard let error else { return }
    defer { rd_kafka_error_destroy(error) }
    throw TestSupportError("transaction: \(String(cString: rd_kafka_error_string(error)))")
  }
  try check(rd_kafka_init_transactions(client, 10_000))
  let handle = rd_kafka_topic_new(client, topic, nil)
  defer { rd_kafka_topic_destroy(handle) }
  for (records, isCommitted) in transactions {
    try check(rd_kafka_begin_transaction(client))
    for var (key, value) in records {
      let failed = key.withUTF8 { key in
        value.withUnsafeMutableBytes { value in
          rd_kafka_produce(
            handle, RD_KAFKA_PARTITION_UA, RD_KAFKA_MSG_F_COPY, value.baseAddress, value.count,
            key.baseAddress, key.count, nil)
        }
      }
      guard failed == 0 else { throw TestSupportError("a record could not be sent") }
    }
    rd_kafka_flush(client, 10_000)
    try check(
      isCommitted
        ? rd_kafka_commit_transaction(client, 10_000)
        : rd_kafka_abort_transaction(client, 10_000))
  }
}
