import PostStore
import Posts
import StoreFixtures
import TestSupport
import Testing

@testable import NamedQueries

/// Queries that hold a window against what came before it.
@Suite struct ComparisonTests {
  struct PreviousCase: CustomTestStringConvertible {
    var since: String?
    var until: String?
    var now = "2026-11-25T10:00:00Z"
    var zone = "UTC"
    /// The window before, `-` if there is none.
    var before: String
    var testDescription: String { "\(since ?? "-") \(until ?? "-") \(zone)" }
  }

  static let previousCases: [PreviousCase] = [
    PreviousCase(before: "-"),
    PreviousCase(until: "2026-11-25", before: "-"),
    PreviousCase(since: "1h", before: "2026-11-25T08:00:00Z 2026-11-25T09:00:00Z"),
    PreviousCase(
      since: "1h", until: "2026-11-20", before: "2026-11-19T22:00:00Z 2026-11-19T23:00:00Z"),
    PreviousCase(since: "2026-11-25", before: "2026-11-24T00:00:00Z 2026-11-24T10:00:00Z"),
    // Running windows are compared with the same part of the one before.
    PreviousCase(since: "today", before: "2026-11-24T00:00:00Z 2026-11-24T10:00:00Z"),
    PreviousCase(
      since: "today", zone: "Asia/Kathmandu", before: "2026-11-23T18:15:00Z 2026-11-24T10:00:00Z"),
    PreviousCase(
      since: "2026-11-25T09:00:00Z", until: "2026-11-25T11:00:00Z",
      before: "2026-11-25T07:00:00Z 2026-11-25T08:00:00Z"),
    // One that has not begun is compared with the whole.
    PreviousCase(
      since: "2026-11-27", until: "2026-11-28", before: "2026-11-26T00:00:00Z 2026-11-27T00:00:00Z"),
    // Equally long is meant in hours that pass: Auckland's 27 September 2026 has 23.
    PreviousCase(
      since: "today", now: "2026-09-27T02:00:00Z", zone: "Pacific/Auckland",
      before: "2026-09-25T13:00:00Z 2026-09-26T03:00:00Z"),
    PreviousCase(
      since: "2026-11-25", until: "2026-11-25", before: "2026-11-25T00:00:00Z 2026-11-25T00:00:00Z"),
  ]

  @Test(arguments: previousCases)
  func whatCameBeforeAWindow(_ example: PreviousCase) throws {
    let now = try instant(example.now)
    let window = try Window(
      since: example.since, until: example.until, now: now, zone: try Zone(example.zone))
    let before = window.previous(now: now)
    let text = before.map { "\($0.since?.iso8601() ?? "") \($0.until?.iso8601() ?? "")" }
    #expect(text ?? "-" == example.before)
    var request = ScopeRequest()
    (request.since, request.until, request.zone) = (example.since, example.until, example.zone)
    request.isPrevious = true
    let asked = Result { try request.scope(now: now).window }
    if let before {
      #expect(try asked.get() == before)
    } else {
      #expect(throws: QueryError.self) { try asked.get() }
    }
  }

  @Test func theLongestWindowHasOneBefore() throws {
    let now = try instant("2026-11-25T10:00:00Z")
    let window = try Window(since: "0001-01-01", until: nil, now: now, zone: .utc)
    let before = try #require(window.previous(now: now))
    #expect(before.until == window.since)
    #expect(try #require(before.since) < (try #require(window.since)))
  }

