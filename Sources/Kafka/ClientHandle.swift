import CRDKafka
import Foundation

/// The only owner of a librdkafka client, with what producers and consumers have in common.
final class ClientHandle {
  let pointer: OpaquePointer
  /// The queue of everything that is not a consumed record: delivery reports, errors, results.
  let events: OpaquePointer
  let brokers: String
  private let redaction: Redaction
  private let log: (@Sendable (ClientLogLine) -> Void)?
  /// Why the last attempt to connect failed, until something succeeds.
  private(set) var connectionError: KafkaError?
  /// What has made the client unusable.
  private(set) var fatalError: KafkaError?

  /// - Parameters:
  ///   - events: Which kinds of events `events` is to hold, besides errors.
  ///   - prepare: Sets callbacks.
  init(
    _ type: rd_kafka_type_t, _ configuration: KafkaConfiguration, events: Int32 = 0,
    prepare: (OpaquePointer) -> Void = { _ in }
  ) throws(KafkaError) {
    let native = try NativeConfiguration(configuration)
    native.withPointer { conf in
      let log = configuration.log == nil ? 0 : Int32(RD_KAFKA_EVENT_LOG)
      rd_kafka_conf_set_events(conf, events | log | Int32(RD_KAFKA_EVENT_ERROR))
      prepare(conf)
    }
    pointer = try native.makeClient(type)
    self.events = rd_kafka_queue_get_main(pointer)
    brokers = configuration.brokers
    redaction = configuration.redaction
    log = configuration.log
  }

  deinit {
    rd_kafka_queue_destroy(events)
    Self.destroy(pointer)
  }

  /// Frees a client, for which it waits some seconds at most.
  ///
  /// librdkafka 2.0 waits for good if a topic was deleted while it was read; such a client is left alone, so
  /// that the program can still say why it ends.
  private static func destroy(_ pointer: OpaquePointer) {
    let address = Int(bitPattern: pointer)
    let isDestroyed = DispatchSemaphore(value: 0)
    Thread {
      // A consumer leaves its group in `close`, which has a time limit; here it must not wait again.
      rd_kafka_destroy_flags(
        OpaquePointer(bitPattern: address), Int32(RD_KAFKA_DESTROY_F_NO_CONSUMER_CLOSE))
      isDestroyed.signal()
    }.start()
    _ = isDestroyed.wait(timeout: .now() + 5)
  }

  /// Takes the next event, waiting for it at most `milliseconds`; errors are remembered here.
  ///
  /// - Returns: Whether there was one.
  func serveEvent(
    milliseconds: Int32, _ body: (_ event: OpaquePointer, _ type: Int32) -> Void
  ) -> Bool {
    guard let event = rd_kafka_queue_poll(events, milliseconds) else { return false }
    defer { rd_kafka_event_destroy(event) }
    let type = rd_kafka_event_type(event)
    if type == RD_KAFKA_EVENT_ERROR { remember(error(of: event)) }
    if type == RD_KAFKA_EVENT_LOG, let line = ClientLogLine(event, redaction) { log?(line) }
    body(event, type)
    return true
  }

  /// The error that an event of type `RD_KAFKA_EVENT_ERROR` brings.
  func error(of event: OpaquePointer) -> KafkaError {
    let code = rd_kafka_event_error(event)
    guard code == RD_KAFKA_RESP_ERR__FATAL else {
      return KafkaError(code, rd_kafka_event_error_string(event).map(shown))
    }
    var reason = [CChar](repeating: 0, count: 512)
    let cause = rd_kafka_fatal_error(pointer, &reason, reason.count)
    let text = reason.withUnsafeBufferPointer { $0.baseAddress.map(shown) }
    return KafkaError(cause, text, isFatal: true)
  }

  /// A text of librdkafka without secrets.
  func shown(_ text: UnsafePointer<CChar>) -> String {
    redaction.hidingSecrets(in: String(cString: text))
  }

  private func remember(_ error: KafkaError) {
    if error.isFatal {
      fatalError = error
    } else if !error.isUnreachable || connectionError == nil {
      // That all brokers are down says less than why the last of them is.
      connectionError = error
    }
  }

