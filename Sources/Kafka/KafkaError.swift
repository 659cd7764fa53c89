import CRDKafka

/// What went wrong at Kafka or in its client.
public struct KafkaError: Error, Equatable, Sendable {
  /// The number of the error; negative ones come from the client, others from the broker.
  public let code: Int32
  /// The name of the error without its prefix, such as `_ALL_BROKERS_DOWN`.
  public let name: String
  /// What happened and, where there is something, what to do. It holds no secret.
  public let message: String
  /// Whether the client can no longer be used and has to be made anew.
  public let isFatal: Bool
  /// Whether the same call may well succeed later.
  public let isRetriable: Bool
  /// The partition the error concerns, if it concerns one.
  public let topicPartition: TopicPartition?

  init(
    _ code: rd_kafka_resp_err_t, _ message: String?, isFatal: Bool = false,
    isRetriable: Bool? = nil, topicPartition: TopicPartition? = nil
  ) {
    self.code = code.rawValue
    self.name = String(cString: rd_kafka_err2name(code))
    self.message = message ?? String(cString: rd_kafka_err2str(code))
    self.isFatal = isFatal || code == RD_KAFKA_RESP_ERR__FATAL
    self.isRetriable = isRetriable ?? Self.passing.contains(code)
    self.topicPartition = topicPartition
  }

  /// Takes over an error object of librdkafka.
  init(owning error: OpaquePointer, topicPartition: TopicPartition? = nil) {
    self.init(
      rd_kafka_error_code(error), String(cString: rd_kafka_error_string(error)),
      isFatal: rd_kafka_error_is_fatal(error) != 0,
      isRetriable: rd_kafka_error_is_retriable(error) != 0 ? true : nil,
      topicPartition: topicPartition)
    rd_kafka_error_destroy(error)
  }

  /// That no broker answers.
  ///
  /// - Parameters:
  ///   - brokers: Where brokers were looked for, as `HOST:PORT` with commas between.
  ///   - reason: What the last attempt to connect ended with.
  public static func unreachable(brokers: String, reason: String? = nil) -> KafkaError {
    let detail = reason.map { " (\($0))" } ?? ""
    return KafkaError(
      RD_KAFKA_RESP_ERR__ALL_BROKERS_DOWN,
      "cannot reach Kafka at \(brokers): is it running?\(detail) Start a broker there, or name"
        + " the right HOST:PORT.")
  }

  static func unknownTopic(_ topic: String, brokers: String) -> KafkaError {
    KafkaError(
      RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART,
      "Kafka at \(brokers) has no topic \"\(topic)\": create it, or name another.",
      isRetriable: false)
  }

  static let closed = KafkaError(RD_KAFKA_RESP_ERR__STATE, "the consumer is closed")

  /// Whether no broker could be reached.
  public var isUnreachable: Bool { code == RD_KAFKA_RESP_ERR__ALL_BROKERS_DOWN.rawValue }

  /// Whether the topic or the partition does not exist.
  public var isUnknownTopic: Bool {
    [
      RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART, RD_KAFKA_RESP_ERR__UNKNOWN_TOPIC,
      RD_KAFKA_RESP_ERR__UNKNOWN_PARTITION,
    ].contains { $0.rawValue == code }
  }

  /// The errors that are over once the cluster has recovered. librdkafka tells so only for errors
  /// that come as objects.
  private static let passing: [rd_kafka_resp_err_t] = [
    RD_KAFKA_RESP_ERR__ALL_BROKERS_DOWN, RD_KAFKA_RESP_ERR__TRANSPORT,
    RD_KAFKA_RESP_ERR__TIMED_OUT, RD_KAFKA_RESP_ERR__RESOLVE, RD_KAFKA_RESP_ERR__QUEUE_FULL,
    RD_KAFKA_RESP_ERR__WAIT_COORD, RD_KAFKA_RESP_ERR_REQUEST_TIMED_OUT,
    RD_KAFKA_RESP_ERR_LEADER_NOT_AVAILABLE, RD_KAFKA_RESP_ERR_NOT_LEADER_FOR_PARTITION,
    RD_KAFKA_RESP_ERR_COORDINATOR_LOAD_IN_PROGRESS, RD_KAFKA_RESP_ERR_COORDINATOR_NOT_AVAILABLE,
    RD_KAFKA_RESP_ERR_NOT_COORDINATOR, RD_KAFKA_RESP_ERR_REBALANCE_IN_PROGRESS,
    RD_KAFKA_RESP_ERR_NETWORK_EXCEPTION, RD_KAFKA_RESP_ERR_NOT_ENOUGH_REPLICAS,
    RD_KAFKA_RESP_ERR_NOT_ENOUGH_REPLICAS_AFTER_APPEND,
  ]
}

extension KafkaError: CustomStringConvertible {
  /// The message, with the partition and the name of the error.
  public var description: String {
    let place = topicPartition.map { "\($0): " } ?? ""
    return "\(place)\(message) [\(name)]"
  }
}
