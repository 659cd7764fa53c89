import Foundation
import PostStore
import StoreFixtures
import TestSupport
import Testing

/// A broker that has dropped messages before the consumer came to read them.
@Suite struct ExpiredMessagesTests {
  /// The development broker keeps 5 MiB of a partition, some 8,000 posts, and drops the oldest.
  @Test func theirNumberIsReportedAndKept() async throws {
    try await onThread {
      let files = try TemporaryDirectory()
      let broker = try EmbeddedBroker(partitions: 1)
      func publish(_ count: Int, seed: Int) throws {
        try broker.publish(count, seed: seed, ["-X", "compression.type=none"])
      }
      func consume() throws -> Program.Outcome {
        try broker.consumeToEnd(
          into: files.path("store.db"), ["-X", "session.timeout.ms=6000"])
      }
      try publish(100, seed: 1)
      _ = try consume()
      try publish(20_000, seed: 2)
      let outcome = try consume()
      let reader = try StoreReader(path: files.path("store.db"))
      let missing = try #require(
        try reader.integers("SELECT missing FROM kafka_partitions").first)
      let stored = try #require(
        try reader.integers("SELECT count(*) FROM social_posts").first)
      #expect(missing > 1000 && stored > 1000)
      #expect(missing + stored == 20_100)
      #expect(
        outcome.standardError.contains("\(missing) messages of social_media[0] expired"),
        "\(outcome.standardError)")
    }
  }
}
