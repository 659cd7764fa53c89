import CRDKafka

/// Creates topics that keep their records for good at a broker, through librdkafka's own interface.
func createTopics(_ topics: [(name: String, partitions: Int)], at brokers: String) throws {
  guard !topics.isEmpty else { return }
  let conf = rd_kafka_conf_new()
  rd_kafka_conf_set(conf, "bootstrap.servers", brokers, nil, 0)
  rd_kafka_conf_set_log_cb(conf, nil)
  guard let client = rd_kafka_new(RD_KAFKA_PRODUCER, conf, nil, 0) else {
    rd_kafka_conf_destroy(conf)
    throw TestSupportError("no client for \(brokers) could be made")
  }
  defer { rd_kafka_destroy(client) }
  let queue = rd_kafka_queue_new(client)
  defer { rd_kafka_queue_destroy(queue) }

  var requests = topics.map {
    let request = rd_kafka_NewTopic_new($0.name, Int32($0.partitions), 1, nil, 0)
    // Retention goes by the times of the records, which in tests are often long past.
    rd_kafka_NewTopic_set_config(request, "retention.ms", "-1")
    return request
  }
  rd_kafka_CreateTopics(client, &requests, requests.count, nil, queue)
  defer { rd_kafka_NewTopic_destroy_array(&requests, requests.count) }
  guard let event = rd_kafka_queue_poll(queue, 10_000) else {
    throw TestSupportError("\(brokers) did not answer when topics were to be created")
  }
  defer { rd_kafka_event_destroy(event) }
  var problem = rd_kafka_event_error(event)
  var count = 0
  let results = rd_kafka_CreateTopics_result_topics(
    rd_kafka_event_CreateTopics_result(event), &count)
  for index in 0..<count {
    let code = rd_kafka_topic_result_error(results?[index])
    if code != RD_KAFKA_RESP_ERR_NO_ERROR { problem = code }
  }
  guard problem == RD_KAFKA_RESP_ERR_NO_ERROR else {
    throw TestSupportError(
      "topics could not be created at \(brokers): \(String(cString: rd_kafka_err2str(problem)))")
  }
}
