import CRDKafka

/// Writes records to Kafka.
///
/// It is confined: one thread at a time may use it. `poll` and `flush` block, so that thread must be
/// one of the caller's own, not one of Swift's cooperative pool.
///
/// A record is in one of three states: accepted (in a local queue of bounded size), delivered (all
/// in-sync replicas have it) or failed. `poll` has to be called every so often, as only it counts
/// records as delivered or failed and makes room in the queue.
///
/// Unless the configuration says otherwise records are written exactly once and in order
/// (`acks=all`, `enable.idempotence`), compressed with LZ4, and assigned to partitions by key as the
/// Java client does it.
public final class KafkaProducer {
  /// What became of a record that was handed over.
  public enum SendOutcome: Sendable {
    /// The record is in the queue; a delivery report will come.
    case accepted
    /// The queue is full and the record was not taken: call `poll`, then send it again.
    case queueFull
  }

  /// How many records all in-sync replicas have confirmed.
  public private(set) var delivered = 0
  /// How many records were given up on.
  public private(set) var failed = 0
  /// Why the first of the failed records failed, and in which partition.
  public private(set) var firstFailure: KafkaError?

  /// How many records were taken into the queue.
  private var accepted = 0
  private let client: ClientHandle
  private var topic: (name: String, handle: OpaquePointer)?
  /// The arguments of every call: topic, flags, key, value, timestamp, headers.
  private let arguments: UnsafeMutablePointer<rd_kafka_vu_t>
  private let reports: UnsafeMutableBufferPointer<UnsafePointer<rd_kafka_message_t>?>
  /// What an empty key or value points to, as a null pointer would make it null.
  private let nothing: UnsafeMutableRawPointer

  /// Makes a producer; it connects in the background.
  ///
  /// - Throws: If librdkafka does not take the configuration.
  public init(_ configuration: KafkaConfiguration) throws(KafkaError) {
    client = try ClientHandle(
      RD_KAFKA_PRODUCER, configuration.withDefaults(Self.defaults(for: configuration)),
      events: Int32(RD_KAFKA_EVENT_DR))
    arguments = .allocate(capacity: 6)
    arguments.initialize(repeating: rd_kafka_vu_t(), count: 6)
    arguments[0].vtype = RD_KAFKA_VTYPE_RKT
    arguments[1].vtype = RD_KAFKA_VTYPE_MSGFLAGS
    arguments[1].u.i = Int32(RD_KAFKA_MSG_F_COPY)
    arguments[2].vtype = RD_KAFKA_VTYPE_KEY
    arguments[3].vtype = RD_KAFKA_VTYPE_VALUE
    arguments[4].vtype = RD_KAFKA_VTYPE_TIMESTAMP
    reports = .allocate(capacity: 1024)
    reports.initialize(repeating: nil)
    nothing = .allocate(byteCount: 1, alignment: 1)
  }

  deinit {
    if let topic { rd_kafka_topic_destroy(topic.handle) }
    arguments.deallocate()
    reports.deallocate()
    nothing.deallocate()
  }

  static func defaults(for configuration: KafkaConfiguration) -> [(String, String)] {
    var defaults = [
      ("linger.ms", "10"),
      ("compression.type", "lz4"),
      ("partitioner", "murmur2_random"),
      ("queue.buffering.max.messages", "100000"),
      ("queue.buffering.max.kbytes", "65536"),
      ("socket.keepalive.enable", "true"),
    ]
    // As in the Java client, who asks for weaker acknowledgement alone gets it without an error.
    let acks = configuration.value(of: "acks", "request.required.acks") ?? "all"
    if ["all", "-1"].contains(acks) {
      defaults += [("acks", "all"), ("enable.idempotence", "true")]
    }
    return defaults
  }

  /// How many records are neither delivered nor failed yet, as far as `poll` has seen.
  public var outstanding: Int { accepted - delivered - failed }

  /// Why the last attempt to connect failed; nil while records are being delivered.
  public var connectionError: KafkaError? { client.connectionError }

  /// Hands over a copy of a record. It does not block.
  ///
  /// - Parameters:
  ///   - topic: Calls are fastest while the topic stays the same.
  ///   - key: Decides the partition; nil is no key, which is not the same as an empty one.
  ///   - value: nil is a tombstone, which is not the same as an empty value.
  ///   - timestampMilliseconds: When the record was made, in milliseconds since 1970 and above 0;
  ///     nil is now.
  /// - Throws: If the record is too large or the producer is no longer usable.
  public func send(
    topic: String, key: UnsafeRawBufferPointer?, value: UnsafeRawBufferPointer?,
    timestampMilliseconds: Int64? = nil
  ) throws(KafkaError) -> SendOutcome {
    try send(
      topic: topic, key: key, value: value, timestampMilliseconds: timestampMilliseconds ?? 0,
      count: timestampMilliseconds == nil ? 4 : 5)
  }

