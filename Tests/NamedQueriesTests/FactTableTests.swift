import GRDB
import PostStore
import Posts
import StoreFixtures
import Testing

@testable import NamedQueries

/// What is added up outside of SQLite is what SQLite makes of the same posts.
@Suite struct FactTableTests {
  /// Posts of some minutes, by some accounts, with some hashtags.
  private static func posts(_ count: Int) throws -> [Post] {
    let start = try instant("2026-03-01T10:00:00Z").microseconds
    let tags = ["#a", "#A", "#b", "#c", "#d", "#e"].compactMap { Hashtag($0) }
    return (0..<count).map { index in
      .sample(ExactString("p\(index)")) { post in
        post.timestamp = Timestamp(microseconds: start + Int64(index) * 7_000_000)
        post.userID = ExactString("u\(index * index % 23)")
        post.platform = index % 3 == 0 ? "Twitter" : "Reddit"
        post.hashtags = index % 5 == 0 ? [] : [tags[index % 4], tags[4 + index % 2]]
        post.engagementRate.hundredths = Int64(index % 11)
        post.likes = Int64(index)
        post.followers = Int64(index % 37)
        post.isVerified = index % 23 == 4
        post.isInfluencer = index % 2 == 0
      }
    }
  }

  private static let statements = [
    "SELECT SUM(posts) AS a, SUM(likes) AS b FROM post_facts",
    "SELECT 1 AS a, COUNT(*) > 0 AS b FROM post_facts",
    "SELECT bucket AS a, SUM(posts) AS b FROM hashtag_facts GROUP BY bucket ORDER BY 1",
    "SELECT hashtag AS a, SUM(likes) AS b FROM hashtag_facts GROUP BY hashtag_id ORDER BY 1",
    "SELECT SUM(posts) AS a, platform AS b FROM hashtag_facts GROUP BY platform ORDER BY 2",
    "SELECT hashtag AS a, accounts AS b FROM hashtag_accounts ORDER BY 1",
    "SELECT rate_hundredths AS a, SUM(posts) AS b FROM rate_facts GROUP BY 1 ORDER BY 1",
    "SELECT accounts AS a, verified_users + 1000 * influencers AS b FROM account_counts",
    "SELECT bucket AS a, accounts * 1000 + influencers AS b FROM account_counts ORDER BY 1",
    "SELECT MAX(max_followers) AS a, username AS b FROM account_facts GROUP BY username ORDER BY 2",
    "SELECT followers AS a, SUM(posts) AS b FROM account_facts GROUP BY followers ORDER BY 1",
    "SELECT user_id AS a, SUM(likes) AS b FROM account_facts GROUP BY 1 ORDER BY 1",
    "SELECT COUNT(DISTINCT user_key) AS a, SUM(posts) AS b FROM account_facts",
    "SELECT a.bucket_number AS a, SUM(a.likes) AS b FROM post_facts AS a GROUP BY 1 ORDER BY 1",
    "SELECT hour AS a, MAX(weekday) AS b FROM post_facts GROUP BY hour ORDER BY 1",
    // What facts are read from has a name that a query may use for itself.
    "WITH fact_rows AS (SELECT 3 AS n), fact_rows_ AS (SELECT 4) SELECT n AS a, SUM(posts) AS b FROM fact_rows, post_facts",
  ]

  @Test(arguments: statements)
  func addedUpIsWhatSQLiteAddsUp(_ sql: String) throws {
    let store = try TemporaryStore(try Self.posts(2000))
    let query = try namedQuery("a", "b", header: "-- bucket: minute\n", sql: sql)
    for window in [
      Window.open, Window(since: try instant("2026-03-01T10:07:30Z"), until: nil),
      Window(
        since: try instant("2026-03-01T10:20:00Z"), until: try instant("2026-03-01T12:31:11Z")),
      Window(since: try instant("2027-01-01T00:00:00Z"), until: nil),
    ] {
      for platforms in [[], ["Reddit"]] {
        var scope = Scope(window: window)
        scope.platforms = platforms
        let addedUp = try store.reader.answer(query, scope: scope)
        scope.usesRollups = false
        #expect(try store.reader.answer(query, scope: scope) == addedUp)
      }
    }
  }

