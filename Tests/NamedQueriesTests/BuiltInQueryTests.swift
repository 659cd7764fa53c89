import NamedQueries
import PostStore
import Posts
import StoreFixtures
import TestSupport
import Testing

/// The rows of built-in queries on five posts, worked out by hand.
@Suite struct BuiltInQueryTests {
  struct Case: CustomTestStringConvertible {
    let query: String
    let arguments: [String: String]
    let rows: [String]
    var testDescription: String { "\(query) \(arguments)" }

    init(_ query: String, _ arguments: [String: String] = [:], _ rows: String...) {
      self.query = query
      self.arguments = arguments
      self.rows = rows
    }
  }

  private static func posts() throws -> [Post] {
    func post(
      _ id: ExactString, _ time: String, _ rate: Int64, _ sentiment: Sentiment,
      _ edit: (inout Post) -> Void
    ) throws -> Post {
      let timestamp = try instant("2026-11-2\(time)Z")
      return .sample(id) {
        $0.timestamp = timestamp
        $0.engagementRate.hundredths = rate
        $0.sentiment = sentiment
        edit(&$0)
      }
    }
    func tags(_ spellings: String...) -> [Hashtag] { spellings.compactMap { Hashtag($0) } }
    return [
      // 2026-11-23 is a Monday.
      try post("a", "3T10:00:00", 100, .positive) { $0.hashtags = tags("#AI", "#b") },
      try post("b", "3T10:59:59", 101, .negative) {
        $0.hashtags = tags("#b", "#ＡＩ", "#c")
        $0.followers = 9_999
        $0.likes = 11
      },
      try post("c", "4T11:00:00", 300, .negative) {
        $0.location = "Rome"
        $0.followers = 10_000
        $0.userID = "USER_2"
        $0.isViral = true
      },
      try post("d", "4T11:30:00", 400, .negative) {
        $0.location = nil
        $0.language = "fr"
        $0.followers = 1_000_000
        $0.username = "bob"
        $0.isVerified = true
        $0.contentType = "video"
      },
      try post("e", "4T12:00:00", 500, .neutral) {
        $0.platform = "Reddit"
        $0.postType = "link"
        $0.isViral = true
        $0.likes = 12
      },
    ]
  }

  static let cases = [
    Case("content-types", [:], "video 1 10.0 3.0 2.0 4.0", "text 4 10.75 3.0 2.0 2.5"),
    Case("top-locations", [:], "Paris 3 33", "Rome 1 10"),
    Case("post-types", [:], "Reddit link 1", "Twitter tweet 4"),
    Case("viral-posts", ["limit": "1"], "e ada Reddit Travel 12"),
    Case("best-times", [:], "1 10 2 1.01", "2 11 2 3.5", "2 12 1 5.0"),
    Case("hashtag-pairs", [:], "#AI #b 2", "#AI #c 1", "#b #c 1"),
    Case("languages", [:], "en 4 43 12 8 2.5", "fr 1 10 3 2 4.0"),
    Case("location-hours", [:], "Paris 10 2 21", "Paris 12 1 12", "Rome 11 1 10"),
    Case("location-hours", ["limit": "1"], "Paris 10 2 21", "Paris 12 1 12"),
    Case(
      "follower-tiers", [:], "nano 1 3 33 2.34", "micro 1 1 10 3.0", "mega 1 1 10 4.0"),
    Case("engagement-percentiles", [:], "Reddit 1 5.0 5.0 5.0", "Twitter 4 1.01 4.0 4.0"),
    Case(
      "account", ["user": "USER_1"], "USER_1 ada Twitter 2 21 6 4 9999 0 0 1.01",
      "USER_1 ada Reddit 1 12 3 2 1000 0 0 5.0", "USER_1 bob Twitter 1 10 3 2 1000000 1 0 4.0"),
    Case("account", ["user": "bob"], "USER_1 bob Twitter 1 10 3 2 1000000 1 0 4.0"),
    Case("account", ["user": "nobody"]),
    Case(
      "posts-with-hashtag", ["hashtag": "ai", "limit": "1"],
      "b 1795431599000000 ada Twitter Travel negative 11 0"),
    Case("posts-with-hashtag", ["hashtag": "#missing"]),
    Case(
      "post", ["post": "b"],
      "b 1795431599000000 USER_1 ada Twitter tweet text Travel [\"#b\",\"#ＡＩ\",\"#c\"] negative "
        + "Paris en 11 3 2 100 1.01 9999 0 0 0"),
    Case("post", ["post": "f"]),
    Case(
      "kpis-over-time", [:], "1795428000000000 2 21 6 4 1.01 0 0 0",
      "1795518000000000 2 20 6 4 3.5 1 1 0", "1795521600000000 1 12 3 2 5.0 1 0 0"),
    Case(
      "sentiment-trend", [:], "1795428000000000 1 0 1 0.0", "1795518000000000 0 0 2 -100.0",
      "1795521600000000 0 1 0 0.0"),
    Case("snapshot", [:], "- 5 1795521600000000 20.0"),
  ]

  @Test(arguments: cases)
  func itsRowsAreTheOnesWorkedOut(_ example: Case) throws {
    let store = try TemporaryStore(try Self.posts())
    let query = try QueryCatalog().query(example.query)
    var arguments: [String: Cell] = [:]
    for parameter in query.parameters {
      guard let text = example.arguments[parameter.name] else { continue }
      arguments[parameter.name] = try parameter.value(from: text)
    }
    // Rollups and single posts give the same rows.
    for usesRollups in [true, false] {
      var scope = Scope(window: Window(since: nil, until: nil))
      scope.usesRollups = usesRollups
      let rows = try store.reader.answer(query, arguments, scope: scope)
      #expect(rows.map(Self.text) == example.rows, "\(usesRollups)")
    }
  }

  @Test func aSnapshotTellsWhenTheStoreLastChanged() throws {
    let folder = try TemporaryDirectory()
    let path = folder.path("store.db")
    let stretch = PartitionStretch(0, [(0, .post(.sample()))])
    _ = try StoreWriter(path: path).apply([stretch], now: Timestamp(microseconds: 77))
    let rows = try StoreReader(path: path).answer(QueryCatalog().query("snapshot"))
    #expect(rows.map(Self.text) == ["77 1 1764000000000000 0.0"])
  }

  static func text(_ row: [Cell]) -> String {
    row.map { cell in
      switch cell {
      case .null: "-"
      case .integer(let number): String(number)
      case .real(let number): String(number)
      case .text(let text): text
      }
    }.joined(separator: " ")
  }
}