  static let leading: [(String, String, Bucket, String, String)] = [
    ("2026-11-25T10:17:00Z", "UTC", .hour, "2026-11-25T08:00:00Z", "2026-11-25T10:00:00Z"),
    ("2026-11-25T10:17:00Z", "Asia/Kolkata", .hour, "2026-11-25T07:30:00Z", "2026-11-25T09:30:00Z"),
    ("2026-11-25T10:17:30Z", "UTC", .minute, "2026-11-25T10:15:00Z", "2026-11-25T10:17:00Z"),
    ("1969-12-31T23:59:59Z", "UTC", .hour, "1969-12-31T21:00:00Z", "1969-12-31T23:00:00Z"),
    // Days before and with a change of the clocks.
    (
      "2026-10-26T10:00:00Z", "Europe/Paris", .day, "2026-10-23T22:00:00Z", "2026-10-25T23:00:00Z"
    ),
    (
      "2026-03-30T10:00:00Z", "Europe/Paris", .day, "2026-03-27T23:00:00Z", "2026-03-29T22:00:00Z"
    ),
  ]

  @Test(arguments: leading)
  func bucketsLeadUpToAnInstant(
    _ time: String, _ zone: String, _ bucket: Bucket, _ since: String, _ until: String
  ) throws {
    let buckets = try Zone(zone).buckets(2, of: bucket, before: try instant(time))
    #expect(buckets.since?.iso8601() == since)
    #expect(buckets.until?.iso8601() == until)
  }

  /// Buckets that follow each other have numbers that do, whatever the clocks do between them.
  @Test(arguments: ["UTC", "Asia/Kathmandu", "Europe/Paris", "America/St_Johns"], Bucket.allCases)
  func numbersOfBucketsCountUp(_ zone: String, _ bucket: Bucket) throws {
    let start = try instant("2026-03-27T12:07:00Z").microseconds
    let step = bucket == .minute ? Int64(30_000_000) : 900_000_000
    let posts: [Post] = (0..<500).map { index in
      .sample(ExactString("\(index)")) {
        $0.timestamp = Timestamp(microseconds: start + Int64(index) * step)
      }
    }
    let query = try namedQuery(
      "bucket", "bucket_number", header: "-- bucket: hour\n",
      sql: "SELECT DISTINCT bucket, bucket_number FROM scoped_posts ORDER BY bucket")
    let rows = try TemporaryStore(posts).reader.answer(
      query, scope: Scope(window: .open, zone: try Zone(zone), bucket: bucket))
    #expect(rows.count > 4)
    for (row, next) in zip(rows, rows.dropFirst()) {
      guard case (.integer(let number), .integer(let following)) = (row[1], next[1]) else {
        Issue.record("\(row) \(next)")
        continue
      }
      #expect(following == number + 1, "\(row) \(next)")
    }
  }

  /// Posts of two days: of the first, which has more on Twitter, and of the second.
  private static func twoDays() throws -> [Post] {
    func posts(
      _ count: Int, _ day: String, _ platform: ExactString, _ topic: ExactString, _ tag: String
    ) throws -> [Post] {
      let timestamp = try instant("2026-11-\(day)T12:00:00Z")
      return (0..<count).map { index in
        .sample(ExactString("\(day) \(platform) \(topic) \(tag) \(index)")) {
          ($0.timestamp, $0.platform, $0.topic) = (timestamp, platform, topic)
          $0.hashtags = [Hashtag(tag)].compactMap { $0 }
          $0.userID = ExactString("USER_\(index % 6)")
        }
      }
    }
    return try posts(8, "23", "Twitter", "Food", "#old") + posts(2, "23", "Reddit", "Food", "#Up")
      + posts(6, "24", "Twitter", "Food", "#up") + posts(9, "24", "TikTok", "Travel", "#new")
      + posts(5, "24", "Reddit", "Travel", "#few")
  }

  struct AnswerCase: CustomTestStringConvertible {
    let query: String
    var arguments: [String: Cell] = [:]
    let rows: [String]
    var testDescription: String { "\(query) \(arguments)" }
  }