  /// However few pairs there is room for, each hashtag is counted whole, and once.
  @Test(arguments: [0, 1, 5, 40, 1000])
  func accountsAreCountedInAsLittleRoomAsThereIs(_ pairLimit: Int) throws {
    let store = try TemporaryStore(try Self.posts(500))
    let counts = try store.reader.read { db -> [Int64: Int64] in
      let connection = try #require(db.sqliteConnection)
      let request = FactRequest(
        statements: [.init(sql: "SELECT p.hashtags, p.user FROM posts AS p", hashtagKey: 0)],
        keyCount: 2, sumCount: 1, timeUnit: nil, purpose: .countOfLastKey)
      let cursor = try FactCursor(
        request, connection: connection, path: store.reader.path, pairLimit: pairLimit)
      var counts: [Int64: Int64] = [:]
      while !cursor.isAtEnd {
        #expect(cursor.place == Int64(counts.count))
        #expect(counts.updateValue(cursor.value(2), forKey: cursor.value(0)) == nil)
        try cursor.advance()
      }
      return counts
    }
    let expected = try store.reader.read { db in
      try Row.fetchAll(
        db,
        sql: """
          SELECT hs.hashtag AS hashtag, COUNT(DISTINCT p.user) AS accounts
          FROM posts AS p CROSS JOIN json_each(p.hashtags) AS e
          CROSS JOIN hashtag_spellings AS hs ON hs.id = e.value GROUP BY 1
          """
      ).map { ($0["hashtag"] as Int64, $0["accounts"] as Int64) }
    }
    #expect(counts == Dictionary(uniqueKeysWithValues: expected))
    #expect(counts.count == 5)
  }

  /// More groups than are kept at once come in parts, which add up to the same.
  @Test func manyGroupsAreHandedOverInParts() throws {
    let store = try TemporaryStore()
    try store.reader.read { db in
      let connection = try #require(db.sqliteConnection)
      let request = FactRequest(
        statements: [
          .init(
            sql: """
              WITH RECURSIVE n (i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < 199999)
              SELECT i % 70000, 1 FROM n
              """)
        ], keyCount: 1, sumCount: 1, timeUnit: nil, purpose: .sums(greatest: []))
      let cursor = try FactCursor(request, connection: connection, path: store.reader.path)
      var sums: [Int64: Int64] = [:]
      var groups: Int64 = 0
      while !cursor.isAtEnd {
        #expect(cursor.place == groups)
        groups += 1
        sums[cursor.value(0), default: 0] += cursor.value(1)
        try cursor.advance()
      }
      #expect(groups > 70_000)
      #expect(sums.count == 70_000)
      #expect(sums.values.reduce(0, +) == 200_000)
    }
  }

