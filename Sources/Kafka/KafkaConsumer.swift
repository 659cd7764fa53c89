import CRDKafka

/// Reads the records of a topic as a member of a consumer group.
///
/// It is confined: one thread at a time may use it, and handlers are called on that thread. `poll`,
/// `close` and every call with a time limit block, so that thread must be one of the caller's own,
/// not one of Swift's cooperative pool.
///
/// Unless the configuration says otherwise nothing is committed by itself, an offset that does not
/// exist comes as `ConsumerEvent.offsetOutOfRange`, and fetched records wait in a queue of 32 MiB.
/// Pulling is the back-pressure: while `poll` is not called, nothing more than that is fetched. It has
/// to be called more often than every `max.poll.interval.ms` (5 minutes), or the group goes on without
/// this member.
public final class KafkaConsumer {
  let callback: RebalanceCallback
  private var client: ClientHandle?
  private var pending: [KafkaError] = []
  /// The partition of the last record, and librdkafka's object for its topic: records come in runs,
  /// and most need no name made.
  private var last: (topic: OpaquePointer, partition: TopicPartition)?

  /// Makes a consumer; it connects in the background.
  ///
  /// - Parameter group: The group whose members share the partitions and whose offsets are committed.
  /// - Throws: If librdkafka does not take the configuration.
  public init(_ configuration: KafkaConfiguration, group: String) throws(KafkaError) {
    let callback = RebalanceCallback()
    self.callback = callback
    client = try ClientHandle(
      RD_KAFKA_CONSUMER, configuration.withDefaults(Self.defaults(group: group)),
      events: Int32(RD_KAFKA_EVENT_OFFSET_COMMIT), prepare: callback.install)
  }

  deinit {
    callback.handler = nil
    try? close()
  }

  static func defaults(group: String) -> [(String, String)] {
    [
      ("group.id", group),
      ("enable.auto.commit", "false"),
      ("enable.auto.offset.store", "false"),
      ("enable.partition.eof", "true"),
      ("auto.offset.reset", "error"),
      // After a kill the group gives the partitions away only when the session is over.
      ("session.timeout.ms", "10000"),
      // A second of posts at the rates that a store takes: librdkafka looks after a full queue once a second.
      ("queued.max.messages.kbytes", "32768"),
      ("fetch.max.bytes", "16777216"),
      ("socket.keepalive.enable", "true"),
    ]
  }

  /// The client, unless the consumer is closed.
  func open() throws(KafkaError) -> ClientHandle {
    guard let client else { throw .closed }
    return client
  }

  /// Joins the group; partitions are given to the handler in a later `poll`.
  public func subscribe(_ topic: String, rebalance: RebalanceHandler) throws(KafkaError) {
    let client = try open()
    callback.handler = rebalance
    let list = TopicPartitionList([TopicPartition(topic: topic, partition: -1)])
    let code = list.withPointer { rd_kafka_subscribe(client.pointer, $0) }
    guard code == RD_KAFKA_RESP_ERR_NO_ERROR else { throw client.explain(code) }
  }

  /// Hands events over one by one, and calls the rebalance handler between them.
  ///
  /// A rebalance is therefore never behind a record that was fetched earlier, which it could be if
  /// librdkafka were asked for many records at once. The price is some 0.1 µs a record.
  ///
  /// - Parameters:
  ///   - max: The most events to hand over, above 0.
  ///   - timeout: How long to wait for the first event. Further ones are taken only if they are there.
  ///   - each: Called with each event. When it throws, the event it threw at counts as read.
  /// - Returns: How many events were handed over.
  /// - Throws: What `each` or the rebalance handler throws; `KafkaError` if the consumer is closed.
  @discardableResult
  public func poll(
    max: Int, timeout: Duration, each: (ConsumerEvent) throws -> Void
  ) throws -> Int {
    precondition(max > 0, "a poll for no event would wait in vain")
    let client = try open()
    var count = 0
    collectFailures(client)
    while count < max, !pending.isEmpty {
      count += 1
      try each(.failure(pending.removeFirst()))
    }
    var wait = count == 0 ? timeout.wholeMilliseconds : 0
    while count < max {
      let message = rd_kafka_consumer_poll(client.pointer, wait)
      defer { if let message { rd_kafka_message_destroy(message) } }
      if let error = callback.thrown {
        callback.thrown = nil
        throw error
      }
      guard let message else { break }
      wait = 0
      count += 1
      try each(event(message, client))
    }
    return count
  }

  private func collectFailures(_ client: ClientHandle) {
    while client.serveEvent(
      milliseconds: 0,
      { event, type in
        if type == RD_KAFKA_EVENT_ERROR {
          pending.append(client.error(of: event))
        } else if type == RD_KAFKA_EVENT_OFFSET_COMMIT {
          let code = rd_kafka_event_error(event)
          if code != RD_KAFKA_RESP_ERR_NO_ERROR { pending.append(KafkaError(code, nil)) }
        }
      })
    {}
    if !callback.failures.isEmpty {
      pending += callback.failures
      callback.failures = []
    }
  }

  private func event(
    _ message: UnsafeMutablePointer<rd_kafka_message_t>, _ client: ClientHandle
  ) -> ConsumerEvent {
    switch message.pointee.err {
    case RD_KAFKA_RESP_ERR_NO_ERROR:
      return .record(RecordView(topicPartition: partition(of: message), message: message))
    case RD_KAFKA_RESP_ERR__PARTITION_EOF:
      let partition = partition(of: message)
      // Where `StartPosition.end` and the like have led to, should the partition start once more.
      callback.starts[partition] = message.pointee.offset
      return .endOfPartition(partition, offset: message.pointee.offset)
    case RD_KAFKA_RESP_ERR__AUTO_OFFSET_RESET:
      let offset = message.pointee.offset
      return .offsetOutOfRange(partition(of: message), offset: offset < 0 ? nil : offset)
    case let code:
      let text = rd_kafka_message_errstr(message).map(client.shown)
      let hasPartition = message.pointee.rkt != nil && message.pointee.partition >= 0
      return .failure(
        KafkaError(code, text, topicPartition: hasPartition ? partition(of: message) : nil))
    }
  }

  private func partition(of message: UnsafeMutablePointer<rd_kafka_message_t>) -> TopicPartition {
    let (topic, number) = (message.pointee.rkt, message.pointee.partition)
    if let last, last.topic == topic {
      if last.partition.partition == number { return last.partition }
    }
    let partition = TopicPartition(
      topic: topic.map { String(cString: rd_kafka_topic_name($0)) } ?? "", partition: number)
    if let topic { last = (topic, partition) }
    return partition
  }

  /// Leaves the group after calling the handler for what is revoked, and frees everything. A second
  /// call does nothing.
  ///
  /// It takes some milliseconds; without a broker at most `session.timeout.ms` (10 s unless configured).
  ///
  /// - Throws: What the handler throws; the consumer is closed all the same.
  public func close() throws {
    guard let client else { return }
    let code = rd_kafka_consumer_close(client.pointer)
    self.client = nil
    callback.handler = nil
    last = nil
    if let error = callback.thrown {
      callback.thrown = nil
      throw error
    }
    if code != RD_KAFKA_RESP_ERR_NO_ERROR { throw KafkaError(code, nil) }
  }
}