  /// Where the last argument, the headers, is set.
  var headerArgument: UnsafeMutablePointer<rd_kafka_vu_t> { arguments + 5 }

  /// The same with the first `count` of the arguments; a time of 0 is now.
  func send(
    topic: String, key: UnsafeRawBufferPointer?, value: UnsafeRawBufferPointer?,
    timestampMilliseconds: Int64, count: Int
  ) throws(KafkaError) -> SendOutcome {
    arguments[0].u.rkt = try handle(of: topic)
    arguments[2].u.mem.ptr = pointer(to: key)
    arguments[2].u.mem.size = key?.count ?? 0
    arguments[3].u.mem.ptr = pointer(to: value)
    arguments[3].u.mem.size = value?.count ?? 0
    arguments[4].u.i64 = timestampMilliseconds
    guard let error = rd_kafka_produceva(client.pointer, arguments, count) else {
      accepted += 1
      return .accepted
    }
    if rd_kafka_error_code(error) == RD_KAFKA_RESP_ERR__QUEUE_FULL {
      rd_kafka_error_destroy(error)
      return .queueFull
    }
    let failure = KafkaError(owning: error)
    throw failure.isFatal ? client.explain(RD_KAFKA_RESP_ERR__FATAL) : failure
  }

  private func pointer(to bytes: UnsafeRawBufferPointer?) -> UnsafeMutableRawPointer? {
    guard let bytes else { return nil }
    return bytes.baseAddress.map(UnsafeMutableRawPointer.init(mutating:)) ?? nothing
  }

  private func handle(of name: String) throws(KafkaError) -> OpaquePointer {
    if let topic, topic.name == name { return topic.handle }
    guard let handle = rd_kafka_topic_new(client.pointer, name, nil) else {
      throw KafkaError(rd_kafka_last_error(), "\"\(name)\" is not the name of a topic")
    }
    if let topic { rd_kafka_topic_destroy(topic.handle) }
    topic = (name, handle)
    return handle
  }

  /// Counts what has been delivered or has failed; waits for that at most `timeout`.
  ///
  /// - Returns: How many records it has counted.
  /// - Throws: What has made the producer unusable, if something has.
  @discardableResult
  public func poll(timeout: Duration) throws(KafkaError) -> Int {
    let before = delivered + failed
    var wait = timeout.wholeMilliseconds
    while client.serveEvent(milliseconds: wait, count) { wait = 0 }
    if let error = client.fatalError { throw error }
    return delivered + failed - before
  }

  private func count(event: OpaquePointer, type: Int32) {
    guard type == RD_KAFKA_EVENT_DR else { return }
    let before = delivered
    while true {
      let count = rd_kafka_event_message_array(event, reports.baseAddress, reports.count)
      if count == 0 { break }
      for case let report? in reports[..<count] {
        if report.pointee.err == RD_KAFKA_RESP_ERR_NO_ERROR {
          delivered += 1
        } else {
          failed += 1
          if firstFailure == nil { firstFailure = failure(report.pointee) }
        }
      }
    }
    if delivered > before { client.connectionSucceeded() }
  }

  private func failure(_ report: rd_kafka_message_t) -> KafkaError {
    let place = TopicPartition(
      topic: String(cString: rd_kafka_topic_name(report.rkt)), partition: report.partition)
    return KafkaError(report.err, nil, topicPartition: report.partition < 0 ? nil : place)
  }

  /// Waits until every accepted record is delivered or has failed, at most `timeout`.
  ///
  /// - Returns: Whether nothing is outstanding any more.
  /// - Throws: What has made the producer unusable, if something has.
  public func flush(timeout: Duration) throws(KafkaError) -> Bool {
    let deadline = ContinuousClock.now + timeout
    while outstanding > 0 {
      let left = deadline - .now
      if left <= .zero { return false }
      try poll(timeout: min(left, .milliseconds(100)))
    }
    return true
  }

  /// The numbers of a topic's partitions, which also tells whether Kafka and the topic are there.
  ///
  /// A broker that creates topics on demand creates it.
  ///
  /// - Throws: `KafkaError.unreachable` if no broker answers within `timeout`; an error whose
  ///   `isUnknownTopic` is true if there is no such topic.
  public func partitions(of topic: String, timeout: Duration) throws(KafkaError) -> [Int32] {
    try client.partitions(of: topic, timeout: timeout)
  }
}
