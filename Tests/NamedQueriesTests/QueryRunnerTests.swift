import NamedQueries
import PostStore
import Posts
import StoreFixtures
import Testing

@Suite struct QueryRunnerTests {
  /// Posts of a few platforms, topics and minutes.
  private static func posts(seed: UInt64) -> [Post] {
    var random = SplitMix64(seed: seed)
    return (0..<200).map { index in
      Post.sample(ExactString("p\(1000 + index)")) { post in
        post.platform = ["Twitter", "Reddit", "TikTok"].randomElement(using: &random) ?? ""
        post.topic = ["Travel", "Food", "KI & Daten"].randomElement(using: &random) ?? ""
        post.sentiment = Sentiment.allCases.randomElement(using: &random) ?? .neutral
        post.isViral = random.happens(0.3)
        post.isInfluencer = random.happens(0.3)
        post.location = random.happens(0.2) ? nil : "Paris"
        post.likes = Int64.random(in: 0...50, using: &random)
        post.hashtags = ["#a", "#b", "#c"].filter { _ in random.happens(0.4) }
          .compactMap { Hashtag($0) }
        post.timestamp.microseconds += Int64.random(in: 0..<600, using: &random) * 1_000_001
      }
    }
  }

  @Test(arguments: 0..<4 as Range<UInt64>)
  func aScopeNarrowsEveryRelation(seed: UInt64) throws {
    let posts = Self.posts(seed: seed)
    let reader = try TemporaryStore(posts)
    let ids = try namedQuery("post_id", sql: "SELECT post_id FROM scoped_posts ORDER BY post_id")
    var random = SplitMix64(seed: seed + 100)
    func some(_ names: [String]) -> [String] {
      random.happens(0.5) ? [] : names.filter { _ in random.happens(0.5) }
    }
    for _ in 0..<40 {
      func end() -> Timestamp? {
        guard random.happens(0.7), let post = posts.randomElement(using: &random) else {
          return nil
        }
        let shift = [-1, 0, 1].randomElement(using: &random) ?? 0
        return Timestamp(microseconds: post.timestamp.microseconds + Int64(shift))
      }
      var scope = Scope(window: Window(since: end(), until: end()))
      scope.platforms = some(["Twitter", "Reddit", "TikTok"])
      scope.topics = some(["Travel", "Food", "KI & Daten"])
      scope.sentiments = some(["positive", "neutral", "negative"])
      scope.viralOnly = random.happens(0.3)
      let wanted = posts.filter { post in
        (scope.window.since.map { post.timestamp >= $0 } ?? true)
          && (scope.window.until.map { post.timestamp < $0 } ?? true)
          && (scope.platforms.isEmpty || scope.platforms.contains(post.platform.string))
          && (scope.topics.isEmpty || scope.topics.contains(post.topic.string))
          && (scope.sentiments.isEmpty || scope.sentiments.contains(post.sentiment.rawValue))
          && (!scope.viralOnly || post.isViral)
      }
      #expect(
        try reader.reader.answer(ids, scope: scope) == wanted.map { [.text($0.postID.string)] })
      let likes = wanted.map(\.likes).reduce(0, +)
      let located = wanted.filter { $0.location != nil }
      let tagged = wanted.flatMap { post in post.hashtags.map { _ in post } }
      for (relation, count, sum) in [
        ("post_facts", wanted.count, likes), ("content_facts", wanted.count, likes),
        ("account_facts", wanted.count, likes),
        ("location_facts", located.count, located.map(\.likes).reduce(0, +)),
        ("hashtag_facts", tagged.count, tagged.map(\.likes).reduce(0, +)),
      ] {
        let query = try namedQuery(
          "posts", "likes",
          sql: """
            SELECT COALESCE(SUM(posts), 0) AS posts, COALESCE(SUM(likes), 0) AS likes
            FROM \(relation)
            """)
        #expect(
          try reader.reader.answer(query, scope: scope) == [
            [.integer(Int64(count)), .integer(sum)]
          ],
          "\(relation)")
      }
    }
  }

  /// Values for the parameters that have no default.
  private static func arguments(of query: NamedQuery) throws -> [String: Cell] {
    let samples = ["hashtag": "A", "post": "p1001", "user": "ada"]
    var arguments: [String: Cell] = [:]
    for parameter in query.parameters where parameter.defaultValue == nil {
      arguments[parameter.name] = try parameter.value(
        from: try #require(samples[parameter.name], "\(query.name) --\(parameter.name)"))
    }
    return arguments
  }

  @Test func everyBuiltInQueryRunsOnAnEmptyStore() throws {
    let store = try TemporaryStore()
    let catalog = try QueryCatalog()
    #expect(catalog.names.count >= 8)
    for name in catalog.names {
      let query = try catalog.query(name)
      // The runner holds the columns of the statement against the declared ones.
      let rows = try store.reader.answer(query, try Self.arguments(of: query))
      #expect(rows.allSatisfy { $0.count == query.columns.count }, "\(name)")
      if !["kpis", "snapshot"].contains(name) { #expect(rows.isEmpty, "\(name)") }
    }
    #expect(
      try store.reader.answer(try catalog.query("kpis"))
        == [
          Array(repeating: .integer(0), count: 4) + [.null]
            + Array(repeating: .integer(0), count: 3)
        ])
  }

  @Test func everyBuiltInQueryRunsInEveryZoneAndBucket() throws {
    let store = try TemporaryStore(Self.posts(seed: 1))
    let catalog = try QueryCatalog()
    for name in catalog.names {
      let query = try catalog.query(name)
      for bucket in Bucket.allCases {
        for zone in ["UTC", "Asia/Kathmandu", "America/St_Johns"] {
          let scope = Scope(window: .open, zone: try Zone(zone), bucket: bucket)
          var arguments = try Self.arguments(of: query)
          if name == "trending-hashtags" { arguments["min-accounts"] = .integer(1) }
          let rows = try store.reader.answer(query, arguments, scope: scope)
          // A healthy store has no spikes; ComparisonTests has stores with some.
          if name != "sentiment-spikes" { #expect(!rows.isEmpty, "\(name)") }
          #expect(rows.allSatisfy { $0.count == query.columns.count }, "\(name)")
        }
      }
    }
  }

  @Test func keyFiguresCountUsersOnceAndRoundHalfUp() throws {
    let posts: [Post] = [
      .sample("1") {
        $0.engagementRate.hundredths = 100
        $0.isVerified = true
        $0.isViral = true
      },
      .sample("2") {
        $0.engagementRate.hundredths = 101
        $0.isVerified = true
        $0.isInfluencer = true
      },
      .sample("3") {
        $0.userID = "USER_2"
        $0.engagementRate.hundredths = 101
        $0.isInfluencer = true
      },
      .sample("4") { $0.engagementRate.hundredths = 100 },
    ]
    let store = try TemporaryStore(posts)
    // The mean is 100.5 hundredths.
    #expect(
      try store.reader.answer(try QueryCatalog().query("kpis")) == [
        [
          .integer(4), .integer(40), .integer(12), .integer(8), .real(1.01), .integer(1),
          .integer(1), .integer(2),
        ]
      ])
  }

  @Test func daysOfAZoneHave23And25Hours() throws {
    // A post at every half hour of two days around each change in Paris.
    var posts: [Post] = []
    for begin in ["2026-03-28T00:00:00Z", "2026-10-24T00:00:00Z"] {
      let start = try instant(begin).microseconds
      for half in 0..<120 {
        posts.append(
          .sample(ExactString("\(begin) \(half)")) {
            $0.timestamp.microseconds = start + Int64(half) * 1_800_000_000
          })
      }
    }
    let store = try TemporaryStore(posts)
    let query = try namedQuery(
      "bucket", "posts",
      sql: "SELECT bucket, SUM(posts) AS posts FROM post_facts GROUP BY bucket ORDER BY bucket")
    let paris = try Zone("Europe/Paris")
    func days(_ since: String, _ until: String) throws -> [String] {
      let window = Window(since: try instant(since), until: try instant(until))
      return try store.reader.answer(
        query, scope: Scope(window: window, zone: paris, bucket: .day)
      ).map { row in
        guard case .integer(let start) = row[0], case .integer(let posts) = row[1] else {
          return ""
        }
        return "\(Timestamp(microseconds: start).iso8601()) \(posts)"
      }
    }
    #expect(
      try days("2026-03-28T00:00:00Z", "2026-03-30T12:00:00Z") == [
        "2026-03-27T23:00:00Z 46", "2026-03-28T23:00:00Z 46", "2026-03-29T22:00:00Z 28",
      ])
    #expect(
      try days("2026-10-24T00:00:00Z", "2026-10-26T12:00:00Z") == [
        "2026-10-23T22:00:00Z 44", "2026-10-24T22:00:00Z 50", "2026-10-25T23:00:00Z 26",
      ])
    // A window that begins after the change of its first day.
    #expect(
      try days("2026-03-29T12:00:00Z", "2026-03-29T23:00:00Z") == [
        "2026-03-28T23:00:00Z 20", "2026-03-29T22:00:00Z 2",
      ])
    #expect(try days("2026-10-25T12:00:00Z", "2026-10-25T13:00:00Z") == ["2026-10-24T22:00:00Z 2"])
  }

  @Test func namesMayDifferInLetterCase() throws {
    let store = try TemporaryStore([
      .sample("1"), .sample("2") { $0.platform = "Reddit" },
      .sample("3") { $0.platform = "reddit" },
    ])
    let query = try namedQuery("n", sql: "SELECT COUNT(*) AS n FROM scoped_posts")
    func count(_ edit: (inout Scope) -> Void) throws -> [[Cell]] {
      var scope = Scope(window: .open)
      edit(&scope)
      return try store.reader.answer(query, scope: scope)
    }
    #expect(try count { $0.platforms = ["TWITTER"] } == [[.integer(1)]])
    #expect(try count { $0.platforms = ["reddit"] } == [[.integer(1)]])
    #expect(try count { $0.platforms = ["Reddit", "twitter"] } == [[.integer(2)]])
    #expect(try count { $0.sentiments = ["Neutral"] } == [[.integer(3)]])
    #expect(try count { $0.topics = ["travel"] } == [[.integer(3)]])
    // Two platforms are like it.
    let error = #expect(throws: QueryError.self) { try count { $0.platforms = ["REDDIT"] } }
    #expect(error?.code == .usage)
  }

  @Test func anUnknownNameIsToldTheKnownOnes() throws {
    let store = try TemporaryStore([.sample("1"), .sample("2") { $0.platform = "Reddit" }])
    let query = try namedQuery("n", sql: "SELECT COUNT(*) AS n FROM scoped_posts")
    func message(_ store: TemporaryStore, _ edit: (inout Scope) -> Void) -> String? {
      var scope = Scope(window: .open)
      edit(&scope)
      let error = #expect(throws: QueryError.self) {
        try store.reader.answer(query, scope: scope)
      }
      #expect(error?.code == .usage)
      return error?.message
    }
    #expect(
      message(store) { $0.platforms = ["Twitter", "MySpace"] }
        == "unknown platform 'MySpace': the store has Reddit, Twitter")
    #expect(
      message(store) { $0.topics = ["Trave"] } == "unknown topic 'Trave': the store has Travel")
    #expect(
      message(store) { $0.sentiments = ["angry"] }?.hasPrefix("unknown sentiment 'angry': ") == true
    )
    let empty = try TemporaryStore()
    #expect(message(empty) { $0.platforms = ["Twitter"] }?.hasSuffix("has no posts yet") == true)
    let many = try TemporaryStore(
      (10..<45).map { index in
        .sample(ExactString("\(index)")) { $0.topic = ExactString("topic \(index)") }
      })
    #expect(
      message(many) { $0.topics = ["x"] }?.hasSuffix("topic 38, topic 39, and 5 more") == true)
  }

  @Test func whatARowThrowsEndsTheAnswer() throws {
    struct Enough: Error {}
    let store = try TemporaryStore(Self.posts(seed: 2))
    let query = try namedQuery("post_id", sql: "SELECT post_id FROM scoped_posts")
    var count = 0
    #expect(throws: Enough.self) {
      try QueryRunner(reader: store.reader).run(query, scope: Scope(window: .open)) { _ in
        count += 1
        if count == 3 { throw Enough() }
      }
    }
    #expect(count == 3)
    #expect(try store.reader.answer(query).count == 200)
  }

  @Test func cellsAreOfTheirKinds() throws {
    let store = try TemporaryStore()
    let query = try namedQuery(
      "a", "b", "c", "d", sql: "SELECT NULL AS a, -5 AS b, 0.5 AS c, 'é' || char(0) || 'x' AS d")
    #expect(
      try store.reader.answer(query) == [[.null, .integer(-5), .real(0.5), .text("é\0x")]])
  }
}
