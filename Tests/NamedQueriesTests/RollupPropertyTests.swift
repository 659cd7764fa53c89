import PostStore
import Posts
import StoreFixtures
import TestSupport
import Testing

@testable import NamedQueries

/// Random histories in random batches: whatever has come, rollups are what the posts add up to, and
/// every query says the same from them as from the posts alone.
@Suite struct RollupPropertyTests {
  /// One history of a few hundred messages about some dozens of posts over several months.
  private struct History {
    var random: SplitMix64
    var offset: Int64 = 0
    var clock: Int64 = 0

    init(seed: UInt64) { random = SplitMix64(seed: seed) }

    mutating func pick<Value>(_ values: [Value], or other: Value) -> Value {
      values.randomElement(using: &random) ?? other
    }

    /// An instant around edges of hours, days and changes of the clocks, or months away from them.
    mutating func instant() -> Timestamp {
      let edges = [
        "2025-10-26T00:00:00Z",  // Paris sets its clocks back at 01:00.
        "2025-11-02T05:00:00Z",  // New York sets its clocks back at 06:00.
        "2025-09-27T13:45:00Z",  // Auckland sets its clocks forward at 14:00.
        "2025-11-25T18:15:00Z",  // Midnight of Kathmandu.
        "2026-03-29T00:30:00Z",  // Paris sets its clocks forward at 01:00.
        "2026-04-04T15:00:00Z",  // Lord Howe sets its clocks back by half an hour.
        "1969-12-31T23:59:00Z",
      ]
      let edge = (try? Timestamp(iso8601: pick(edges, or: ""))) ?? Timestamp(microseconds: 0)
      let spreads: [Int64] = [2, 1_000_000, 7_200_000_000, 200_000_000_000]
      let spread = pick(spreads, or: 1)
      return Timestamp(
        microseconds: edge.microseconds + Int64.random(in: -spread...spread, using: &random))
    }

    mutating func content() -> IncomingMessage.Content {
      let postID = ExactString("p\(Int.random(in: 1...60, using: &random))")
      if random.happens(0.12) { return .tombstone(postID: postID) }
      if random.happens(0.03) { return .rejected(.tombstoneWithoutKey, key: nil, value: nil) }
      // The post that its id always begins as, so that a version is often a duplicate.
      var own = SplitMix64(seed: UInt64(postID.description.utf8.reduce(0) { $0 * 31 + Int($1) }))
      swap(&own, &random)
      var post = post(postID)
      swap(&own, &random)
      if random.happens(0.4) { post.likes += Int64.random(in: 0...3, using: &random) }
      if random.happens(0.15) { post.timestamp = instant() }
      if random.happens(0.15) { post.topic = pick(["Travel", "Food"], or: "") }
      if random.happens(0.1) { post.isViral.toggle() }
      if random.happens(0.1) { post = self.post(postID) }
      return .post(post)
    }

    private mutating func post(_ postID: ExactString) -> Post {
      let time = instant()
      let tags = pick([[], ["#AI"], ["#ai", "#Go"], ["#go", "#Rust", "#AI"]], or: [])
      return .sample(postID) { post in
        post.timestamp = time
        post.likes = Int64.random(in: 0...1000, using: &random)
        post.shares = Int64.random(in: 0...50, using: &random)
        post.views = pick([nil, 0, 5000], or: nil)
        post.engagementRate.hundredths = Int64.random(in: 0...99_999, using: &random)
        post.platform = pick(["Twitter", "Reddit", "TikTok"], or: "")
        post.sentiment = pick([.positive, .neutral, .negative], or: .neutral)
        post.topic = pick(["Travel", "Food"], or: "")
        post.location = pick([nil, "Paris", "Rome"], or: nil)
        post.contentType = pick(["text", "video"], or: "")
        post.postType = pick(["tweet", "story"], or: "")
        post.language = pick(["en", "fr"], or: "")
        post.userID = pick(["USER_1", "USER_2", "USER_3"], or: "")
        post.followers = pick([10, 9_999, 10_000, 2_000_000], or: 0)
        post.isViral = random.happens(0.3)
        post.isInfluencer = random.happens(0.5)
        post.isVerified = random.happens(0.3)
        post.hashtags = tags.compactMap { Hashtag($0) }
      }
    }

