import Foundation
import GRDB
import PostStore
import StoreFixtures
import TestSupport
import Testing

/// A consumer whose store does not do what it should.
@Suite(.serialized) struct StoreFaultTests {
  @Test func aStoreThatIsLockedIsWaitedForSoLong() async throws {
    try await onThread {
      let scene = try Scene()
      let (broker, store) = (scene.broker, scene.store)
      _ = try StoreWriter(path: store)
      try broker.publish(2000, seed: 1)
      let other = try otherConnection(store)
      try other.inDatabase { try $0.execute(sql: "BEGIN IMMEDIATE") }
      let impatient = try scene.start("--exit-at-end", "--lock-timeout", "2s").wait()
      #expect(impatient.status == 1)
      #expect(impatient.standardError.contains("is locked by another program"), "\(impatient)")
      let patient = try scene.start("--exit-at-end", "--lock-timeout", "60s")
      try scene.waitFor("is locked by another program", from: patient)
      try other.inDatabase { try $0.execute(sql: "ROLLBACK") }
      let outcome = try patient.wait()
      #expect(outcome.status == 0 && outcome.standardError.contains("goes on"), "\(outcome)")
      try scene.expect(2000)
      #expect(
        try StoreReader(path: store).integers("SELECT COUNT(*) FROM rejected_messages") == [0])
    }
  }

  /// A backup that is put back into the file that is open: what the consumer knows of the store is not so any longer.
  @Test func aStoreThatIsPutBackMeanwhileIsNotWrittenTo() async throws {
    try await onThread {
      let scene = try Scene()
      let consumer = try scene.start()
      func publish(_ posts: Int, seed: Int, until total: Int64) throws {
        try scene.broker.publish(posts, seed: seed)
        try waitUntil("\(total) posts are stored") {
          try StoreReader(path: scene.store).integers("SELECT COUNT(*) FROM posts") == [total]
        }
      }
      try scene.waitFor("reading social_media", from: consumer)
      try publish(500, seed: 1, until: 500)
      let backup = scene.files.path("backup.db")
      #expect(try socialq(["backup", backup], store: scene.store).status == 0)
      try publish(500, seed: 2, until: 1000)
      try DatabaseQueue(path: backup).backup(to: try DatabaseQueue(path: scene.store))
      try scene.broker.publish(10, seed: 3)
      let outcome = try consumer.wait()
      #expect(outcome.status == 1)
      #expect(outcome.standardError.contains("put back to an earlier state"), "\(outcome)")
      #expect(try scene.start("--exit-at-end").wait().status == 0)
      try scene.expect(1010)
    }
  }

  /// One that was open already, when a batch is to be written.
  @Test func aStoreThatIsLockedMeanwhileIsWaitedForSoLong() async throws {
    try await onThread {
      let scene = try Scene()
      let limits = ["5s", "1s"]
      let stores = limits.map { scene.files.path("\($0).db") }
      let consumers = try zip(limits, stores).map {
        try scene.start("--group", $0, "--lock-timeout", $0, store: $1)
      }
      for consumer in consumers { try scene.waitFor("reading social_media", from: consumer) }
      let others = try stores.map(otherConnection)
      for other in others { try other.inDatabase { try $0.execute(sql: "BEGIN IMMEDIATE") } }
      try scene.broker.publish(2000, seed: 1)
      let impatient = try consumers[1].wait()
      #expect(impatient.status == 1)
      #expect(impatient.standardError.contains("is locked by another program"), "\(impatient)")
      try scene.waitFor("is locked by another program", from: consumers[0])
      for other in others { try other.inDatabase { try $0.execute(sql: "ROLLBACK") } }
      try waitUntil("all is stored") {
        try StoreReader(path: stores[0]).integers("SELECT COUNT(*) FROM posts") == [2000]
      }
      consumers[0].send(signal: SIGTERM)
      let patient = try consumers[0].wait()
      #expect(patient.status == 0 && patient.standardError.contains("goes on"), "\(patient)")
      try scene.expect(2000, in: stores[0])
      for store in stores {
        #expect(
          try StoreReader(path: store).integers("SELECT COUNT(*) FROM rejected_messages") == [0])
      }
    }
  }

  #if os(Linux)
    /// While one consumer waits for room another comes, takes half of the partitions over and waits too;
    /// the first one leaves, and the second one reads what both had in hand.
    @Test(.enabled(if: geteuid() == 0, "only root can make a small disk"))
    func aRebalanceWhileTheDiskIsFullLosesNothing() async throws {
      try await onThread {
        let scene = try Scene()
        let disk = try SmallDisk(in: scene.files)
        let path = disk.path + "/store.db"
        try scene.broker.publish(20_000, seed: 2)
        let session = ["-X", "session.timeout.ms=6000", "-X", "heartbeat.interval.ms=300"]
        let first = try scene.start(session, store: path)
        try scene.waitFor("no room left on the disk", from: first)
        let second = try scene.start(session, store: path)
        try scene.waitFor("reading social_media", from: second)
        // A member that comes late to the group's first meeting causes another one.
        try waitUntil("the first consumer shares") {
          first.standardError.components(separatedBy: "reading social_media").count > 2
        }
        let before = try StoreReader(path: path).integers("SELECT COUNT(*) FROM posts")[0]
        #expect(before < 20_000 && first.isRunning && second.isRunning)
        first.send(signal: SIGKILL)
        try first.wait()
        try disk.grow()
        try waitUntil("the second consumer has read all", timeout: .seconds(60)) {
          guard second.isRunning else {
            throw TestSupportError("the consumer has ended: \(second.standardError)")
          }
          return try StoreReader(path: path).integers("SELECT COUNT(*) FROM posts") == [20_000]
        }
        second.send(signal: SIGTERM)
        #expect(try second.wait().status == 0)
        try scene.expect(20_000, in: path)
      }
    }

    @Test(.enabled(if: geteuid() == 0, "only root can make a small disk"))
    func aFullDiskIsWaitedFor() async throws {
      try await onThread {
        let scene = try Scene()
        let (files, broker) = (scene.files, scene.broker)
        let disk = try SmallDisk(in: files)
        let path = disk.path + "/store.db"
        try broker.publish(20_000, seed: 2)
        let consumer = try scene.start("--exit-at-end", store: path)
        try scene.waitFor("no room left on the disk", from: consumer)
        let before = try StoreReader(path: path).integers("SELECT COUNT(*) FROM posts")[0]
        #expect(before < 20_000)
        // It says so once, and keeps where it is.
        Thread.sleep(forTimeInterval: 3)
        #expect(consumer.isRunning)
        #expect(
          consumer.standardError.components(separatedBy: "no room left on the disk").count == 2)
        try disk.grow()
        let outcome = try consumer.wait(timeout: .seconds(120))
        #expect(outcome.status == 0, "\(outcome.standardError)")
        #expect(outcome.standardError.contains("goes on"))
        let reader = try StoreReader(path: path)
        #expect(try reader.integers("SELECT COUNT(*) FROM posts") == [20_000])
        #expect(try reader.integers("SELECT SUM(next_offset) FROM kafka_partitions") == [20_000])
        #expect(try reader.integers("SELECT COUNT(*) FROM rejected_messages") == [0])
        #expect(try reader.verifyRollups().differences.isEmpty)
      }
    }
  #endif

  @Test(arguments: [false, true])
  func aFileThatIsNoLongerThereIsNotWrittenInto(_ isReplaced: Bool) async throws {
    try await onThread {
      let scene = try Scene()
      let (files, broker, store) = (scene.files, scene.broker, scene.store)
      try broker.publish(500, seed: 3)
      let consumer = try scene.start()
      try waitUntil("posts are stored") {
        let reader = try? StoreReader(path: store)
        return try reader?.integers("SELECT COUNT(*) FROM posts") == [500]
      }
      if isReplaced {
        #expect(try socialq(["backup", files.path("b.db")], store: store).status == 0)
        try #require(rename(files.path("b.db"), store) == 0)
      } else {
        try FileManager.default.removeItem(atPath: store)
      }
      let outcome = try consumer.wait()
      #expect(outcome.status == 1)
      let words = isReplaced ? "was replaced by another file" : "was deleted"
      #expect(outcome.standardError.contains("the store \(store) \(words) while it was open"))
    }
  }

  @Test func aStoreThatMayNotBeWrittenIsSaid() async throws {
    try await onThread {
      let scene = try Scene()
      let (broker, store) = (scene.broker, scene.store)
      try broker.publish(10, seed: 4)
      do { _ = try StoreWriter(path: store) }
      try FileManager.default.setAttributes([.posixPermissions: 0o444], ofItemAtPath: store)
      let unprivileged =
        geteuid() == 0 ? ["setpriv", "--bounding-set=-dac_override,-dac_read_search"] : []
      let outcome = try Program(
        executable: URL(fileURLWithPath: "/usr/bin/env"),
        unprivileged + [
          TestFiles.products.appendingPathComponent("social-consumer").path, "--brokers",
          broker.brokers, "--db", store, "--exit-at-end",
        ]
      ).wait()
      #expect(outcome.status == 1)
      #expect(outcome.standardError.contains("\(store) cannot be written"), "\(outcome)")
    }
  }

  @Test func aRowThatTheTablesRefuseIsRejectedAlone() async throws {
    try await onThread {
      let scene = try Scene()
      let (files, broker, store) = (scene.files, scene.broker, scene.store)
      try broker.publish(1500, seed: 5)
      try broker.consumeToEnd(into: files.path("first.db"), ["--group", "first"])
      let ids = try StoreReader(path: files.path("first.db")).strings(
        "SELECT post_id FROM posts ORDER BY id LIMIT 2 OFFSET 700")
      _ = try StoreWriter(path: store)
      try otherConnection(store).write {
        try $0.execute(
          sql: """
            CREATE TRIGGER refuse BEFORE INSERT ON posts
            WHEN NEW.post_id IN ('\(ids.joined(separator: "', '"))')
            BEGIN SELECT RAISE(ABORT, 'refused by a test'); END
            """)
      }
      let outcome = try scene.start("--exit-at-end").wait()
      #expect(outcome.status == 0)
      #expect(outcome.standardError.contains("refused by a test"), "\(outcome.standardError)")
      try scene.expect(1498, rejected: 2)
      let reader = try StoreReader(path: store)
      #expect(
        try reader.strings("SELECT CAST(key AS TEXT) FROM rejected_messages ORDER BY 1")
          == ids.sorted())
      #expect(
        try reader.strings("SELECT DISTINCT field || ': ' || problem FROM rejected_messages")
          == ["store: refused by the tables"])
      try otherConnection(store).write { try $0.execute(sql: "DROP TRIGGER refuse") }
      #expect(
        try socialq(["rejected", "replay"], store: store).standardOutput
          == "2 stored, 0 still rejected\n")
      try scene.expect(1500)
      #expect(
        try reader.shownPosts() == StoreReader(path: files.path("first.db")).shownPosts())
    }
  }

  @Test func theLogStaysBoundedUnderAReaderThatNeverLeaves() async throws {
    try await onThread {
      let scene = try Scene()
      let (broker, store) = (scene.broker, scene.store)
      _ = try StoreWriter(path: store)
      try broker.publish(20_000, seed: 6)
      let reader = try otherConnection(store)
      try reader.inDatabase { try $0.execute(sql: "BEGIN; SELECT COUNT(*) FROM posts") }
      let consumer = try scene.start("--exit-at-end", "--wal-limit", "4", "--lock-timeout", "1s")
      try scene.waitFor("a program that reads the store without end", from: consumer)
      let size = try FileManager.default.attributesOfItem(atPath: store + "-wal")[.size] as? Int64
      Thread.sleep(forTimeInterval: 2)
      let later = try FileManager.default.attributesOfItem(atPath: store + "-wal")[.size] as? Int64
      // The limit, and the transaction that went beyond it.
      let bytes = try #require(size)
      #expect(size == later && bytes < 12_000_000)
      #expect(consumer.isRunning)
      try reader.inDatabase { try $0.execute(sql: "COMMIT") }
      let outcome = try consumer.wait(timeout: .seconds(120))
      #expect(outcome.status == 0, "\(outcome.standardError)")
      try scene.expect(20_000)
    }
  }
}

