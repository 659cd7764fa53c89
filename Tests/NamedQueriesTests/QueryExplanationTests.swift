import GRDB
import PostStore
import Posts
import StoreFixtures
import TestSupport
import Testing

@testable import NamedQueries

@Suite struct QueryExplanationTests {
  private let store: TemporaryStore

  init() throws {
    let day = try instant("2026-03-08T00:00:00Z").microseconds
    // A post every ten minutes of two days, by turns on three platforms.
    store = try TemporaryStore(
      (0..<288).map { index in
        .sample(ExactString("p\(1000 + index)")) { post in
          post.timestamp = Timestamp(microseconds: day + Int64(index) * 600_000_000)
          post.platform = ["Twitter", "Reddit", "TikTok"][index % 3]
          post.likes = Int64(index)
          post.userID = ExactString("USER_\(index % 7)")
          post.hashtags = [Hashtag("#a"), Hashtag("#b")].compactMap { $0 }
        }
      })
  }

  /// The statement that is shown holds all values: any SQLite shell gives the same rows for it.
  @Test(arguments: [true, false])
  func theStatementGivesTheAnswerByItself(usesRollups: Bool) throws {
    let catalog = try QueryCatalog()
    var scope = Scope(
      window: Window(
        since: try instant("2026-03-08T12:50:00.000001Z"),
        until: try instant("2026-03-09T10:00:00Z")),
      zone: try Zone("America/New_York"))
    scope.platforms = ["Twitter", "TikTok"]
    scope.usesRollups = usesRollups
    // A post of the window and one of the platforms.
    let values = ["user": "USER_3", "hashtag": "#a", "post": "p1080"]
    var empty: [String] = []
    for name in catalog.names {
      let query = try catalog.query(name)
      var arguments: [String: Cell] = [:]
      for parameter in query.parameters where parameter.defaultValue == nil {
        arguments[parameter.name] = .text(try #require(values[parameter.name]))
      }
      let runner = QueryRunner(reader: store.reader)
      let explanation = try runner.explain(query, arguments: arguments, scope: scope)
      let rows = try store.reader.read { db in
        try Row.fetchAll(db, sql: explanation.sql).map { Array($0.databaseValues.map { "\($0)" }) }
      }
      let answer = try store.reader.answer(query, arguments, scope: scope)
      #expect(rows == answer.map { $0.map(Self.shown) }, "\(name)")
      #expect(!explanation.plan.isEmpty, "\(name)")
      if answer.isEmpty { empty.append(name) }
    }
    #expect(empty == ["sentiment-spikes", "top-influencers", "viral-posts"])
  }

  private static func shown(_ cell: Cell) -> String {
    switch cell {
    case .null: "\(DatabaseValue.null)"
    case .integer(let number): "\(number.databaseValue)"
    case .real(let number): "\(number.databaseValue)"
    case .text(let text): "\(text.databaseValue)"
    }
  }

  @Test func thePartsAreThoseOfTheCover() throws {
    let query = try namedQuery(
      "posts",
      sql: """
        SELECT (SELECT SUM(posts) FROM post_facts) + (SELECT SUM(posts) FROM previous_post_facts)
          AS posts
        """)
    var scope = Scope(
      window: Window(
        since: try instant("2026-03-09T00:00:00Z"), until: try instant("2026-03-09T01:20:00Z")))
    scope.platforms = ["Reddit"]
    let parts = try QueryRunner(reader: store.reader).explain(query, scope: scope).parts
    let shown = parts.map { part in
      "\(part.relation) \(part.table) \(part.since?.iso8601() ?? "…") \(part.until?.iso8601() ?? "…") \(part.rows)"
    }
    #expect(
      shown == [
        "post_facts rollup_base_hour 2026-03-09T00:00:00Z 2026-03-09T01:00:00Z 1",
        "post_facts rollup_base_quarter 2026-03-09T01:00:00Z 2026-03-09T01:15:00Z 1",
        "post_facts posts 2026-03-09T01:15:00Z 2026-03-09T01:20:00Z 0",
        "previous_post_facts posts 2026-03-08T22:40:00Z 2026-03-08T22:45:00Z 1",
        "previous_post_facts rollup_base_quarter 2026-03-08T22:45:00Z 2026-03-08T23:00:00Z 0",
        "previous_post_facts rollup_base_hour 2026-03-08T23:00:00Z 2026-03-09T00:00:00Z 1",
      ])
  }