  static let answerCases = [
    AnswerCase(
      query: "compare-platforms",
      rows: [
        "TikTok 9 0 9 - 90 0 90 - 27 0 27 - 18 0 18 -",
        "Twitter 6 8 -2 -25.0 60 80 -20 -25.0 18 24 -6 -25.0 12 16 -4 -25.0",
        "Reddit 5 2 3 150.0 50 20 30 150.0 15 6 9 150.0 10 4 6 150.0",
      ]),
    AnswerCase(
      query: "share-of-voice",
      rows: ["Travel 14 70.0 0 0.0 70.0 -", "Food 6 30.0 10 100.0 -70.0 -40.0"]),
    AnswerCase(
      query: "share-of-voice", arguments: ["by": .text("platform")],
      rows: [
        "TikTok 9 45.0 0 0.0 45.0 -", "Twitter 6 30.0 8 80.0 -50.0 -25.0",
        "Reddit 5 25.0 2 20.0 5.0 150.0",
      ]),
    // #few has but five accounts, the least that counts; #old has fallen.
    AnswerCase(
      query: "trending-hashtags",
      rows: ["#new 9 6 0 - 64.0", "#few 5 5 0 - 16.0", "#Up 6 6 2 200.0 8.0"]),
    AnswerCase(
      query: "trending-hashtags", arguments: ["min-accounts": .integer(6), "limit": .integer(1)],
      rows: ["#new 9 6 0 - 64.0"]),
  ]

  @Test(arguments: answerCases)
  func aDayAgainstTheOneBefore(_ example: AnswerCase) throws {
    let store = try TemporaryStore(try Self.twoDays())
    let query = try QueryCatalog().query(example.query)
    for usesRollups in [true, false] {
      var scope = Scope(
        window: Window(
          since: try instant("2026-11-24T00:00:00Z"), until: try instant("2026-11-25T00:00:00Z")))
      scope.usesRollups = usesRollups
      let rows = try store.reader.answer(query, example.arguments, scope: scope)
      #expect(rows.map(BuiltInQueryTests.text) == example.rows, "\(usesRollups)")
    }
  }