    mutating func batch() -> PartitionStretch {
      // Filters may name what a store knows, so the first batch holds all that they name.
      let known: [(Int64, IncomingMessage.Content)] =
        offset > 0
        ? []
        : ["Twitter", "Reddit"].map { platform in
          (
            0,
            .post(
              .sample(ExactString(platform)) {
                ($0.platform, $0.topic) = (ExactString(platform), "Food")
              })
          )
        }
      let messages =
        known
        + (0..<Int.random(in: 1...40, using: &random)).map { _ in
          clock += Int64.random(in: 0...2, using: &random)
          // Some record times lie back, so that versions come that are older than the standing one.
          let back = random.happens(0.15) ? Int64.random(in: 0...60, using: &random) : 0
          return (max(0, clock - back), content())
        }
      let stretch = PartitionStretch(offset, messages)
      offset = stretch.end
      return stretch
    }

    mutating func scope() throws -> Scope {
      let zones = [
        "UTC", "Europe/Paris", "Asia/Kathmandu", "Pacific/Auckland", "America/New_York",
        "Asia/Kolkata", "Australia/Lord_Howe",
      ]
      let zone = try Zone(pick(zones, or: "UTC"))
      var scope = Scope(window: try window(zone), zone: zone)
      if random.happens(0.3) { scope.now = instant() }
      if random.happens(0.3) { scope.platforms = [pick(["Twitter", "Reddit"], or: "")] }
      if random.happens(0.3) { scope.sentiments = ["positive", "negative"] }
      if random.happens(0.2) { scope.topics = ["Food"] }
      scope.viralOnly = random.happens(0.2)
      scope.bucket = pick([.minute, .hour, .day], or: .hour)
      return scope
    }

    private mutating func window(_ zone: Zone) throws -> Window {
      let a = instant()
      switch Int.random(in: 0..<8, using: &random) {
      case 0: return .open
      case 1:
        return Window(since: a, until: Timestamp(microseconds: a.microseconds + 1))
      case 2:
        let day = zone.startOfDay(a)
        let noon = Timestamp(microseconds: day.microseconds + 30 * 3_600_000_000)
        return Window(since: day, until: zone.startOfDay(noon))
      case 3:
        return Window(since: a, until: try Timestamp(iso8601: "2090-01-01T00:00:00Z"))
      case 4:
        return Window(
          since: try Timestamp(iso8601: "1999-01-01T00:00:00Z"),
          until: try Timestamp(iso8601: "2000-01-01T00:00:00.000001Z"))
      default:
        let b = instant()
        return Window(since: min(a, b), until: max(a, b))
      }
    }
  }

  private static let catalog = Result { try QueryCatalog(folders: []) }

  /// What the queries that need an option of their own are asked about.
  private static let arguments: [String: [String: Cell]] = [
    "account": ["user": .text("USER_2")], "posts-with-hashtag": ["hashtag": .text("#ai")],
    "post": ["post": .text("p7")],
    "trending-hashtags": ["min-accounts": .integer(1)],
    "sentiment-spikes": [
      "sigmas": .real(0.5), "min-posts": .integer(1), "min-buckets": .integer(1),
    ],
  ]

  /// Answers random questions in both ways.
  ///
  /// - Returns: How many of the answers had rows.
  private func compare(
    _ reader: StoreReader, _ history: inout History, queries count: Int
  ) throws -> Int {
    let catalog = try Self.catalog.get()
    var answered = 0
    for _ in 0..<count {
      var scope = try history.scope()
      let query = try catalog.query(history.pick(catalog.names, or: ""))
      let arguments = Self.arguments[query.name] ?? [:]
      scope.usesRollups = true
      let quick = try reader.answer(query, arguments, scope: scope)
      scope.usesRollups = false
      let scanned = try reader.answer(query, arguments, scope: scope)
      #expect(quick == scanned, "\(query.name) \(scope)")
      if !quick.isEmpty { answered += 1 }
    }
    return answered
  }

  @Test(arguments: 0..<6 as Range<UInt64>)
  func rollupsEqualTheScanOfPosts(seed: UInt64) throws {
    let store = try TemporaryStore()
    let (writer, reader) = (store.writer, store.reader)
    var history = History(seed: seed)
    var answered = 0
    for _ in 0..<12 {
      _ = try writer.apply([history.batch()], now: Timestamp(microseconds: 0))
      let verification = try reader.verifyRollups()
      #expect(verification.differences.isEmpty)
      answered += try compare(reader, &history, queries: 24)
    }
    #expect(try reader.verifyRollups().rows > 100)

    try writer.rebuildRollups()
    #expect(try reader.verifyRollups().differences.isEmpty)
    answered += try compare(reader, &history, queries: 24)
    #expect(answered > 100)
  }

