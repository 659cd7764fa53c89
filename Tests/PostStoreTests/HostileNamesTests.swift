import GRDB
import Posts
import StoreFixtures
import TestSupport
import Testing

@testable import PostStore

/// Names without end, and names of a megabyte: the store says where it stops, and its memory is bounded.
@Suite struct HostileNamesTests {
  private let folder: TemporaryDirectory
  private let path: String

  init() throws {
    folder = try TemporaryDirectory()
    path = folder.path("store.db")
  }

  @Test(arguments: [
    ("platforms", "platform"), ("post_types", "post_type"), ("content_types", "content_type"),
    ("topics", "topic"), ("languages", "language"),
  ])
  func moreDifferentOnesThanItTakesAreRefused(_ table: String, _ column: String) throws {
    let writer = try StoreWriter(path: path)
    func post(_ id: ExactString, _ name: ExactString) -> Post {
      .sample(id) { post in
        switch column {
        case "platform": post.platform = name
        case "post_type": post.postType = name
        case "content_type": post.contentType = name
        case "topic": post.topic = name
        default: post.language = name
        }
      }
    }
    try writer.store([post("a", "first")])
    try DatabaseQueue(path: path).write { db in
      try db.execute(
        sql: """
          WITH RECURSIVE n (i) AS (SELECT 3 UNION ALL SELECT i + 1 FROM n WHERE i < 10000)
          INSERT OR IGNORE INTO \(table) (id, name) SELECT i, 'name ' || i FROM n;
          INSERT OR IGNORE INTO \(table) (id, name) VALUES (2, 'name 2');
          """)
    }
    #expect {
      try writer.store([post("b", "one too many")])
    } throws: { error in
      let error = error as? StoreError
      return error?.code == .refused && error?.field == column
        && error?.message.contains("10000 different \(table)") == true
    }
    try writer.store([post("c", "first"), post("d", "name 10000")])
    let reader = try StoreReader(path: path)
    #expect(try reader.strings("SELECT post_id FROM posts ORDER BY 1") == ["a", "c", "d"])
    #expect(try reader.integers("SELECT COUNT(*) FROM \(table)") == [10_000])
    #expect(try reader.verifyRollups().differences == [])
  }

  @Test func longNamesAreStoredAndNotRemembered() throws {
    _ = try StoreWriter(path: path)
    try DatabaseQueue(path: path).write { db in
      let connection = try #require(db.sqliteConnection)
      let users = try TextDictionary(
        table: "users", column: "user_id", limit: nil, connection: connection, path: path)
      let long = ExactString(String(repeating: "x", count: 1 << 20))
      let id = try users.id(of: long)
      #expect(try users.id(of: long) == id)
      #expect(users.ids[long] == nil)
      // Twelve megabytes of names that are not so long.
      let names = (0..<4000).map { ExactString("\($0) " + String(repeating: "y", count: 3000)) }
      let ids = try names.map { try users.id(of: $0) }
      #expect(users.ids[names[3999]] != nil)
      #expect(users.ids[names[0]] == nil)
      #expect(try names.map { try users.id(of: $0) } == ids)
    }
  }
}
