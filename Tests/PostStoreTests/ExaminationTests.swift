import Foundation
import GRDB
import Posts
import StoreFixtures
import TestSupport
import Testing

@testable import PostStore

/// What an examination finds in stores that are broken on purpose.
@Suite struct ExaminationTests {
  private let folder: TemporaryDirectory
  private let path: String

  init() throws {
    folder = try TemporaryDirectory()
    path = folder.path("store.db")
    let writer = try StoreWriter(path: path)
    try writer.store(
      (0..<400).map { number in
        .sample(ExactString("p\(number)")) {
          $0.userID = ExactString("user \(number)")
          $0.timestamp = Timestamp(microseconds: 1_764_000_000_000_000 + Int64(number) * 1_000_000)
          $0.hashtags = ["#AI", "#b"].compactMap { Hashtag($0) }
        }
      })
    let rejected = Rejection(field: "likes", problem: "missing")
    _ = try writer.apply(
      [PartitionStretch(400, [(0, .rejected(rejected, key: nil, value: [1]))])],
      now: Timestamp(microseconds: 1))
  }

  private func examine(_ path: String? = nil) throws -> [StoreCheck] {
    var checks: [StoreCheck] = []
    let now = Timestamp(microseconds: 1_764_000_000_000_000)
    try StoreExamination(path: path ?? self.path, now: now).run { checks.append($0) }
    return checks
  }

