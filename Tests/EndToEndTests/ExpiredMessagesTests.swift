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
      let address = files.path("address")
      let broker = try Program(
        "social-broker", ["--address-file", address, "--partitions", "1"])
      try waitUntil("the broker has an address") {
        broker.isRunning && FileManager.default.fileExists(atPath: address)
      }
      let brokers = try String(contentsOfFile: address, encoding: .utf8)
        .trimmingCharacters(in: .whitespacesAndNewlines)
      func publish(_ count: Int, seed: Int) throws {
        let outcome = try Program.run(
          "social-producer",
          [
            "--brokers", brokers, "--seed", "\(seed)", "--backfill", "1h", "--backfill-count",
            "\(count)", "--backfill-only", "-X", "compression.type=none",
          ])
        #expect(outcome.status == 0, "\(outcome.standardError)")
      }
      func consume() throws -> Program.Outcome {
        try Program.run(
          "social-consumer",
          [
            "--brokers", brokers, "--db", files.path("store.db"), "--exit-at-end", "-X",
            "session.timeout.ms=6000",
          ])
      }
      try publish(100, seed: 1)
      #expect(try consume().status == 0)
      try publish(20_000, seed: 2)
      let outcome = try consume()
      #expect(outcome.status == 0)
      let reader = try StoreReader(path: files.path("store.db"))
      let missing = try #require(
        try reader.integers("SELECT missing FROM kafka_partitions").first)
      let stored = try #require(
        try reader.integers("SELECT count(*) FROM social_posts").first)
      #expect(missing > 1000 && stored > 1000)
      #expect(missing + stored == 20_100)
      #expect(
        outcome.standardError.contains("\(missing) messages of social_media/0 expired"),
        "\(outcome.standardError)")
    }
  }
}
