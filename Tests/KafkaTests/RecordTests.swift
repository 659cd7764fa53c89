import Foundation
import Kafka
import TestSupport
import Testing

@Suite struct RecordTests {
  @Test(arguments: BrokerKind.allCases)
  func everyKindOfRecordComesBackAsItWas(_ kind: BrokerKind) async throws {
    let written = [
      Record(key: "k", value: "a value", timestampMilliseconds: 1),
      Record(key: "k", value: nil, timestampMilliseconds: 1_234_567_890_123),
      Record(key: "k", value: ""),
      Record(key: "", value: "empty key"),
      Record(key: nil, value: "no key"),
      Record(key: nil, value: nil),
      Record(key: "", value: ""),
      Record(key: "\u{e9}\u{0}\u{1F600}", value: String(repeating: "x", count: 900_000)),
    ]
    let read = try await onThread {
      let broker = try kind.start(topics: [("records", 1)])
      try produce(written, to: "records", broker.configuration)
      let consumer = try KafkaConsumer(broker.configuration, group: "g")
      let read = try consumer.readToEnd(of: "records", partitions: 1, from: beginnings)
      try consumer.close()
      return read
    }
    let records = try #require(read[TopicPartition(topic: "records", partition: 0)])
    #expect(records.map(\.record) == written)
    #expect(records.map(\.offset) == Array(0..<8))
  }

  @Test func recordsWithoutTimestampGetTheTimeOfWriting() async throws {
    let before = Int64(Date().timeIntervalSince1970 * 1000)
    let read = try await onThread {
      let broker = try BrokerKind.development.start(topics: [("t", 1)])
      let producer = try KafkaProducer(broker.configuration)
      _ = try producer.send(topic: "t", key: nil, value: nil)
      #expect(try producer.flush(timeout: .seconds(10)))
      let consumer = try KafkaConsumer(broker.configuration, group: "g")
      return try consumer.readToEnd(of: "t", partitions: 1, from: beginnings)
    }
    let time = try #require(read.values.first?.first?.record.timestampMilliseconds)
    #expect((before...before + 60_000).contains(time))
  }

  /// The hashes are those of the Java client's own tests; the partition is the hash, its sign bit
  /// cleared, modulo 4.
  @Test(arguments: BrokerKind.allCases)
  func keysGoToThePartitionsOfTheJavaClient(_ kind: BrokerKind) async throws {
    let hashes: [String: Int32] = [
      "21": -973_932_308, "foobar": -790_332_482, "a-little-bit-long-string": -985_981_536,
      "a-little-bit-longer-string": -1_486_304_829, "abc": 479_470_107,
      "lkjh234lh9fiuh90y23oiuhsafujhadof229phr9h19h89h8": -58_897_971,
    ]
    let read = try await onThread {
      let broker = try kind.start(topics: [("keyed", 4)])
      let records = hashes.keys.map { Record(key: $0, value: "v") }
      try produce(records, to: "keyed", broker.configuration)
      let consumer = try KafkaConsumer(broker.configuration, group: "g")
      return try consumer.readToEnd(of: "keyed", partitions: 4, from: beginnings)
    }
    var partitions: [String: Int32] = [:]
    for (partition, records) in read {
      for record in records { partitions[record.record.key ?? ""] = partition.partition }
    }
    #expect(partitions == hashes.mapValues { ($0 & Int32.max) % 4 })
  }

  @Test(arguments: BrokerKind.allCases)
  func readingStartsWhereTheHandlerSays(_ kind: BrokerKind) async throws {
    let offsets = try await onThread {
      let broker = try kind.start(topics: [("t", 3)])
      let records = (0..<300).map { Record(key: "key \($0)", value: "\($0)") }
      try produce(records, to: "t", broker.configuration)
      let consumer = try KafkaConsumer(broker.configuration, group: "g")
      let read = try consumer.readToEnd(of: "t", partitions: 3) { partitions in
        #expect(partitions.map(\.partition).sorted() == [0, 1, 2])
        return [
          TopicPartition(topic: "t", partition: 0): .offset(17),
          TopicPartition(topic: "t", partition: 1): .end,
          TopicPartition(topic: "t", partition: 2): .beginning,
        ]
      }
      #expect(consumer.assignment.map(\.partition) == [0, 1, 2])
      return (0..<3).map { partition in
        read[TopicPartition(topic: "t", partition: Int32(partition))]?.first?.offset
      }
    }
    #expect(offsets == [17, nil, 0])
  }

  /// Each record is destroyed and counted as read, whether or not the closure has thrown.
  @Test func aThrowInThePollLosesNoOtherRecord() async throws {
    let values = try await onThread {
      let broker = try BrokerKind.development.start(topics: [("t", 1)])
      try produce((0..<50).map { Record(value: "\($0)") }, to: "t", broker.configuration)
      let consumer = try KafkaConsumer(broker.configuration, group: "g")
      try consumer.subscribe("t", rebalance: RebalanceHandler(assigned: beginnings))
      var values: [String?] = []
      try waitUntil("all records are read") {
        #expect(throws: TestSupportError.self) {
          try consumer.poll(max: 10, timeout: .milliseconds(100)) { event in
            if case .record(let view) = event { values.append(view.copied.value) }
            throw TestSupportError("on purpose")
          }
          throw TestSupportError("nothing was there")
        }
        return values.count == 50
      }
      return values
    }
    #expect(values == (0..<50).map { "\($0)" })
  }
}