  @Test func aStoreThatIsWholeHasNoFinding() throws {
    let checks = try examine()
    #expect(
      checks.map(\.name) == [
        "file", "owner", "schema", "integrity", "foreign keys", "dictionaries", "offsets",
        "rollups",
        "disk", "log",
      ])
    #expect(checks.filter { $0.result != .ok }.isEmpty, "\(checks)")
    // While somebody writes, and when the store is empty.
    let other = try otherConnection(path)
    try other.inDatabase { try $0.execute(sql: "BEGIN IMMEDIATE; DELETE FROM posts") }
    #expect(try examine().map(\.result) == checks.map(\.result))
    try other.inDatabase { try $0.execute(sql: "ROLLBACK") }
    _ = try StoreWriter(path: folder.path("empty.db"))
    #expect(try examine(folder.path("empty.db")).allSatisfy { $0.result == .ok })
  }

  /// What another program does to a store, which check finds it, and words of what is said.
  static let damages: [(sql: String, check: String, words: String)] = [
    ("DELETE FROM users WHERE id = 3", "foreign keys", "1 rows of posts refer to rows of users"),
    (
      "UPDATE posts SET id = 300000, post_id = 'p1' WHERE id = (SELECT MAX(id) FROM posts)",
      "integrity", "1 posts are there more than once"
    ),
    ("UPDATE posts SET hashtags = '[1' WHERE id = 1", "dictionaries", "no list"),
    ("UPDATE posts SET hashtags = '[1,77]' WHERE id < 3", "dictionaries", "2 hashtags of posts"),
    ("UPDATE hashtags SET spelling = '#zz' WHERE id = 1", "dictionaries", "not their first"),
    ("UPDATE kafka_partitions SET next_offset = -1", "offsets", "below 0"),
    ("UPDATE kafka_partitions SET end_offset = -1", "offsets", "below 0"),
    ("UPDATE kafka_partitions SET next_offset = 401, missing = 1", "offsets", "more messages"),
    ("UPDATE kafka_partitions SET rejected = 0", "offsets", "another number"),
    ("UPDATE kafka_partitions SET committed_us = 1864000000000000", "offsets", "in the future"),
    (
      "UPDATE rejected_messages SET \"offset\" = 401", "offsets",
      "social_media[0] has rejected messages that it has not read"
    ),
    ("UPDATE rejected_messages SET topic = 'x'", "offsets", "x[0] has rejected messages"),
    ("UPDATE rollup_base_day SET likes = likes + 1", "rollups", "'socialq rollups rebuild' mends"),
    ("UPDATE posts SET likes = 11 WHERE id = 1", "rollups", "rows differ"),
    ("UPDATE rollup_state SET is_built = 0", "rollups", "cut short"),
    (
      "UPDATE rollup_state SET rebuild_next_us = 0, rebuild_until_us = 1", "rollups", "cut short"
    ),
    ("PRAGMA application_id = 7", "owner", "another program (application_id 7)"),
    ("INSERT INTO schema_migrations VALUES ('9999-later', '0', 0)", "schema", "newer socialq"),
    ("DELETE FROM schema_migrations WHERE name > '0004'", "schema", "older version"),
    ("UPDATE schema_migrations SET checksum = '0'", "schema", "was edited"),
    ("DROP TABLE schema_migrations", "schema", "schema_migrations"),
  ]

  @Test(arguments: damages)
  func damageIsFoundAndSaid(_ damage: (sql: String, check: String, words: String)) throws {
    try otherConnection(path).writeWithoutTransaction {
      try $0.execute(sql: "PRAGMA foreign_keys = OFF; \(damage.sql)")
    }
    let found = try examine().filter { $0.result != .ok }
    // Another check may see the same from its side.
    let check = try #require(found.first { $0.name == damage.check }, "\(found)")
    #expect(check.result == .finding)
    #expect(check.text.contains(damage.words), "\(check.text)")
  }

  /// Any page may be lost: each one that is in use is overwritten in turn.
  @Test func anyPageThatIsDamagedIsFound() throws {
    try otherConnection(path).writeWithoutTransaction {
      try $0.execute(sql: "PRAGMA wal_checkpoint(TRUNCATE)")
    }
    let whole = try Data(contentsOf: URL(fileURLWithPath: path))
    let size = 4096
    let pages = whole.count / size
    #expect(pages > 60)
    let copy = folder.path("copy.db")
    for page in 0..<pages {
      var bytes = whole
      // The head of the file says that it is a database.
      let start = page * size + (page == 0 ? 100 : 0)
      bytes.replaceSubrange(
        start..<(page + 1) * size, with: Data(repeating: 0xA5, count: (page + 1) * size - start))
      try bytes.write(to: URL(fileURLWithPath: copy))
      let found = try examine(copy).filter { $0.result == .finding }
      #expect(!found.isEmpty, "page \(page + 1)")
      #expect(found.contains { $0.text.contains("restore a backup") || $0.name == "schema" })
    }
    try whole.write(to: URL(fileURLWithPath: copy))
    #expect(try examine(copy).allSatisfy { $0.result == .ok })
  }

  @Test(arguments: [
    ("", "is empty"), (String(repeating: "not a database\n", count: 600), "is not an SQLite"),
    ("SQLite format 3\0" + String(repeating: "\u{7F}", count: 8192), "not a socialq store"),
    ("SQLite", "is not an SQLite"),
  ])
  func aFileThatIsNoStoreIsSaid(_ content: String, _ words: String) throws {
    let other = try folder.write(content, to: "other")
    let checks = try examine(other)
    #expect(checks.last?.result == .finding)
    #expect(checks.last?.text.contains(words) == true, "\(checks)")
    #expect(try String(contentsOfFile: other, encoding: .utf8) == content)
  }

  @Test func withoutAFileThereIsNothingToExamine() throws {
    let error = #expect(throws: StoreError.self) { try examine(folder.path("none.db")) }
    #expect(error?.code == .notFound)
    #expect(throws: StoreError.self) { try examine(folder.path) }
  }

  @Test func aLogThatGrewIsFound() throws {
    // Whoever has the store open keeps its log.
    let reader = try StoreReader(path: path)
    #expect(try reader.integers("SELECT 1") == [1])
    try #require(truncate(path + "-wal", off_t(StoreExamination.longLog + 1)) == 0)
    let log = try #require(try examine().last)
    #expect(log.name == "log" && log.result == .finding)
    #expect(log.text.contains("\(StoreExamination.longLog + 1) bytes"))
  }

  @Test func scarceRoomIsFound() {
    let file = StoreFile(path: path)
    #expect(DiskSpace.check(file, free: DiskSpace.scarce).result == .ok)
    #expect(DiskSpace.check(file, free: DiskSpace.scarce - 1).result == .finding)
    #expect(DiskSpace.check(file, free: nil).result == .unchecked)
    #expect((DiskSpace.free(beside: file) ?? 0) > 0)
  }
}
