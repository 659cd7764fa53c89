import Foundation
import GRDB
import PostStore
import Posts
import StoreFixtures
import TestSupport
import Testing

@Suite struct RollbackTests {
  private let now = Timestamp(microseconds: 5)

  private func post(_ name: String) -> Post {
    .sample(ExactString("id of \(name)")) {
      $0.username = ExactString(name)
      $0.platform = ExactString("platform of \(name)")
      $0.hashtags = [Hashtag("#\(name)"), Hashtag("#all")].compactMap { $0 }
    }
  }

  /// What a trigger can do to a transaction: undo the statement, leave its half, or undo all at once.
  @Test(arguments: ["ABORT", "FAIL", "ROLLBACK"])
  func aFailedBatchLeavesStoreAndDictionariesRight(_ action: String) throws {
    let folder = try TemporaryDirectory()
    let path = folder.path("store.db")
    let writer = try StoreWriter(path: path)
    _ = try writer.apply([PartitionStretch(0, [(0, .post(post("ada")))])], now: now)
    let reader = try StoreReader(path: path)
    let before = try dump(reader)

    let other = try otherConnection(path)
    try other.write {
      try $0.execute(
        sql: """
          CREATE TRIGGER refuse BEFORE INSERT ON kafka_partitions WHEN NEW."partition" = 9
          BEGIN SELECT RAISE(\(action), 'partition 9 is refused'); END
          """)
    }
    let refused = PartitionID(topic: "social_media", partition: 9)
    let batch = [
      PartitionStretch(1, [(0, .post(post("bob"))), (0, .tombstone(postID: "nobody"))]),
      PartitionStretch(
        0, [(0, .post(post("cy"))), (0, .rejected(.tombstoneWithoutKey, key: nil, value: []))],
        of: refused),
    ]
    let error = #expect(throws: StoreError.self) { try writer.apply(batch, now: now) }
    #expect(error?.code == .refused)
    #expect(error?.message.contains("partition 9 is refused") == true)
    #expect(try dump(reader) == before)

    try expectRightNames(writer, reader)
  }

  #if os(Linux)
    /// The pages of a transaction go to the disk when it is committed, after all of its statements.
    @Test(.enabled(if: geteuid() == 0, "only root can make a small disk"))
    func aCommitThatFindsNoRoomLeavesStoreAndDictionariesRight() async throws {
      try await onThread {
        let folder = try TemporaryDirectory()
        let disk = try SmallDisk(in: folder)
        let path = disk.path + "/store.db"
        let writer = try StoreWriter(path: path)
        _ = try writer.apply([PartitionStretch(0, [(0, .post(post("ada")))])], now: now)
        let reader = try StoreReader(path: path)
        let before = try dump(reader)
        try disk.fill()
        let batch = [PartitionStretch(1, [(0, .post(post("bob"))), (0, .post(post("cy")))])]
        let error = #expect(throws: StoreError.self) { try writer.apply(batch, now: now) }
        #expect(error?.code == .full && error?.sql?.hasPrefix("COMMIT") == true, "\(error as Any)")
        #expect(try dump(reader) == before)
        try disk.grow()
        try expectRightNames(writer, reader)
      }
    }
  #endif

  /// After a batch with the names bob and cy has failed they come in another order, so that an id remembered
  /// of it would be another's.
  private func expectRightNames(_ writer: StoreWriter, _ reader: StoreReader) throws {
    let posts = ["eve", "cy", "bob"].map(post)
    let result = try writer.apply(
      [PartitionStretch(1, posts.map { (0, .post($0)) })], now: now)
    #expect(result.outcomes[.stored] == 3)
    #expect(
      try reader.shownPosts()
        == ([post("ada")] + posts).sorted { $0.postID < $1.postID }.map { shownRow(of: $0) })
    #expect(try reader.verifyRollups().differences.isEmpty)
  }

  private func dump(_ reader: StoreReader) throws -> [String] {
    try reader.read { db in
      let tables = try String.fetchAll(
        db, sql: "SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name")
      return try tables.flatMap { table in
        try Row.fetchAll(db, sql: "SELECT * FROM \(table)").map { "\(table) \($0)" }
      }
    }
  }
}
