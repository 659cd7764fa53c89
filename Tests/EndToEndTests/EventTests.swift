import Foundation
import Kafka
import PostStore
import StoreFixtures
import TestSupport
import Testing

/// Events of the log that have text of strangers in them.
@Suite struct EventTests {
  private static let hostile = "a\u{1B}[31m\"}\r\n{\"level\":\"critical\"}\u{202E}\u{2028}é"

  /// A topic with one message of a hostile key before many others, so that it is the one of its batch and
  /// reason that is told.
  private func publish(to broker: EmbeddedBroker) throws {
    let producer = try KafkaProducer(KafkaConfiguration(brokers: broker.brokers))
    let outcome = try Array(Self.hostile.utf8).withUnsafeBytes { key in
      try Array("no post".utf8).withUnsafeBytes { value in
        try producer.send(topic: "social_media", key: key, value: value)
      }
    }
    #expect(outcome == .accepted)
    #expect(try producer.flush(timeout: .seconds(10)))
    try broker.publish(300, seed: 21, ["--malformed", "0.1"])
  }

  @Test func rejectedMessagesAreEvents() async throws {
    try await onThread {
      let files = try TemporaryDirectory()
      let broker = try EmbeddedBroker()
      try publish(to: broker)
      let outcome = try broker.consumeToEnd(
        into: files.path("s.db"),
        [
          "--log-format", "json", "--log-level", "debug", "--dead-letter-topic", "dead",
          "-X", "debug=all",
        ])
      // Those of librdkafka's own log are lines like the others.
      let events = try outcome.standardError.split(separator: "\n").map { line in
        try #require(
          JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any], "\(line)")
      }
      func messages(_ event: String) -> Int64 {
        events.filter { $0["event"] as? String == event }
          .reduce(0) { $0 + ($1["messages"] as? Int64 ?? 0) }
      }
      let kept = try StoreReader(path: files.path("s.db")).integers(
        "SELECT COUNT(*) FROM rejected_messages")
      #expect(kept[0] > 10)
      #expect(kept == [messages("rejected")] && kept == [messages("dead-letter")])
      #expect(events.contains { $0["key"] as? String == Self.hostile })
      #expect(events.contains { $0["event"] as? String == "librdkafka" })
      // Only the first of a reason is for everybody.
      let notices = events.filter {
        $0["event"] as? String == "rejected" && $0["level"] as? String == "notice"
      }
      let reasons = try StoreReader(path: files.path("s.db")).integers(
        "SELECT COUNT(DISTINCT field || ': ' || problem) FROM rejected_messages")
      #expect(reasons == [Int64(notices.count)])
    }
  }

  @Test func textStaysOneLineAnEvent() async throws {
    try await onThread {
      let files = try TemporaryDirectory()
      let broker = try EmbeddedBroker()
      try publish(to: broker)
      let outcome = try broker.consumeToEnd(
        into: files.path("\(Self.hostile).db"), ["--log-level", "debug"])
      for line in outcome.standardError.split(separator: "\n") {
        #expect(line.prefixMatch(of: #/\d{4}-[0-9T:.-]+Z (debug|info|notice|warning): ./#) != nil)
        #expect(
          line.unicodeScalars.allSatisfy {
            ![.control, .format, .lineSeparator].contains($0.properties.generalCategory)
          }, "\(line)")
      }
    }
  }
}
