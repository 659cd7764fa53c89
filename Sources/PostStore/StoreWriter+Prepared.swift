import GRDB
import Posts

extension StoreWriter {
  /// The post that was made ready, with the texts that the store has for its ids.
  ///
  /// - Throws: `StoreError`, of code `corrupt` if the store does not know one of the ids.
  public func post(_ prepared: PreparedPost) throws(StoreError) -> Post {
    let row = prepared.row
    return try read { db in
      guard let connection = db.sqliteConnection else {
        throw StoreError(.sqlite, "the store \(path) is closed")
      }
      func name(_ table: String, _ id: Int64) throws(StoreError) -> ExactString {
        let find = try RawStatement(
          "SELECT name FROM \(table) WHERE id = ?1", connection: connection, path: path)
        try find.bind(id, at: 1)
        guard try find.step() else { throw StoreError.unknownName(in: path) }
        return ExactString(find.text(0))
      }
      let findHashtags = try RawStatement(
        """
        SELECT h.key, s.spelling
        FROM json_each(?1) AS t
        JOIN hashtag_spellings AS s ON s.id = t.value
        JOIN hashtags AS h ON h.id = s.hashtag
        ORDER BY t.key
        """, connection: connection, path: path)
      try findHashtags.bind(text: row.hashtags, at: 1)
      var hashtags: [Hashtag] = []
      while try findHashtags.step() {
        hashtags.append(
          Hashtag(
            key: ExactString(findHashtags.text(0)), spelling: ExactString(findHashtags.text(1))))
      }
      guard hashtags.count == prepared.hashtags.count,
        let sentiment = Sentiment.allCases.first(where: { $0.storedID == row.sentiment })
      else { throw StoreError.unknownName(in: path) }
      return Post(
        postID: prepared.postID, userID: try name("users", row.user),
        username: try name("usernames", row.username),
        platform: try name("platforms", row.platform),
        postType: try name("post_types", row.postType),
        contentType: try name("content_types", row.contentType),
        topic: try name("topics", row.topic), hashtags: hashtags, sentiment: sentiment,
        location: try row.location.map { try name("locations", $0) },
        likes: row.likes, shares: row.shares, comments: row.comments, views: row.views,
        engagementRate: EngagementRate(hundredths: row.rateHundredths), followers: row.followers,
        isVerified: row.isVerified, isInfluencer: row.isInfluencer, isViral: row.isViral,
        timestamp: Timestamp(microseconds: row.createdMicroseconds),
        language: try name("languages", row.language))
    }
  }
}
