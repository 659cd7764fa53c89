import CRDKafka

/// A broker inside this process, for development and tests: librdkafka's mock cluster.
///
/// It speaks the Kafka protocol on loopback ports, so that other processes and other clients can use
/// it, and forgets everything when it is stopped. Its limits, none of which can be changed:
/// - a partition keeps 5 MiB or 100,000 batches of records and silently drops the oldest beyond;
/// - the port is any free one;
/// - the first member that a group ever has gets its partitions after 3 seconds; every later
///   rebalance, also that of a group whose members have all left, takes one second less than
///   `session.timeout.ms`, so that consumers of it should set that to 6000;
/// - a topic that a client asks for and that does not exist is created, with 4 partitions.
public final class DevelopmentBroker {
  private let client: OpaquePointer
  private let cluster: OpaquePointer

  /// The address to give to clients, as `HOST:PORT` with commas between.
  public var bootstrapServers: String {
    String(cString: rd_kafka_mock_cluster_bootstraps(cluster))
  }

  /// Starts brokers with some topics; they are ready at once and stop with this object.
  ///
  /// - Parameters:
  ///   - brokers: How many brokers the cluster has, above 0.
  ///   - topics: The topics to create. A partition is on every broker.
  public init(
    brokers: Int = 1, topics: [(name: String, partitions: Int)]
  ) throws(KafkaError) {
    precondition(brokers > 0, "a cluster has at least one broker")
    for topic in topics where topic.partitions < 1 {
      throw KafkaError(
        RD_KAFKA_RESP_ERR__INVALID_ARG,
        "topic \"\(topic.name)\": a topic has at least one partition, not \(topic.partitions)")
    }
    // The client only keeps the cluster's books and has no use for brokers of its own, but a
    // configuration names some.
    let native = try NativeConfiguration(KafkaConfiguration(brokers: "127.0.0.1:9"))
    let client = try native.makeClient(RD_KAFKA_PRODUCER)
    guard let cluster = rd_kafka_mock_cluster_new(client, Int32(brokers)) else {
      rd_kafka_destroy(client)
      throw KafkaError(
        RD_KAFKA_RESP_ERR__FAIL, "no development broker could be started on 127.0.0.1")
    }
    self.client = client
    self.cluster = cluster
    for topic in topics {
      let code = rd_kafka_mock_topic_create(
        cluster, topic.name, Int32(clamping: topic.partitions), Int32(brokers))
      guard code == RD_KAFKA_RESP_ERR_NO_ERROR else {
        throw KafkaError(
          code,
          "topic \"\(topic.name)\" with \(topic.partitions) partitions could not be created: "
            + String(cString: rd_kafka_err2str(code)))
      }
    }
  }

  deinit {
    rd_kafka_mock_cluster_destroy(cluster)
    rd_kafka_destroy(client)
  }

  /// Makes the next requests of a kind fail, one for each error.
  ///
  /// - Parameters:
  ///   - request: The number of the kind in the Kafka protocol, such as 1 for Fetch.
  ///   - errors: Their numbers in the Kafka protocol.
  public func fail(request: Int16, errors: [Int32]) {
    var codes = errors.map { rd_kafka_resp_err_t(rawValue: $0) }
    rd_kafka_mock_push_request_errors_array(cluster, request, codes.count, &codes)
  }

  /// Makes a broker, numbered from 1, the leader of a partition.
  ///
  /// - Throws: If there is no such partition or broker.
  public func setLeader(of partition: TopicPartition, to broker: Int32) throws(KafkaError) {
    let code = rd_kafka_mock_partition_set_leader(
      cluster, partition.topic, partition.partition, broker)
    guard code == RD_KAFKA_RESP_ERR_NO_ERROR else {
      throw KafkaError(code, nil, topicPartition: partition)
    }
  }

  /// Makes every answer of every broker take this long.
  public func setRoundTripTime(_ time: Duration) {
    rd_kafka_mock_broker_set_rtt(cluster, -1, time.wholeMilliseconds)
  }

  /// Cuts all connections and refuses new ones, until `setUp`.
  ///
  /// It listens on its port anew, which ends the process if the port is still open somewhere else, as it is in a
  /// process that is being started just then.
  ///
  /// - Parameter broker: The only one to do so, numbered from 1; nil for all. It stays the leader of its
  ///   partitions.
  public func setDown(_ broker: Int32? = nil) {
    rd_kafka_mock_broker_set_down(cluster, broker ?? -1)
  }

  /// Takes connections again.
  public func setUp(_ broker: Int32? = nil) {
    rd_kafka_mock_broker_set_up(cluster, broker ?? -1)
  }
}
