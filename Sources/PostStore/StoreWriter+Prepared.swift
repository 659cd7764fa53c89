import GRDB
import Posts

extension StoreWriter {
  /// The post that was made ready, with the texts that the store has for its ids.
  ///
  /// - Throws: `StoreError`, also if the store does not know one of the ids.
  public func post(_ prepared: PreparedPost) throws(StoreError) -> Post {
    let row = prepared.row
    return try read { db in
      func name(_ table: String, _ id: Int64) throws -> ExactString {
        let sql = "SELECT name FROM \(table) WHERE id = ?"
        guard let name = try String.fetchOne(db, sql: sql, arguments: [id]) else {
          throw StoreError(.corrupt, "the store does not know \(id) of its \(table)")
        }
        return ExactString(name)
      }
      let hashtags = try Row.fetchAll(
        db,
        sql: """
          SELECT h.key, s.spelling
          FROM json_each(?) AS t
          JOIN hashtag_spellings AS s ON s.id = t.value
          JOIN hashtags AS h ON h.id = s.hashtag
          ORDER BY t.key
          """, arguments: [row.hashtags])
      guard let sentiment = Sentiment.allCases.first(where: { $0.storedID == row.sentiment }) else {
        throw StoreError(.corrupt, "the store has no sentiment \(row.sentiment)")
      }
      return Post(
        postID: prepared.postID, userID: try name("users", row.user),
        username: try name("usernames", row.username),
        platform: try name("platforms", row.platform),
        postType: try name("post_types", row.postType),
        contentType: try name("content_types", row.contentType),
        topic: try name("topics", row.topic),
        hashtags: hashtags.map {
          Hashtag(key: ExactString($0["key"]), spelling: ExactString($0["spelling"]))
        },
        sentiment: sentiment, location: try row.location.map { try name("locations", $0) },
        likes: row.likes, shares: row.shares, comments: row.comments, views: row.views,
        engagementRate: EngagementRate(hundredths: row.rateHundredths), followers: row.followers,
        isVerified: row.isVerified, isInfluencer: row.isInfluencer, isViral: row.isViral,
        timestamp: Timestamp(microseconds: row.createdMicroseconds),
        language: try name("languages", row.language))
    }
  }
}
