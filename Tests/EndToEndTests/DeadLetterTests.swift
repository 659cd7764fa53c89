import Foundation
import PostStore
import StoreFixtures
import TestSupport
import Testing

/// The topic that messages go to which are no posts.
@Suite struct DeadLetterTests {
  @Test func everyRejectedMessageIsInTheTopicWithItsReason() async throws {
    try await onThread {
      let files = try TemporaryDirectory()
      let store = files.path("store.db")
      let broker = try EmbeddedBroker()
      try broker.publish(3000, seed: 9, ["--malformed", "0.02"])
      try broker.consumeToEnd(
        into: store, ["--dead-letter-topic", "dead", "--batch-size", "100"])
      let reader = try StoreReader(path: store)
      let expected = try reader.strings(
        """
        SELECT 'socialq.reason=' || field || ': ' || problem || ',socialq.topic=' || topic
          || ',socialq.partition=' || "partition" || ',socialq.offset=' || "offset"
          || ' ' || record_ms || ' ' || IFNULL(LENGTH(value), -1)
        FROM rejected_messages
        """)
      #expect(expected.count > 20)
      let read = try Program(
        executable: URL(fileURLWithPath: "/usr/bin/env"),
        ["kcat", "-C", "-b", broker.brokers, "-t", "dead", "-e", "-q", "-f", "%h %T %S\\n"]
      ).wait()
      #expect(read.status == 0)
      // The place within a message is part of its reason there.
      let found = read.standardOutput.split(separator: "\n").map {
        String($0).replacing(#/ at byte \d+,socialq.topic/#, with: ",socialq.topic")
      }
      #expect(found.sorted() == expected.sorted())
    }
  }

  @Test func theTopicThatIsReadIsRefused() async throws {
    try await onThread {
      for topic in ["social_media", "a/b"] {
        let outcome = try Program.run("social-consumer", ["--dead-letter-topic", topic])
        #expect(outcome.status == 64 && outcome.standardError.contains("--dead-letter-topic"))
      }
    }
  }

  /// What cannot be sent is not counted as read.
  @Test func aTopicThatTakesNothingHoldsTheOffsets() async throws {
    try await onThread {
      let files = try TemporaryDirectory()
      let store = files.path("store.db")
      var broker: EmbeddedBroker? = try EmbeddedBroker(partitions: 1)
      try broker?.publish(500, seed: 10, ["--malformed", "1"])
      let consumer = try Program(
        "social-consumer",
        [
          "--brokers", broker?.brokers ?? "", "--db", store, "--dead-letter-topic", "dead",
          "--batch-delay", "8000", "-X", "message.timeout.ms=1000",
        ])
      try waitUntil("the consumer reads") {
        consumer.standardError.contains("reading social_media[0] from 0")
      }
      // Long enough to fetch all of it, and not for the batch to be due.
      Thread.sleep(forTimeInterval: 3)
      broker = nil
      let outcome = try consumer.wait()
      #expect(outcome.status == 1)
      #expect(
        outcome.standardError.contains("cannot be sent to --dead-letter-topic dead"), "\(outcome)")
      let reader = try StoreReader(path: store)
      #expect(try reader.integers("SELECT next_offset FROM kafka_partitions") == [0])
      #expect(try reader.integers("SELECT COUNT(*) FROM rejected_messages") == [0])
    }
  }
}
