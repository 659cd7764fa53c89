import Kafka
import TestSupport
import Testing

@Suite struct DevelopmentBrokerTests {
  /// The limit that the documentation names, and what it does to a reader that was too slow.
  @Test func aPartitionKeepsFiveMebibytes() async throws {
    try await onThread {
      let broker = try DevelopmentBroker(topics: [("t", 1)])
      var configuration = KafkaConfiguration(brokers: broker.bootstrapServers)
      configuration.set("compression.type", to: "none")
      let partition = TopicPartition(topic: "t", partition: 0)
      let value = String(repeating: "x", count: 100_000)
      try produce((0..<80).map { _ in Record(value: value) }, to: "t", configuration)
      let consumer = try KafkaConsumer(configuration, group: "g")
      let (low, high) = try consumer.watermarks(partition, timeout: .seconds(5))
      #expect(high == 80)
      #expect((20...40).contains(low), "\(low)")
      // What is gone is no lag.
      let lag = try GroupLag(configuration, group: "g", topic: "t")
      #expect(try lag.records(timeout: .seconds(5)) == high - low)

      try consumer.subscribe(
        "t", rebalance: RebalanceHandler(assigned: { _ in [partition: .offset(3)] }))
      var outOfRange: Int64?
      try waitUntil("the event comes") {
        try consumer.poll(max: 1, timeout: .milliseconds(100)) { event in
          if case .offsetOutOfRange(_, let offset) = event { outOfRange = offset }
        }
        return outOfRange != nil
      }
      #expect(outOfRange == 3)
    }
  }

  @Test func aRoundTripTakesAsLongAsWasSet() async throws {
    try await onThread {
      let broker = try DevelopmentBroker(brokers: 3, topics: [("t", 3)])
      #expect(broker.bootstrapServers.split(separator: ",").count == 3)
      let consumer = try KafkaConsumer(
        KafkaConfiguration(brokers: broker.bootstrapServers), group: "g")
      #expect(try consumer.partitions(of: "t", timeout: .seconds(5)) == [0, 1, 2])
      broker.setRoundTripTime(.milliseconds(300))
      let start = ContinuousClock.now
      _ = try consumer.partitions(of: "t", timeout: .seconds(5))
      #expect(ContinuousClock.now - start >= .milliseconds(250))
    }
  }

  @Test func aTopicThatIsAskedForIsCreated() async throws {
    let partitions = try await onThread {
      let broker = try DevelopmentBroker(topics: [])
      let consumer = try KafkaConsumer(
        KafkaConfiguration(brokers: broker.bootstrapServers), group: "g")
      return try consumer.partitions(of: "absent", timeout: .seconds(5))
    }
    #expect(partitions == [0, 1, 2, 3])
  }

  @Test func aTopicNeedsPartitions() {
    #expect(throws: KafkaError.self) { try DevelopmentBroker(topics: [("t", 0)]) }
  }
}
