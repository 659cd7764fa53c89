import Foundation
import PostStore
import StoreFixtures
import TestSupport
import Testing

/// Backups that are taken while a consumer writes, and one that is put in the place of its store.
@Suite struct RestoreTests {
  @Test func aConsumerGoesOnWhereTheBackupWasMade() async throws {
    try await onThread {
      let files = try TemporaryDirectory()
      let store = files.path("store.db")
      let broker = try EmbeddedBroker()
      try broker.publish(20_000, seed: 12)
      let consumer = try Program(
        "social-consumer",
        ["--brokers", broker.brokers, "--db", store, "--batch-size", "200", "--group", "first"])
      try waitUntil("posts are stored", timeout: .seconds(60)) {
        let reader = try? StoreReader(path: store)
        return try reader?.integers("SELECT EXISTS (SELECT 1 FROM posts)") == [1]
      }
      var counts: [Int64] = []
      for number in 0..<3 {
        let file = files.path("backup-\(number).db")
        let backup = try socialq(["backup", file], store: store)
        #expect(backup.status == 0, "\(backup)")
        let reader = try StoreReader(path: file)
        let posts = try reader.integers("SELECT COUNT(*) FROM posts")
        // One instant: the posts are those before its offsets.
        #expect(try reader.integers("SELECT SUM(next_offset) FROM kafka_partitions") == posts)
        #expect(try socialq(["doctor"], store: file).status == 0)
        counts += posts
      }
      #expect(counts == counts.sorted() && counts[0] < 20_000)
      consumer.send(signal: SIGKILL)
      try consumer.wait()
      for end in ["", "-wal", "-shm"] {
        try? FileManager.default.removeItem(atPath: store + end)
      }
      try FileManager.default.copyItem(atPath: files.path("backup-0.db"), toPath: store)
      #expect(try StoreReader(path: store).integers("SELECT COUNT(*) FROM posts") == [counts[0]])
      try broker.consumeToEnd(into: store, ["--group", "second"])
      try broker.consumeToEnd(into: files.path("all.db"), ["--group", "third"])
      let restored = try StoreReader(path: store)
      #expect(
        try restored.shownPosts() == StoreReader(path: files.path("all.db")).shownPosts())
      #expect(try restored.verifyRollups().differences.isEmpty)
    }
  }
}
