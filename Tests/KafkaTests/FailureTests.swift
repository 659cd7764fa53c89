import Foundation
import Kafka
import TestSupport
import Testing

@Suite struct FailureTests {
  @Test func aBrokerThatIsNotThereIsToldInTime() async throws {
    let brokers = "127.0.0.1:\(try freePort())"
    let errors = try await onThread {
      let configuration = KafkaConfiguration(brokers: brokers)
      let start = ContinuousClock.now
      let errors = [
        #expect(throws: KafkaError.self) {
          try KafkaProducer(configuration).partitions(of: "t", timeout: .seconds(1))
        },
        #expect(throws: KafkaError.self) {
          try KafkaConsumer(configuration, group: "g").partitions(of: "t", timeout: .seconds(1))
        },
        #expect(throws: KafkaError.self) {
          try GroupLag(configuration, group: "g", topic: "t").records(timeout: .seconds(1))
        },
        #expect(throws: KafkaError.self) {
          try KafkaConsumer(configuration, group: "g").committed(
            [TopicPartition(topic: "t", partition: 0)], timeout: .seconds(1))
        },
        #expect(throws: KafkaError.self) {
          try KafkaConsumer(configuration, group: "g").watermarks(
            TopicPartition(topic: "t", partition: 0), timeout: .seconds(1))
        },
      ]
      #expect(ContinuousClock.now - start < .seconds(10))
      return errors
    }
    for error in errors {
      let error = try #require(error)
      #expect(error.isUnreachable && error.isRetriable && !error.isFatal)
      #expect(error.message.hasPrefix("cannot reach Kafka at \(brokers): is it running?"))
      #expect(error.message.contains("Connection refused"))
    }
  }

  @Test func aConsumerWithoutBrokerTellsItAndCloses() async throws {
    let brokers = "127.0.0.1:\(try freePort())"
    let (names, time) = try await onThread {
      let consumer = try KafkaConsumer(KafkaConfiguration(brokers: brokers), group: "g")
      try consumer.subscribe("t", rebalance: RebalanceHandler(assigned: beginnings))
      var names: Set<String> = []
      try waitUntil("the failures come", timeout: .seconds(10)) {
        try consumer.poll(max: 10, timeout: .milliseconds(100)) { event in
          if case .failure(let error) = event { names.insert(error.name) }
        }
        return names.isSuperset(of: ["_TRANSPORT", "_ALL_BROKERS_DOWN"])
      }
      let start = ContinuousClock.now
      try consumer.close()
      try consumer.close()
      return (names, ContinuousClock.now - start)
    }
    #expect(!names.isEmpty)
    #expect(time < .seconds(10))
  }

  @Test func aHostWithoutAddressIsTold() async throws {
    let error = try await onThread {
      let configuration = KafkaConfiguration(brokers: "no-such-host.invalid:9092")
      return #expect(throws: KafkaError.self) {
        try KafkaProducer(configuration).partitions(of: "t", timeout: .seconds(2))
      }
    }
    #expect(error?.isUnreachable == true)
    #expect(error?.message.contains("Failed to resolve 'no-such-host.invalid:9092'") == true)
  }

  @Test func aTopicThatIsNotThereIsTold() async throws {
    let error = try await onThread {
      let broker = try BrokerKind.independent.start(topics: [("t", 1)])
      let consumer = try KafkaConsumer(broker.configuration, group: "g")
      return #expect(throws: KafkaError.self) {
        try consumer.partitions(of: "absent", timeout: .seconds(5))
      }
    }
    #expect(error?.isUnknownTopic == true)
    #expect(error?.message.contains("has no topic \"absent\"") == true)
  }

  @Test func aConsumerOutlivesABrokerThatComesBack() async throws {
    let values = try await onThread {
      let broker = try DevelopmentBroker(topics: [("t", 1)])
      var configuration = TestBroker.configuration(broker.bootstrapServers)
      configuration.set("reconnect.backoff.max.ms", to: "500")
      let consumer = try KafkaConsumer(configuration, group: "g")
      _ = try consumer.readToEnd(of: "t", partitions: 1, from: beginnings)
      whileNothingStarts { broker.setDown() }
      var failures = 0
      var values: [String?] = []
      func poll() throws {
        try consumer.poll(max: 10, timeout: .milliseconds(100)) { event in
          if case .failure = event { failures += 1 }
          if case .record(let view) = event { values.append(view.copied.value) }
        }
      }
      try waitUntil("the failure comes") {
        try poll()
        return failures > 0
      }
      broker.setUp()
      try produce([Record(value: "after")], to: "t", configuration)
      try waitUntil("the record comes") {
        try poll()
        return !values.isEmpty
      }
      whileNothingStarts { broker.setDown() }
      let start = ContinuousClock.now
      try consumer.close()
      #expect(ContinuousClock.now - start < .seconds(10))
      return values
    }
    #expect(values == ["after"])
  }

  @Test func aClosedConsumerRefusesEverything() async throws {
    try await onThread {
      let broker = try DevelopmentBroker(topics: [("t", 1)])
      let consumer = try KafkaConsumer(
        KafkaConfiguration(brokers: broker.bootstrapServers), group: "g")
      try consumer.close()
      #expect(throws: KafkaError.self) { try consumer.poll(max: 1, timeout: .zero) { _ in } }
      #expect(throws: KafkaError.self) { try consumer.commit([:], wait: true) }
      #expect(throws: KafkaError.self) { try consumer.partitions(of: "t", timeout: .zero) }
      #expect(consumer.assignment == [])
    }
  }

  @Test func recordsThatCannotBeDeliveredFail() async throws {
    try await onThread {
      let broker = try DevelopmentBroker(topics: [("t", 1)])
      whileNothingStarts { broker.setDown() }
      var configuration = KafkaConfiguration(brokers: broker.bootstrapServers)
      configuration.set("message.timeout.ms", to: "1000")
      configuration.set("queue.buffering.max.messages", to: "10")
      let producer = try KafkaProducer(configuration)
      for _ in 0..<10 {
        #expect(try producer.send(Record(value: "v"), to: "t") == .accepted)
      }
      #expect(try producer.send(Record(value: "v"), to: "t") == .queueFull)
      #expect(producer.outstanding == 10)
      #expect(try !producer.flush(timeout: .milliseconds(100)))
      #expect(try producer.flush(timeout: .seconds(20)))
      #expect(producer.delivered == 0 && producer.failed == 10 && producer.outstanding == 0)
      #expect(producer.firstFailure?.name == "_MSG_TIMED_OUT")
      #expect(producer.connectionError != nil)
      #expect(try producer.send(Record(value: "v"), to: "t") == .accepted)
    }
  }

  @Test func aRecordThatIsTooLargeIsRefused() async throws {
    let error = try await onThread {
      let broker = try DevelopmentBroker(topics: [("t", 1)])
      let producer = try KafkaProducer(KafkaConfiguration(brokers: broker.bootstrapServers))
      return #expect(throws: KafkaError.self) {
        try producer.send(Record(value: String(repeating: "x", count: 2_000_000)), to: "t")
      }
    }
    #expect(error?.name == "MSG_SIZE_TOO_LARGE")
  }

  /// librdkafka's own habit is to write to stderr. What else is there comes from other tests.
  @Test func nothingIsPrinted() async throws {
    let brokers = "127.0.0.1:\(try freePort())"
    let directory = try TemporaryDirectory()
    let path = directory.path("stderr")
    let saved = dup(STDERR_FILENO)
    defer { close(saved) }
    let file = open(path, O_CREAT | O_WRONLY, 0o600)
    dup2(file, STDERR_FILENO)
    close(file)
    defer { dup2(saved, STDERR_FILENO) }
    try await onThread {
      let configuration = KafkaConfiguration(brokers: brokers)
      let producer = try KafkaProducer(configuration)
      let consumer = try KafkaConsumer(configuration, group: "g")
      try consumer.subscribe("t", rebalance: RebalanceHandler(assigned: beginnings))
      try consumer.poll(max: 10, timeout: .milliseconds(500)) { _ in }
      _ = try producer.send(Record(value: "v"), to: "t")
      _ = try producer.flush(timeout: .milliseconds(500))
      let broker = try DevelopmentBroker(topics: [("t", 1)])
      _ = try KafkaProducer(KafkaConfiguration(brokers: broker.bootstrapServers))
        .partitions(of: "t", timeout: .seconds(5))
      whileNothingStarts { broker.setDown() }
      try consumer.close()
    }
    let text = try String(contentsOfFile: path, encoding: .utf8)
    #expect(!text.contains("rdkafka") && !text.contains("%3|"), "\(text)")
  }
}
