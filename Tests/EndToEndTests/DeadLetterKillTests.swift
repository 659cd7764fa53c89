import Foundation
import GRDB
import Kafka
import PostStore
import StoreFixtures
import TestSupport
import Testing

/// A consumer that is killed between the delivery of dead letters and the transaction that moves the
/// offsets: what is documented of the topic then, at least once, and of the store, exactly once.
@Suite struct DeadLetterKillTests {
  @Test func lettersAreThereAgainAndRowsOnce() async throws {
    try await onThread {
      let pipeline = try Pipeline(partitions: 1)
      let published = try Program.run(
        "social-producer",
        pipeline.connection + [
          "--seed", "3", "--backfill", "1h", "--backfill-count", "200", "--backfill-only",
          "--malformed", "0.5",
        ])
      #expect(published.status == 0)
      try TopicAdministration(brokers: pipeline.brokers).create([("dead", 1)])
      // The store is locked, so that nothing but the transaction is left to be done.
      _ = try StoreWriter(path: pipeline.store)
      let other = try otherConnection(pipeline.store)
      let letters = ["--dead-letter-topic", "dead", "--batch-delay", "1000"]
      let killed = try Program(
        "social-consumer", pipeline.consumer(["--group", "killed"] + letters))
      try waitUntil("it reads") { killed.standardError.contains("reading social_media[0]") }
      try other.inDatabase { try $0.execute(sql: "BEGIN IMMEDIATE") }
      let lag = try lettersIn(pipeline)
      try waitUntil("the letters are delivered") { try lag() > 50 }
      Thread.sleep(forTimeInterval: 0.3)
      killed.send(signal: SIGKILL)
      try killed.wait()
      let first = try lag()
      try other.inDatabase { try $0.execute(sql: "ROLLBACK") }
      let count = "SELECT COUNT(*) FROM rejected_messages"
      #expect(try pipeline.reader().integers(count) == [0])

      try pipeline.consumeToEnd(["--group", "next"] + letters)
      let reader = try pipeline.reader()
      let rejected = try reader.integers(count)[0]
      #expect(rejected == first)
      #expect(try lag() == 2 * rejected)
      #expect(
        try reader.integers("SELECT COUNT(DISTINCT \"offset\") FROM rejected_messages")
          == [rejected])
    }
  }

  /// How many messages the topic of dead letters has.
  private func lettersIn(_ pipeline: Pipeline) throws -> () throws -> Int64 {
    var configuration = KafkaConfiguration(brokers: pipeline.brokers)
    configuration.set(IndependentBroker.receiveLimit.name, to: IndependentBroker.receiveLimit.value)
    let lag = try GroupLag(configuration, group: "nobody", topic: "dead")
    return { try lag.records(timeout: .seconds(10)) }
  }
}