  /// After pruning, a window that whole buckets cover is answered as before it, and one that needs the
  /// posts that are gone is refused.
  @Test(arguments: 10..<13 as Range<UInt64>)
  func pruningKeepsAnswers(seed: UInt64) throws {
    let store = try TemporaryStore()
    let (writer, reader) = (store.writer, store.reader)
    var history = History(seed: seed)
    for _ in 0..<10 { _ = try writer.apply([history.batch()], now: Timestamp(microseconds: 0)) }
    let catalog = try Self.catalog.get()
    let fromRollups = [
      "kpis", "top-hashtags", "top-locations", "content-types", "post-types", "top-topics",
      "posts-by-platform", "engagement-by-sentiment", "languages", "top-influencers",
    ]
    func scope(_ since: String?, _ until: String) throws -> Scope {
      Scope(window: Window(since: try since.map(instant), until: try instant(until)))
    }
    let scopes = [
      try scope(nil, "2025-12-01T00:00:00Z"),
      try scope("2025-09-27T00:00:00Z", "2025-11-03T00:00:00Z"),
      try scope("2025-10-01T00:00:00Z", "2026-04-01T00:00:00Z"),
    ]
    func answers() throws -> [[[Cell]]] {
      try fromRollups.flatMap { name in
        try scopes.map { try reader.answer(try catalog.query(name), scope: $0) }
      }
    }
    let before = try answers()
    // Whatever is asked, the answer stays or is refused.
    let random = try (0..<150).map { _ in
      let query = try catalog.query(history.pick(catalog.names, or: ""))
      let scope = try history.scope()
      return (
        query: query, scope: scope,
        answer: try reader.answer(query, Self.arguments[query.name] ?? [:], scope: scope)
      )
    }
    let horizon = try instant("2025-11-10T00:00:00Z")
    let count = try writer.postCount(before: horizon)
    #expect(count > 0)
    #expect(try writer.prune(before: horizon) == count)
    #expect(try writer.postCount(before: horizon) == 0)
    #expect(try answers() == before)
    #expect(try reader.verifyRollups().differences.isEmpty)
    var refused = 0
    for (query, scope, answer) in random {
      do {
        let after = try reader.answer(query, Self.arguments[query.name] ?? [:], scope: scope)
        #expect(after == answer, "\(query.name) \(scope)")
      } catch let error as QueryError where error.code == .failed {
        refused += 1
      }
    }
    #expect((10..<140).contains(refused))

    for window in [
      try scope("2025-10-26T00:00:00.000001Z", "2025-11-03T00:00:00Z"),
      try scope("2025-10-26T00:10:00Z", "2025-12-03T00:00:00Z"),
    ] {
      #expect(throws: QueryError.self) {
        try reader.answer(try catalog.query("kpis"), scope: window)
      }
    }
    #expect(throws: QueryError.self) {
      try reader.answer(try catalog.query("recent-posts"), scope: scopes[0])
    }
    #expect(throws: StoreError.self) { try writer.rebuildRollups() }

    // What comes later counts as ever, and a version of a pruned post is stale.
    for _ in 0..<4 {
      _ = try writer.apply([history.batch()], now: Timestamp(microseconds: 0))
      #expect(try reader.verifyRollups().differences.isEmpty)
    }
  }

  /// Of a day that only the rollups know nobody can say what came before noon.
  @Test func aWindowThatEndsWithinThePrunedLastDayIsRefused() throws {
    let store = try TemporaryStore([
      .sample { $0.timestamp = Timestamp(microseconds: 1_764_014_400_000_000) }
    ])
    let reader = store.reader
    let horizon = try instant("2025-11-25T00:00:00Z")
    #expect(try store.writer.prune(before: horizon) == 1)
    let kpis = try Self.catalog.get().query("kpis")
    #expect(throws: QueryError.self) {
      let noon = Window(since: nil, until: try instant("2025-11-24T12:00:00.5Z"))
      return try reader.answer(kpis, scope: Scope(window: noon))
    }
    #expect(try reader.answer(kpis, scope: Scope(window: .open)).first?.first == .integer(1))
    #expect(throws: QueryError.self) {
      var scan = Scope(window: .open)
      scan.usesRollups = false
      return try reader.answer(kpis, scope: scan)
    }
    // Nothing is missing from a window without an instant in it.
    let before = Window(
      since: try instant("2020-01-01T00:00:00Z"), until: try instant("2020-01-02T00:00:00Z"))
    #expect(try reader.answer(kpis, scope: Scope(window: before)).first?.first == .integer(0))
  }
}