  /// A third less a sixth is 16.67 points, though 33.33 less 16.67 are 16.66.
  @Test func changesAreRoundedOnce() throws {
    func posts(_ counts: [(ExactString, Int)], _ day: String) throws -> [Post] {
      let timestamp = try instant(day)
      return counts.flatMap { topic, count in
        (0..<count).map { index in
          .sample(ExactString("\(day) \(topic) \(index)")) {
            ($0.timestamp, $0.topic) = (timestamp, topic)
            $0.likes = 999_999_999_999
          }
        }
      }
    }
    let store = try TemporaryStore(
      try posts([("Food", 1), ("Travel", 5)], "2026-11-23T01:00:00Z")
        + posts([("Food", 300), ("Travel", 600)], "2026-11-24T01:00:00Z"))
    let scope = Scope(
      window: Window(
        since: try instant("2026-11-24T00:00:00Z"), until: try instant("2026-11-25T00:00:00Z")))
    let shares = try store.reader.answer(QueryCatalog().query("share-of-voice"), scope: scope)
    #expect(
      shares.map(BuiltInQueryTests.text) == [
        "Travel 600 66.67 5 83.33 -16.67 11900.0", "Food 300 33.33 1 16.67 16.67 29900.0",
      ])
    // Sums of the largest numbers that posts can have.
    let platforms = try store.reader.answer(
      QueryCatalog().query("compare-platforms"), scope: scope)
    #expect(platforms[0][8] == .real(14900))
    let types = try store.reader.answer(QueryCatalog().query("content-types"), scope: scope)
    #expect(types[0][2] == .real(999_999_999_999))
  }

  /// One post of a far year must not cost every question a case for each change of the clocks.
  @Test func postsOfFarYearsCostNothing() throws {
    let times = try ["0001-01-03T00:30:00Z", "2026-11-24T12:00:00Z", "9999-12-30T23:00:00Z"]
      .map(instant)
    let store = try TemporaryStore(
      times.enumerated().map { index, time in
        .sample(ExactString("p\(index)")) { $0.timestamp = time }
      })
    let zone = try Zone("Europe/Paris")
    for bucket in Bucket.allCases {
      let scope = Scope(window: .open, zone: zone, bucket: bucket)
      let query = try QueryCatalog().query("likes-over-time")
      let sql = try QueryRunner(reader: store.reader).explain(query, scope: scope).sql
      #expect(sql.utf8.count < 12_000)
      let buckets = try store.reader.answer(query, scope: scope).map { $0[0] }
      let expected = times.map { time -> Cell in
        if bucket == .day { return .integer(zone.startOfDay(time).microseconds) }
        // Paris was ahead of Greenwich by 9 minutes and 21 seconds until 1911.
        let offset = Int64(zone.offset(at: time)) * 1_000_000
        let local = time.microseconds + offset
        let size = bucket.microseconds
        return .integer(local - ((local % size) + size) % size - offset)
      }
      #expect(buckets == expected)
    }
  }

  @Test func theNewestPostIsKnownAfterPruning() throws {
    let store = try TemporaryStore(try Self.twoDays())
    #expect(try store.writer.prune(before: try instant("2026-11-24T00:00:00Z")) == 10)
    let catalog = try QueryCatalog()
    let snapshot = try store.reader.answer(try catalog.query("snapshot"))
    #expect(snapshot.map { [$0[1], $0[2]] } == [[.integer(30), .integer(1_795_521_600_000_000)]])
    #expect(try !store.reader.answer(try catalog.query("ingest-health")).isEmpty)
    // Of the first day, all of which is gone, nobody knows it; of the time before there is none.
    func ofTheDay(_ since: String, _ until: String) throws -> [[Cell]] {
      try store.reader.answer(
        try catalog.query("snapshot"),
        scope: Scope(window: Window(since: try instant(since), until: try instant(until))))
    }
    #expect(throws: QueryError.self) {
      try ofTheDay("2026-11-23T00:00:00Z", "2026-11-24T00:00:00Z")
    }
    #expect(try ofTheDay("2026-11-20T00:00:00Z", "2026-11-21T00:00:00Z")[0][2] == .null)
  }

  /// What was pruned of the window before is missed as that of the window itself is.
  @Test func thePrunedWindowBeforeIsRefused() throws {
    let store = try TemporaryStore(try Self.twoDays())
    #expect(try store.writer.prune(before: try instant("2026-11-24T00:00:00Z")) == 10)
    let query = try QueryCatalog().query("compare-platforms")
    let end = try instant("2026-11-25T00:00:00Z")
    let whole = Scope(window: Window(since: try instant("2026-11-24T00:00:00Z"), until: end))
    #expect(try store.reader.answer(query, scope: whole).count == 3)
    let cut = Scope(window: Window(since: try instant("2026-11-24T06:00:00.5Z"), until: end))
    #expect(throws: QueryError.self) { try store.reader.answer(query, scope: cut) }
  }

  /// Posts of 40 hours, 30 in each; the shares of negative ones come from a list.
  private static func hours(_ negative: [Int]) throws -> [Post] {
    let start = try instant("2026-11-23T00:00:00Z").microseconds
    return negative.enumerated().flatMap { hour, count in
      (0..<30).map { index in
        .sample(ExactString("\(hour) \(index)")) {
          $0.timestamp = Timestamp(
            microseconds: start + Int64(hour) * 3_600_000_000 + Int64(index) * 60_000_000)
          $0.sentiment = index < count ? .negative : .positive
        }
      }
    }
  }

  @Test func anHourFarAboveTheMeanIsASpike() throws {
    // Hours of 3 and 9 negative posts in turn: the mean is 20 %, the standard deviation 10 %.
    var negative = (0..<40).map { $0 % 2 == 0 ? 3 : 9 }
    (negative[30], negative[36]) = (16, 29)
    let store = try TemporaryStore(try Self.hours(negative))
    let query = try QueryCatalog().query("sentiment-spikes")
    func answer(_ since: String?, _ arguments: [String: Cell] = [:]) throws -> [String] {
      let window = Window(
        since: try since.map(instant), until: try instant("2026-11-25T00:00:00Z"))
      return try store.reader.answer(query, arguments, scope: Scope(window: window))
        .map(BuiltInQueryTests.text)
    }
    let hour30 = "1795500000000000 30 16 53.33 20.0 3.33"
    let hour36 = "1795521600000000 30 29 96.67 21.81 6.35"
    #expect(try answer(nil) == [hour30, hour36])
    // The hours before the window are compared with as well.
    #expect(try answer("2026-11-24T06:00:00Z") == [hour30, hour36])
    // The window has but 29 posts of its first hour, which does not stand for comparison then.
    #expect(
      try answer("2026-11-24T06:00:00.000001Z", ["min-posts": .integer(30)])
        == ["1795521600000000 30 29 96.67 20.43 7.63"])
    #expect(try answer(nil, ["sigmas": .real(3.34)]) == [hour36])
    #expect(try answer(nil, ["min-posts": .integer(31)]) == [])
    #expect(try answer(nil, ["min-buckets": .integer(24)]) == [hour30, hour36])
  }

  @Test func aSpikeAboveEqualHoursHasNoNumberOfDeviations() throws {
    var negative = Array(repeating: 3, count: 8)
    negative[7] = 4
    let store = try TemporaryStore(try Self.hours(negative))
    let query = try QueryCatalog().query("sentiment-spikes")
    #expect(
      try store.reader.answer(query).map(BuiltInQueryTests.text)
        == ["1795417200000000 30 4 13.33 10.0 -"])
    #expect(try store.reader.answer(query, ["min-buckets": .integer(8)]).isEmpty)
  }

  @Test func healthTellsWhatBecameOfTheMessages() throws {
    let store = try TemporaryStore()
    let newest = 1_764_000_000_000_000 as Int64
    let record = newest / 1000
    let bad = Rejection(field: "JSON", problem: "no value", offset: 3)
    let elsewhere = Rejection(field: "JSON", problem: "no value", offset: 4)
    var stretch = PartitionStretch(
      5,
      [
        (record, .post(.sample("1"))), (record + 60_000, .post(.sample("1"))),
        (record + 59_999, .post(.sample("2"))),
        (record + 86_400_000 * 31, .post(.sample("1") { $0.likes = 99 })),
        (record - 5, .post(.sample("1"))), (record + 1, .tombstone(postID: "2")),
        (record + 60_001, .tombstone(postID: "2")), (record, .tombstone(postID: "9")),
        (record, .rejected(bad, key: nil, value: nil)),
        (record, .rejected(elsewhere, key: nil, value: nil)),
      ])
    stretch.missing = [20..<23]
    stretch.end = 23
    stretch.logEnd = 25
    _ = try store.writer.apply([stretch], now: Timestamp(microseconds: 77))
    // What the broker said stays until it says something else; a message that is fenced is not counted.
    stretch.logEnd = nil
    _ = try store.writer.apply([stretch], now: Timestamp(microseconds: 78))
    let rows = try store.reader.answer(try QueryCatalog().query("ingest-health"))
    #expect(
      rows.map(BuiltInQueryTests.text) == [
        "received social_media[0] 10 1766678400000000",
        "stored social_media[0] 2 -", "duplicates social_media[0] 1 -",
        "updated social_media[0] 1 -", "stale social_media[0] 2 -",
        "deleted social_media[0] 1 -", "deletes of unknown posts social_media[0] 1 -",
        "expired before reading social_media[0] 3 -", "rejected JSON: no value 2 -",
        "late under 1 minute 3 -", "late 1 minute to 1 hour 1 -",
        "late 30 days and more 1 -", "lag social_media[0] 2 77",
        "newest post - - 1764000000000000",
      ])
  }
}
