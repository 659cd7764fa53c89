import GRDB
import PostStore
import Posts
import StoreFixtures
import TestSupport
import Testing

/// The view that stands for the original system's table.
@Suite struct SocialPostsTests {
  @Test func itHasTheOriginalColumnsInOrder() throws {
    let folder = try TemporaryDirectory()
    _ = try StoreWriter(path: folder.path("store.db"))
    let reader = try StoreReader(path: folder.path("store.db"))
    #expect(
      try reader.strings("SELECT name FROM pragma_table_info('social_posts') ORDER BY cid")
        == originalColumns)
  }

  @Test func itShowsWhatWasStored() throws {
    let posts: [Post] = [
      .sample("1"),
      .sample("2") {
        $0.hashtags = ["#zeta", "#Älpha", "#beta"].compactMap { Hashtag($0) }
        $0.sentiment = .positive
        $0.location = nil
        $0.views = nil
        $0.isVerified = true
        $0.isViral = true
      },
      .sample("3") {
        $0.likes = 1_000_000_000_000
        $0.shares = 0
        $0.comments = 1_000_000_000_000
        $0.views = 0
        $0.engagementRate = EngagementRate(hundredths: 100_000_000_000)
        $0.followers = 0
        $0.sentiment = .negative
        $0.isInfluencer = true
        $0.username = "a \"quoted\" 名前"
        $0.location = " "
      },
    ]
    let folder = try TemporaryDirectory()
    try StoreWriter(path: folder.path("store.db")).store(posts)
    let reader = try StoreReader(path: folder.path("store.db"))
    #expect(try reader.shownPosts() == posts.map { shownRow(of: $0) })
  }

  @Test(arguments: [
    "0001-01-01T00:00:00.000000", "0099-02-28T23:59:59.999999", "1582-10-10T12:00:00.000001",
    "1900-02-28T23:59:59.999999", "1969-12-31T23:59:59.999999", "1970-01-01T00:00:00.000000",
    "1970-01-01T00:00:00.000001", "2000-02-29T00:00:00.000000", "2026-11-24T10:00:00.123456",
    "9999-12-31T23:59:59.999999",
  ])
  func aTimeIsShownInUTC(_ text: String) throws {
    let timestamp = try Timestamp(iso8601: text)
    try #require(timestamp.withoutZone() == text)
    let folder = try TemporaryDirectory()
    try StoreWriter(path: folder.path("store.db")).store([.sample { $0.timestamp = timestamp }])
    let reader = try StoreReader(path: folder.path("store.db"))
    #expect(
      try reader.strings("SELECT timestamp FROM social_posts")
        == [timestamp.withoutZone(separator: " ")])
  }

  @Test(arguments: [
    ("0001-01-01T00:00:00+18:00", "0000-12-31 06:00:00.000000"),
    ("9999-12-31T23:59:59-01:00", "10000-01-01 00:59:59.000000"),
    ("9999-12-31T23:59:59.999999-18:00", "10000-01-01 17:59:59.999999"),
  ])
  func aTimeOutsideOfTheYearsOfUTCIsShown(_ text: String, _ shown: String) throws {
    let folder = try TemporaryDirectory()
    let timestamp = try Timestamp(iso8601: text)
    try StoreWriter(path: folder.path("store.db")).store([.sample { $0.timestamp = timestamp }])
    let reader = try StoreReader(path: folder.path("store.db"))
    #expect(try reader.strings("SELECT timestamp FROM social_posts") == [shown])
    #expect(timestamp.withoutZone(separator: " ") == shown)
  }

  @Test func tagsStayInTheOrderOfTheMessage() throws {
    let folder = try TemporaryDirectory()
    let writer = try StoreWriter(path: folder.path("store.db"))
    var random = SplitMix64(seed: 1)
    let tags = (1...12).compactMap { Hashtag("#tag\($0)") }
    let posts = (0..<30).map { index in
      Post.sample(ExactString("\(100 + index)")) { $0.hashtags = tags.shuffled(using: &random) }
    }
    try writer.store(posts)
    let reader = try StoreReader(path: folder.path("store.db"))
    #expect(try reader.shownPosts() == posts.map { shownRow(of: $0) })
  }
}
