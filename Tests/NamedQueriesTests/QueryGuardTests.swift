import Foundation
import GRDB
import NamedQueries
import PostStore
import Posts
import StoreFixtures
import TestSupport
import Testing

@Suite struct QueryGuardTests {
  private let store: TemporaryStore

  init() throws {
    store = try TemporaryStore([.sample("1"), .sample("2")])
  }

  private func refusal(_ sql: String) throws -> QueryError? {
    let query = try namedQuery("x", sql: sql)
    return #expect(throws: QueryError.self, "\(sql)") { try store.reader.answer(query) }
  }

  @Test(arguments: [
    "DELETE FROM posts", "DELETE FROM posts RETURNING 1 AS x",
    "INSERT INTO platforms (name) VALUES ('x') RETURNING name AS x",
    "UPDATE posts SET likes = 0 RETURNING likes AS x", "DROP TABLE posts",
    "CREATE TABLE t (x)", "CREATE TEMP TABLE t (x)", "CREATE VIEW v AS SELECT 1 AS x",
    "WITH a AS (SELECT 1) DELETE FROM posts WHERE id IN (SELECT * FROM a)",
    "ATTACH 'other.db' AS other", "DETACH main", "VACUUM", "VACUUM INTO 'copy.db'",
    "PRAGMA user_version", "PRAGMA user_version = 5", "PRAGMA query_only = 0",
    "SELECT name AS x FROM pragma_table_info('posts')", "BEGIN", "COMMIT", "ROLLBACK",
    "SAVEPOINT s", "ANALYZE", "REINDEX",
  ])
  func onlySelectingIsAllowed(_ sql: String) throws {
    // Another connection sees whatever is committed, also what is still in the write-ahead log alone.
    let other = try otherConnection(store.folder.path("store.db"))
    let before = try StoreContents(other)
    let error = try refusal(sql)
    #expect(error?.code == .queryFile)
    #expect(error?.message.hasPrefix("folder/q.sql:3: ") == true, "\(error as Any)")
    #expect(
      error?.message.contains("is not allowed: a query is a SELECT from scoped_posts") == true)
    #expect(try StoreContents(other) == before)
    // The connection is as good as before.
    let query = try namedQuery("x", sql: "SELECT COUNT(*) AS x FROM scoped_posts")
    #expect(try store.reader.answer(query) == [[.integer(2)]])
  }

  /// A change of anything at all would be seen by the test above.
  @Test(arguments: [
    "DELETE FROM posts", "INSERT INTO platforms (name) VALUES ('x')", "CREATE TABLE t (x)",
    "UPDATE posts SET likes = likes + 1", "PRAGMA user_version = 5", "ANALYZE",
  ])
  func aWriteShows(_ sql: String) throws {
    let other = try otherConnection(store.folder.path("store.db"))
    let before = try StoreContents(other)
    #expect(try StoreContents(other) == before)
    try otherConnection(store.folder.path("store.db")).write { try $0.execute(sql: sql) }
    let after = try StoreContents(other)
    #expect(after.dataVersion != before.dataVersion)
    #expect(after.schema != before.schema || after.rows != before.rows)
  }

  @Test(arguments: [
    ("SELECT 1 AS x; SELECT 2 AS x", "more than one statement"),
    ("SELECT 1 AS x; DELETE FROM posts", "more than one statement"),
    ("SELECT 1 AS x;;SELECT 2", "more than one statement"),
    ("", "there is no statement"),
    (";", "there is no statement"),
    ("-- nothing but a comment", "there is no statement"),
    ("SELECT FROM", "syntax error"),
    ("SELECT x FROM nowhere", "no such table: nowhere"),
    ("SELECT missing AS x FROM scoped_posts", "no such column: missing"),
  ])
  func aQueryIsOneStatement(_ sql: String, _ problem: String) throws {
    let error = try refusal(sql)
    #expect(error?.code == .queryFile)
    #expect(error?.message.hasPrefix("folder/q.sql:") == true, "\(error as Any)")
    #expect(error?.message.contains(problem) == true, "\(error as Any)")
    #expect(error?.message.contains("the store") == false)
  }

  @Test(arguments: [
    ("SELECT 1 AS x,\n  missing\nFROM scoped_posts", 4, "no such column: missing"),
    ("SELECT a.missing AS x\nFROM scoped_posts AS a", 3, "no such column: a.missing"),
    ("SELECT 1 AS x\n\nFROM post_fact", 5, "no such table: post_fact: did you mean "),
    ("SELECT 1 AS x FROM\n  \"zebra stripes\"", 4, "a query reads scoped_posts, post_hashtags"),
    ("-- a remark\nSELECT 1 AS x\nFROM scoped_posts\nWHERE (", 6, "incomplete input"),
    ("WITH a AS (SELECT 1 AS x\n),\nb AS (SELEC 2)\nSELECT x FROM a", 5, "syntax error"),
    (
      "WITH a AS (\n  SELECT 'é' AS x FROM scoped_posts\n)\nSELECT nope(x) AS x FROM a", 6,
      "no such function: nope"
    ),
    ("SELECT 1 AS x FROM post_facts;\nSELECT 2", 4, "more than one statement"),
    ("SELECT 1 AS x\nUNION SELECT 1, 2", 3, "same number of result columns"),
    ("SELECT abs(-9223372036854775808) AS x", 3, "integer overflow"),
  ])
  func anErrorOfSQLiteNamesTheLineOfTheFile(
    _ sql: String, _ line: Int, _ problem: String
  ) throws {
    let error = try refusal(sql)
    #expect(error?.message.hasPrefix("folder/q.sql:\(line): ") == true, "\(error as Any)")
    #expect(error?.message.contains(problem) == true, "\(error as Any)")
  }

  @Test(arguments: [
    ("DELETE FROM posts", "DELETE posts"), ("PRAGMA user_version", "PRAGMA user_version"),
    ("CREATE TABLE t (x)", "a change of the schema"), ("BEGIN", "a transaction BEGIN"),
  ])
  func whatIsForbiddenIsNamed(_ sql: String, _ action: String) throws {
    #expect(try refusal(sql)?.message.contains(": \(action) is not allowed") == true)
  }

  @Test(arguments: [
    "SELECT 5 AS x;", "SELECT 5 AS x; -- the end", "SELECT 5 AS x ;\n/* the end */\n",
    "VALUES (5)", "SELECT 5 AS x WHERE EXISTS (SELECT 1 FROM scoped_posts)",
    "SELECT value AS x FROM json_each('[5]')",
  ])
  func whatOnlyReadsIsAllowed(_ sql: String) throws {
    let query = try namedQuery(sql.hasPrefix("VALUES") ? "column1" : "x", sql: sql)
    #expect(try store.reader.answer(query) == [[.integer(5)]])
  }

  @Test(arguments: [
    // Neither does ever return a row.
    "WITH RECURSIVE n (x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n) SELECT x FROM n WHERE x < 0",
    "WITH RECURSIVE n (x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n) SELECT COUNT(*) AS x FROM n",
  ])
  func aQueryThatNeverEndsIsStopped(_ sql: String) throws {
    let query = try namedQuery("x", sql: sql)
    let start = ContinuousClock.now
    let error = #expect(throws: QueryError.self) {
      try store.reader.answer(query, timeLimit: 0.3)
    }
    let time = ContinuousClock.now - start
    #expect(error?.code == .timeout)
    #expect(error?.message.hasPrefix("'q' took longer than 0.3 s") == true)
    #expect(time >= .milliseconds(300) && time < .seconds(5))
    // The limit is each query's own.
    let next = try namedQuery("x", sql: "SELECT COUNT(*) AS x FROM scoped_posts")
    #expect(try store.reader.answer(next) == [[.integer(2)]])
  }

  @Test func anUndeclaredParameterIsNamed() throws {
    let query = try namedQuery("x", sql: "SELECT 1 AS x\nWHERE 1 <\n :limit")
    let error = #expect(throws: QueryError.self) { try store.reader.answer(query) }
    #expect(error?.code == .queryFile)
    #expect(error?.message == "folder/q.sql:5: :limit is not declared with '-- param:'")
  }

  @Test(arguments: ["?", "?1", "@limit", "$limit", ":Limit"])
  func aParameterIsNamedAsDeclared(_ mark: String) throws {
    let query = try namedQuery(
      "x", header: "-- param: limit integer = 5 | how many\n", sql: "SELECT \(mark) AS x")
    let error = #expect(throws: QueryError.self) { try store.reader.answer(query) }
    #expect(error?.code == .queryFile)
    #expect(error?.message.hasPrefix("folder/q.sql:") == true)
    #expect(error?.message.contains("is not declared") == true)
  }

  @Test func anUnusedParameterIsNamed() throws {
    let query = try namedQuery(
      "x", header: "-- param: at-least integer = 5 | how many\n",
      sql: "SELECT ':at_least' AS x -- :at_least")
    let error = #expect(throws: QueryError.self) { try store.reader.answer(query) }
    #expect(error?.code == .queryFile)
    #expect(
      error?.message == "folder/q.sql:3: parameter 'at-least' is declared, but not used")
  }

  @Test(arguments: [
    "SELECT 1 AS y, 2 AS x", "SELECT 1 AS x", "SELECT 1 AS x, 2 AS y, 3 AS z",
    "SELECT 1 AS X, 2 AS y",
  ])
  func theColumnsAreTheDeclaredOnes(_ sql: String) throws {
    let query = try namedQuery("x", "y", sql: sql)
    let error = #expect(throws: QueryError.self) { try store.reader.answer(query) }
    #expect(error?.code == .queryFile)
    #expect(
      error?.message.hasPrefix("folder/q.sql:1: it declares the columns x, y, but selects ") == true
    )
  }

  @Test func aParameterHasItsValueOrItsDefault() throws {
    let query = try namedQuery(
      "a", "b", "c", "d",
      header: """
        -- param: min-posts integer = 5 | a number
        -- param: rate number = 0.5 | a rate
        -- param: order choice up,down = up | an order
        -- param: user text | a user

        """, sql: "SELECT :min_posts AS a, :rate AS b, :order AS c, :user AS d WHERE :user = :user")
    #expect(
      try store.reader.answer(query, ["user": .text("ada")])
        == [[.integer(5), .real(0.5), .text("up"), .text("ada")]])
    #expect(
      try store.reader.answer(
        query,
        [
          "user": .text("it's"), "min-posts": .integer(7), "rate": .real(2), "order": .text("down"),
        ]) == [[.integer(7), .real(2), .text("down"), .text("it's")]])
    let error = #expect(throws: QueryError.self) { try store.reader.answer(query) }
    #expect(error?.code == .usage)
    #expect(error?.message == "'q' needs --user: a user")
  }
}

/// All that a store holds, as one connection sees it.
private struct StoreContents: Equatable {
  /// Changes whenever another connection commits.
  let dataVersion: Int64?
  let schema: [Row]
  /// The rows of each table.
  let rows: [String: [Row]]

  init(_ connection: DatabaseQueue) throws {
    (dataVersion, schema, rows) = try connection.read { db in
      let version = try Int64.fetchOne(db, sql: "PRAGMA data_version")
      let settings = try Row.fetchAll(db, sql: "PRAGMA user_version")
      let schema = try Row.fetchAll(db, sql: "SELECT * FROM sqlite_schema ORDER BY name")
      let tables = try String.fetchAll(
        db, sql: "SELECT name FROM sqlite_schema WHERE type = 'table'")
      var rows: [String: [Row]] = [:]
      for table in tables { rows[table] = try Row.fetchAll(db, sql: "SELECT * FROM \"\(table)\"") }
      return (version, settings + schema, rows)
    }
  }
}