  @Test func timeIsUpWhileFactsAreAddedUp() throws {
    let store = try TemporaryStore(try Self.posts(2000))
    let query = try namedQuery(
      "n",
      sql: """
        WITH RECURSIVE i (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM i WHERE n < 1000000)
        SELECT SUM((SELECT SUM(posts) FROM rate_facts WHERE rate_hundredths <> i.n)) AS n FROM i
        """)
    #expect {
      try store.reader.answer(query, scope: Scope(window: .open), timeLimit: 0.05)
    } throws: { error in
      (error as? QueryError)?.code == .timeout
    }
  }

  /// Of days whose hours of accounts were never kept the days are read, or their posts.
  @Test func hoursThatWereNotKeptAreNotRead() throws {
    let store = try TemporaryStore(try Self.posts(20_000))
    let from = try instant("2026-03-02T00:00:00Z")
    try DatabaseQueue(path: store.reader.path).write { db in
      try db.execute(
        sql: """
          DELETE FROM rollup_account_hour WHERE start_s < \(from.microseconds / 1_000_000);
          UPDATE rollup_state SET account_hours_from_us = \(from.microseconds);
          """)
    }
    let query = try namedQuery(
      "a", "b", sql: "SELECT COUNT(DISTINCT user_key) AS a, SUM(posts) AS b FROM account_facts")
    for since in [nil, "2026-03-01T11:00:00Z", "2026-03-02T00:00:00Z", "2026-03-02T01:30:00Z"] {
      var scope = Scope(
        window: Window(
          since: try since.map { try instant($0) }, until: try instant("2026-03-02T12:30:00Z")))
      let answer = try store.reader.answer(query, scope: scope)
      scope.usesRollups = false
      #expect(try store.reader.answer(query, scope: scope) == answer)
    }
  }

  /// Whatever stands in a rollup, a query ends with an answer or an error.
  @Test(arguments: [
    "UPDATE rollup_base_hour SET start_s = -9223372036854 WHERE start_s = (SELECT MIN(start_s) FROM rollup_base_hour)",
    "UPDATE rollup_account_day SET accounts = x'0104ffffff03010001000100010001000100010001000100'",
    "UPDATE rollup_account_day SET accounts = x'ff'",
    "UPDATE rollup_account_total_day SET accounts = x'0104ffffff03010001000100010001000100010001000100'",
    "UPDATE rollup_account_total_day SET accounts = x'ff'",
    "DELETE FROM users WHERE id > 3",
  ])
  func damageIsNoTrap(_ damage: String) throws {
    let store = try TemporaryStore(try Self.posts(2000))
    var configuration = Configuration()
    configuration.foreignKeysEnabled = false
    try DatabaseQueue(path: store.reader.path, configuration: configuration).write {
      try $0.execute(sql: damage)
    }
    var failures = 0
    var scope = Scope(window: Window(since: nil, until: nil))
    for sentiments in [[], ["positive", "neutral", "negative"]] as [[String]] {
      scope.sentiments = sentiments
      for sql in [
        "SELECT bucket AS n FROM post_facts GROUP BY 1",
        "SELECT SUM(accounts) AS n FROM account_counts",
        "SELECT SUM(posts) AS n FROM account_facts",
      ] {
        do {
          _ = try store.reader.answer(
            try namedQuery("n", header: "-- bucket: hour\n", sql: sql), scope: scope)
        } catch let error as StoreError {
          #expect(error.code == .corrupt)
          failures += 1
        }
      }
    }
    #expect(failures > 0 || damage.contains("start_s"))
  }

  /// A name that a query gives is not a bucket that it reads.
  @Test func aNameIsNoBucket() throws {
    let store = try TemporaryStore(try Self.posts(2000))
    let named = try namedQuery(
      "bucket", "n", header: "-- bucket: minute\n",
      sql: "SELECT 'all' AS bucket, accounts AS n FROM account_counts")
    #expect(try store.reader.answer(named) == [[.text("all"), .integer(12)]])
    let read = try namedQuery(
      "b", "n", header: "-- bucket: minute\n",
      sql: "SELECT bucket AS b, accounts AS n FROM account_counts")
    #expect(try store.reader.answer(read).count > 1)
  }

  /// What stops the scan is what the user is told, not that something did.
  @Test func aDamagedStoreIsNamed() throws {
    let store = try TemporaryStore(try Self.posts(20))
    try DatabaseQueue(path: store.reader.path).write {
      try $0.execute(sql: "DELETE FROM hashtag_spellings")
    }
    let query = try namedQuery("n", sql: "SELECT SUM(accounts) AS n FROM hashtag_accounts")
    #expect {
      try store.reader.answer(query)
    } throws: { error in
      (error as? StoreError)?.code == .corrupt
    }
  }
}