  /// Accounts are read without the dimensions that nobody asks for.
  @Test(arguments: [
    ("SELECT SUM(accounts) AS n FROM account_counts", [Rollup.accountTotal, .account]),
    ("SELECT SUM(posts) AS n FROM account_facts", [.accountTotal, .account]),
    ("SELECT SUM(posts) AS n FROM account_facts WHERE platform = 'x'", [.accountTotal, .account]),
    ("SELECT SUM(posts) AS n FROM account_facts WHERE is_viral = 1", [.account, .account]),
  ])
  func accountsAreReadFromTheirTotals(_ sql: String, _ rollups: [Rollup]) throws {
    let query = try namedQuery("n", sql: sql)
    var scope = Scope(
      window: Window(
        since: try instant("2026-03-08T00:00:00Z"), until: try instant("2026-03-09T00:00:00Z")))
    scope.platforms = ["Reddit"]
    var narrow = scope
    narrow.sentiments = ["negative"]
    for (scope, rollup) in zip([scope, narrow], rollups) {
      let parts = try QueryRunner(reader: store.reader).explain(query, scope: scope).parts
      #expect(parts.map(\.table) == [rollup.table(.day)])
    }
  }

  /// Names cost a join, and only those that a question reads are joined.
  @Test(arguments: [
    ("SELECT SUM(posts) AS n FROM post_facts", []),
    ("SELECT COUNT(*) * 2 AS n FROM account_facts", []),
    ("SELECT topic, SUM(posts) AS n FROM post_facts GROUP BY topic", ["topics"]),
    ("SELECT MAX(f.\"Platform\") AS n FROM post_facts AS f", ["platforms"]),
    ("SELECT hashtag_id, SUM(posts) AS n FROM hashtag_facts GROUP BY hashtag_id", []),
    ("SELECT a.* FROM post_facts AS a", ["platforms", "sentiments", "topics"]),
    ("SELECT DISTINCT * FROM language_facts", ["languages", "platforms", "sentiments", "topics"]),
  ])
  func onlyNamesThatAreReadAreJoined(_ sql: String, _ tables: [String]) throws {
    let explained = try QueryRunner(reader: store.reader).explain(
      NamedQuery(adHoc: sql), scope: Scope(window: .open))
    let joined = explained.sql.split(separator: "LEFT JOIN main.").dropFirst().map {
      String($0.prefix { $0 != " " })
    }
    #expect(joined.sorted() == tables)
  }

  /// Accounts of pruned days are known packed only: no statement would say them.
  @Test func whatNoStatementTellsIsNotExplained() throws {
    let runner = QueryRunner(reader: store.reader)
    let query = try QueryCatalog().query("kpis")
    _ = try store.writer.prune(before: try instant("2026-03-09T00:00:00Z"))
    let scope = Scope(window: .open)
    #expect(try store.reader.answer(query, scope: scope)[0][0] == .integer(288))
    #expect {
      try runner.explain(query, scope: scope)
    } throws: { "\($0)".contains("packed") }
    _ = try runner.explain(
      query, scope: Scope(window: Window(since: try instant("2026-03-09T00:00:00Z"), until: nil)))
  }

  /// The most liked posts of a long window are the first of those that are viral; of a short one those that
  /// were posted then are fewer.
  @Test(arguments: [
    ("2026-01-01T00:10:00Z", "viral_posts_by_likes"), ("2026-01-03T23:59:00Z", "posts_by_time"),
  ])
  func theFeedIsReadByWhatIsLess(_ since: String, _ index: String) throws {
    let start = try instant("2026-01-01T00:00:00Z").microseconds
    let store = try TemporaryStore(
      (0..<300).map { number in
        .sample(ExactString("p\(number)")) { post in
          post.timestamp = Timestamp(microseconds: start + Int64(number) * 864_000_000)
          post.isViral = number % 10 == 0
        }
      })
    let query = try QueryCatalog().query("viral-posts")
    let explanation = try QueryRunner(reader: store.reader).explain(
      query, scope: Scope(window: Window(since: try instant(since), until: nil)))
    #expect(explanation.plan.contains { $0.contains(index) })
  }
}
