import NamedQueries
import PostStore
import Posts
import StoreFixtures
import Testing

/// The forms in which a query may name the relations that are put before it.
@Suite struct ScopedSQLTests {
  static let statements = [
    "SELECT COUNT(*) AS n FROM scoped_posts",
    "select count(*) as n from Scoped_Posts",
    "\n\n  -- a remark\n /* and\n another */ SELECT COUNT(*) AS n FROM scoped_posts -- the end",
    "SELECT SUM(posts) AS n FROM post_facts",
    "WITH a AS (SELECT * FROM scoped_posts) SELECT COUNT(*) AS n FROM a",
    "with a as (SELECT * FROM scoped_posts), b as (SELECT * FROM a) SELECT COUNT(*) AS n FROM b",
    "-- a remark\nWITH /* here */ a AS (SELECT * FROM scoped_posts) SELECT COUNT(*) AS n FROM a",
    """
    WITH RECURSIVE a (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM a WHERE i < 10)
    SELECT COUNT(*) AS n FROM scoped_posts JOIN a ON a.i = 1
    """,
    """
    WITH recursive -- a remark
      a (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM a WHERE i < 10), b AS (SELECT 1)
    SELECT COUNT(*) AS n FROM a JOIN scoped_posts ON a.i = 1
    """,
    "WITH a AS (SELECT SUM(posts) AS n FROM post_facts) SELECT n FROM a",
    """
    SELECT MAX(n) AS n FROM (
      SELECT COUNT(*) AS n FROM scoped_posts UNION SELECT SUM(posts) FROM content_facts
      UNION SELECT SUM(posts) FROM account_facts UNION SELECT SUM(posts) FROM location_facts
    ) AS u
    """,
    "SELECT COUNT(*) AS n FROM scoped_posts WHERE 'hashtag_facts' <> '-- account_facts'",
  ]

  @Test(arguments: statements)
  func relationsAreNarrowedHoweverTheQueryBegins(_ sql: String) throws {
    let store = try TemporaryStore(
      (0..<5).map { index in .sample(ExactString("\(index)")) { $0.isViral = index < 3 } })
    var scope = Scope(window: .open)
    scope.viralOnly = true
    #expect(try store.reader.answer(try namedQuery("n", sql: sql), scope: scope) == [[.integer(3)]])
  }

  /// Tables of a query's own do not take the places of those that relations are made of.
  @Test(arguments: [
    ("users", "user_id", "account_facts"), ("topics", "topic", "post_facts"),
    ("platforms", "platform", "post_facts"), ("hashtags", "hashtag", "hashtag_facts"),
    ("posts", "topic", "scoped_posts"), ("hashtag_spellings", "hashtag", "post_hashtags"),
    ("rollup_base_day", "topic", "post_facts"),
  ])
  func aQuerysOwnTablesAreItsOwn(_ table: String, _ column: String, _ relation: String) throws {
    let store = try TemporaryStore(
      (0..<3).map { index in
        .sample(ExactString("\(index)")) { $0.hashtags = [Hashtag("#a")].compactMap { $0 } }
      })
    for usesRollups in [true, false] {
      var scope = Scope(window: .open)
      scope.usesRollups = usesRollups
      let plain = try store.reader.answer(
        try namedQuery("n", sql: "SELECT DISTINCT \(column) AS n FROM \(relation)"), scope: scope)
      let shadowed = try namedQuery(
        "n",
        sql: """
          WITH \(table) AS (SELECT 1 AS id, 'x' AS name, 'x' AS spelling, 1 AS hashtag)
          SELECT DISTINCT r.\(column) AS n FROM \(relation) AS r, \(table) AS t
          """)
      #expect(try store.reader.answer(shadowed, scope: scope) == plain)
      let ownName = try namedQuery(
        "n",
        sql:
          "WITH \(table) AS (SELECT DISTINCT \(column) AS n FROM \(relation)) SELECT n FROM \(table)"
      )
      #expect(try store.reader.answer(ownName, scope: scope) == plain)
    }
  }

  @Test func aQueryNeedsNoRelation() throws {
    let store = try TemporaryStore()
    #expect(
      try store.reader.answer(try namedQuery("n", sql: "-- none\nSELECT 'post_facts' AS n"))
        == [[.text("post_facts")]])
  }
}
