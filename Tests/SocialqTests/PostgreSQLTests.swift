import Foundation
import PostStore
import Posts
import StoreFixtures
import TestSupport
import Testing

/// Posts go from the original system's table in a real PostgreSQL into a store, and back.
@Suite struct PostgreSQLTests {
  private static let table = """
    CREATE TABLE social_posts (
      post_id varchar(50) PRIMARY KEY, user_id varchar(50), username varchar(100),
      platform varchar(50), post_type varchar(50), content_type varchar(50), topic varchar(100),
      hashtags text[], sentiment varchar(20), location varchar(100), likes integer,
      shares integer, comments integer, views integer, engagement_rate double precision,
      followers integer, is_verified boolean, is_influencer boolean, is_viral boolean,
      "timestamp" timestamp, language varchar(10))
    """

  /// Posts of which every text has to be quoted somewhere.
  private static let hard: [Post] = [
    .sample("h1") {
      $0.username = "a \"quoted\", name"
      $0.location = "two\nlines\r\nand, more"
      $0.hashtags = ["#a b", "#c,d", "#{e}", "#\"f\"", "#g\\h", "#NULL", "#Zähler", "#名前"]
        .compactMap { Hashtag($0) }
    },
    .sample("h2") {
      $0.location = nil
      $0.views = nil
      $0.timestamp = Timestamp(microseconds: 1_764_000_000_000_001)
    },
    .sample("h3") {
      $0.location = "NULL"
      $0.username = "\\."
      $0.engagementRate.hundredths = 1
      $0.isViral = true
    },
  ]

  @Test func theOriginalTableComesInAndGoesOutWhole() async throws {
    try await onThread {
      let files = try TemporaryDirectory()
      // Bytes that no JSON holds as they are quote and separate, so that a line is one value.
      var lines = try Data(contentsOf: TestFiles.fixture("original-5k.ndjson"))
      for post in Self.hard {
        var line: [UInt8] = []
        PostEncoder().encode(post, into: &line)
        lines += line + [UInt8(ascii: "\n")]
      }
      try lines.write(to: files.url.appendingPathComponent("posts.ndjson"))
      let server = try PostgreSQL()
      try server.run(
        Self.table, "CREATE TABLE messages (value text)",
        "\\copy messages from '\(files.path("posts.ndjson"))' csv quote e'\\x01' delimiter e'\\x02'",
        """
        INSERT INTO social_posts
        SELECT post.* FROM messages, jsonb_populate_record(null::social_posts, value::jsonb) AS post
        """,
        "\\copy social_posts to '\(files.path("social_posts.csv"))' csv header")

      let imported = try socialq(
        ["import", files.path("social_posts.csv")], store: files.path("imported.db"))
      #expect(imported.status == 0)
      #expect(imported.standardError == "5003 stored\n")
      let again = try socialq(
        ["import", files.path("social_posts.csv")], store: files.path("imported.db"))
      #expect(again.standardError == "0 stored, 5003 duplicate\n")

      try Self.consume(lines, into: files.path("messages.db"))
      let shown = try StoreReader(path: files.path("imported.db")).shownPosts()
      #expect(shown.count == 5003)
      #expect(try StoreReader(path: files.path("messages.db")).shownPosts() == shown)
      let verified = try socialq(["rollups", "verify"], store: files.path("imported.db"))
      #expect(verified.status == 0, "\(verified.standardError)")

      let exported = try socialq(
        ["export", "--output", files.path("back.csv")], store: files.path("imported.db"))
      #expect(exported.standardError == "5003 posts exported\n")
      try server.run(
        "CREATE TABLE back (LIKE social_posts)",
        "\\copy back from '\(files.path("back.csv"))' csv header")
      let difference = try server.run(
        """
        SELECT count(*) FROM (
          (TABLE back EXCEPT TABLE social_posts) UNION ALL (TABLE social_posts EXCEPT TABLE back)
        ) AS different
        """, "SELECT count(*) FROM back")
      #expect(difference == "0\n5003\n")
    }
  }

  /// Has the consumer store messages that come from a topic.
  private static func consume(_ lines: Data, into path: String) throws {
    let broker = try IndependentBroker(topics: [("social_media", 2)])
    let published = try Program(
      executable: URL(fileURLWithPath: "/usr/bin/env"),
      ["kcat", "-P", "-b", broker.bootstrapServers, "-t", "social_media"], standardInput: lines
    ).wait(timeout: .seconds(120))
    try #require(published.status == 0, "\(published.standardError)")
    let limit = IndependentBroker.receiveLimit
    let consumed = try Program.run(
      "social-consumer",
      [
        "--brokers", broker.bootstrapServers, "-X", "\(limit.name)=\(limit.value)", "--db", path,
        "--exit-at-end",
      ], timeout: .seconds(120))
    try #require(consumed.status == 0, "\(consumed.standardError)")
  }
}