  func connectionSucceeded() {
    connectionError = nil
  }

  // MARK: Questions to the brokers

  /// The partitions of a topic, in order.
  func partitions(of topic: String, timeout: Duration) throws(KafkaError) -> [Int32] {
    guard let handle = rd_kafka_topic_new(pointer, topic, nil) else {
      throw KafkaError(rd_kafka_last_error(), "\"\(topic)\" is not the name of a topic")
    }
    defer { rd_kafka_topic_destroy(handle) }
    var metadata: UnsafePointer<rd_kafka_metadata>?
    let code = rd_kafka_metadata(pointer, 0, handle, &metadata, timeout.wholeMilliseconds)
    guard code == RD_KAFKA_RESP_ERR_NO_ERROR, let metadata else { throw explain(code) }
    defer { rd_kafka_metadata_destroy(metadata) }
    connectionSucceeded()
    guard metadata.pointee.topic_cnt == 1 else {
      throw .unknownTopic(topic, brokers: brokers)
    }
    let answer = metadata.pointee.topics[0]
    switch answer.err {
    case RD_KAFKA_RESP_ERR_NO_ERROR:
      return (0..<Int(answer.partition_cnt)).map { answer.partitions[$0].id }.sorted()
    case RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART, RD_KAFKA_RESP_ERR__UNKNOWN_TOPIC:
      throw .unknownTopic(topic, brokers: brokers)
    default:
      throw KafkaError(
        answer.err, "topic \"\(topic)\": \(String(cString: rd_kafka_err2str(answer.err)))")
    }
  }

  /// The offsets of the oldest record and of the record that is written next.
  func watermarks(
    _ partition: TopicPartition, timeout: Duration
  ) throws(KafkaError) -> (low: Int64, high: Int64) {
    var low: Int64 = 0
    var high: Int64 = 0
    let code = rd_kafka_query_watermark_offsets(
      pointer, partition.topic, partition.partition, &low, &high, timeout.wholeMilliseconds)
    guard code == RD_KAFKA_RESP_ERR_NO_ERROR else { throw explain(code, partition) }
    return (low, high)
  }

  /// The offsets that the group of this client has committed; partitions without one are left out.
  func committed(
    _ partitions: some Collection<TopicPartition>, timeout: Duration
  ) throws(KafkaError) -> [TopicPartition: Int64] {
    let list = TopicPartitionList(partitions)
    let code = list.withPointer {
      rd_kafka_committed(pointer, $0, timeout.wholeMilliseconds)
    }
    guard code == RD_KAFKA_RESP_ERR_NO_ERROR else { throw explain(code) }
    try list.throwPartitionError()
    var result: [TopicPartition: Int64] = [:]
    for (partition, element) in list.elements where element.offset >= 0 {
      result[partition] = element.offset
    }
    return result
  }

  /// What a failed question means: when time ran out because no broker is there, it says so.
  func explain(_ code: rd_kafka_resp_err_t, _ partition: TopicPartition? = nil) -> KafkaError {
    while serveEvent(milliseconds: 0, { _, _ in }) {}
    if let fatalError { return fatalError }
    let timedOut = [
      RD_KAFKA_RESP_ERR__TRANSPORT, RD_KAFKA_RESP_ERR__TIMED_OUT, RD_KAFKA_RESP_ERR__WAIT_COORD,
      RD_KAFKA_RESP_ERR__ALL_BROKERS_DOWN, RD_KAFKA_RESP_ERR__TIMED_OUT_QUEUE,
    ].contains(code)
    guard timedOut, let connectionError else {
      return KafkaError(code, nil, topicPartition: partition)
    }
    switch connectionError.code {
    case RD_KAFKA_RESP_ERR__AUTHENTICATION.rawValue, RD_KAFKA_RESP_ERR__SSL.rawValue:
      return connectionError
    default:
      return .unreachable(brokers: brokers, reason: connectionError.message)
    }
  }
}
