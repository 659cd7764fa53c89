import Kafka
import PostStore
import StoreFixtures
import TestSupport
import Testing

/// Messages that are hard to get right, through a broker, with the record times they came with.
@Suite struct HardMessagesTests {
  @Test func everyMessageComesToItsOutcome() async throws {
    try await onThread {
      let envelopes = try Envelope.all()
      let pipeline = try Pipeline(partitions: 1)
      try publish(envelopes, to: pipeline)
      try pipeline.consumeToEnd()
      let reader = try pipeline.reader()

      for outcome in Outcome.allCases {
        let expected = envelopes.filter { $0.expect == "\(outcome)" }.count
        #expect(
          try reader.integers("SELECT \(outcome) FROM kafka_partitions") == [Int64(expected)],
          "\(outcome)")
      }
      let rejected = envelopes.enumerated().filter { $0.element.expect == "rejected" }
      let order = "FROM rejected_messages ORDER BY \"offset\""
      #expect(
        try reader.integers("SELECT \"offset\" \(order)") == rejected.map { Int64($0.offset) })
      #expect(
        try reader.integers("SELECT record_ms \(order)") == rejected.map { $0.element.milliseconds }
      )
      #expect(try reader.bytes("SELECT value \(order)") == rejected.map { $0.element.bytes })
      #expect(
        try reader.bytes("SELECT key \(order)")
          == rejected.map { $0.element.key.map { Array($0.utf8) } })
      #expect(
        try reader.integers(
          """
          SELECT count(*) FROM rejected_messages
          WHERE topic = '\(pipeline.topic)' AND "partition" = 0 AND field <> '' AND problem <> ''
            AND rejected_us > 0
          """) == [Int64(rejected.count)])
      #expect(try reader.verifyRollups().differences.isEmpty)
    }
  }

  private func publish(_ envelopes: [Envelope], to pipeline: Pipeline) throws {
    let producer = try KafkaProducer(KafkaConfiguration(brokers: pipeline.brokers))
    for envelope in envelopes {
      let key = envelope.key.map { Array($0.utf8) }
      let outcome = try withOptionalBytes(key) { key in
        try withOptionalBytes(envelope.bytes) { value in
          try producer.send(
            topic: pipeline.topic, key: key, value: value,
            timestampMilliseconds: envelope.milliseconds)
        }
      }
      #expect(outcome == .accepted)
    }
    #expect(try producer.flush(timeout: .seconds(30)))
    #expect(producer.delivered == envelopes.count)
  }
}
