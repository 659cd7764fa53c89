import Kafka
import TestSupport

/// The brokers that every test of records and groups runs against.
enum BrokerKind: CaseIterable, Sendable {
  case development, independent

  /// Starts a broker of the kind, which serves until the value goes.
  func start(topics: [(name: String, partitions: Int)]) throws -> TestBroker {
    switch self {
    case .development:
      let broker = try DevelopmentBroker(topics: topics)
      return TestBroker(bootstrapServers: broker.bootstrapServers, owner: broker)
    case .independent:
      let broker = try IndependentBroker(topics: topics)
      return TestBroker(bootstrapServers: broker.bootstrapServers, owner: broker)
    }
  }
}

struct TestBroker {
  let bootstrapServers: String
  let owner: AnyObject

  /// What a client of the broker needs. The session is as short as brokers allow, as rebalances of
  /// the development broker take nearly as long.
  var configuration: KafkaConfiguration { Self.configuration(bootstrapServers) }

  static func configuration(_ bootstrapServers: String) -> KafkaConfiguration {
    var configuration = KafkaConfiguration(brokers: bootstrapServers)
    configuration.set(IndependentBroker.receiveLimit.name, to: IndependentBroker.receiveLimit.value)
    configuration.set("session.timeout.ms", to: "6000")
    configuration.set("heartbeat.interval.ms", to: "300")
    return configuration
  }
}

/// A record as a test writes or expects it.
struct Record: Equatable, Sendable {
  var key: String?
  var value: String?
  var timestampMilliseconds: Int64 = 1_700_000_000_000
}

extension RecordView {
  var copied: Record {
    Record(
      key: key.map { String(decoding: $0, as: UTF8.self) },
      value: value.map { String(decoding: $0, as: UTF8.self) },
      timestampMilliseconds: timestampMilliseconds)
  }
}

/// Writes records and waits until all are delivered.
func produce(
  _ records: [Record], to topic: String, _ configuration: KafkaConfiguration
) throws {
  let producer = try KafkaProducer(configuration)
  for record in records {
    while try producer.send(record, to: topic) == .queueFull {
      try producer.poll(timeout: .milliseconds(100))
    }
  }
  guard try producer.flush(timeout: .seconds(30)), producer.delivered == records.count else {
    throw TestSupportError(
      "\(producer.delivered) of \(records.count) delivered; \(String(describing: producer.firstFailure))"
    )
  }
}

extension KafkaProducer {
  func send(_ record: Record, to topic: String) throws -> SendOutcome {
    try withOptionalBytes(record.key.map { Array($0.utf8) }) { key in
      try withOptionalBytes(record.value.map { Array($0.utf8) }) { value in
        try send(
          topic: topic, key: key, value: value,
          timestampMilliseconds: record.timestampMilliseconds)
      }
    }
  }
}

extension KafkaConsumer {
  /// Reads all partitions of a topic from where `positions` says, to the end of each.
  func readToEnd(
    of topic: String, partitions: Int,
    from positions: @escaping ([TopicPartition]) throws -> [TopicPartition: StartPosition]
  ) throws -> [TopicPartition: [(offset: Int64, record: Record)]] {
    try subscribe(topic, rebalance: RebalanceHandler(assigned: positions))
    var records: [TopicPartition: [(offset: Int64, record: Record)]] = [:]
    var ended: Set<TopicPartition> = []
    try waitUntil("\(partitions) partitions of \(topic) are read to their ends") {
      try poll(max: 100, timeout: .milliseconds(100)) { event in
        switch event {
        case .record(let view):
          records[view.topicPartition, default: []].append((view.offset, view.copied))
        case .endOfPartition(let partition, _):
          ended.insert(partition)
        case .offsetOutOfRange(let partition, let offset):
          throw TestSupportError("\(partition): no offset \(String(describing: offset))")
        case .failure(let error):
          throw error
        }
      }
      return ended.count == partitions
    }
    return records
  }
}

/// Every partition from its beginning.
func beginnings(_ partitions: [TopicPartition]) -> [TopicPartition: StartPosition] {
  Dictionary(uniqueKeysWithValues: partitions.map { ($0, .beginning) })
}