/// A broker, a place for a store, and consumers between them.
private struct Scene {
  let files: TemporaryDirectory
  let broker: EmbeddedBroker
  var store: String { files.path("store.db") }

  init() throws {
    files = try TemporaryDirectory()
    broker = try EmbeddedBroker()
  }

  func start(_ arguments: String..., store: String? = nil) throws -> Program {
    try start(arguments, store: store)
  }

  func start(_ arguments: [String], store: String? = nil) throws -> Program {
    try Program(
      "social-consumer",
      ["--brokers", broker.brokers, "--db", store ?? self.store, "--batch-size", "500"] + arguments)
  }

  func waitFor(_ words: String, from consumer: Program) throws {
    try waitUntil("the consumer says '\(words)'", timeout: .seconds(60)) {
      guard consumer.isRunning else {
        throw TestSupportError("the consumer has ended: \(consumer.standardError)")
      }
      return consumer.standardError.contains(words)
    }
  }

  /// Holds the store against the number of posts published to it.
  func expect(_ posts: Int64, in path: String? = nil, rejected: Int64 = 0) throws {
    let reader = try StoreReader(path: path ?? store)
    #expect(try reader.integers("SELECT COUNT(*) FROM posts") == [posts])
    #expect(
      try reader.integers("SELECT SUM(next_offset) FROM kafka_partitions") == [posts + rejected])
    #expect(try reader.integers("SELECT SUM(stored) FROM kafka_partitions") == [posts])
    #expect(try socialq(["doctor"], store: path ?? store).status == 0)
  }
}
