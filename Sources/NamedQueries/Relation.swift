/// A table that queries read: posts, or facts about them, already narrowed to the scope.
///
/// A query names relations and never a table of the store. Where the rows come from is the engine's to
/// choose; today every relation reads posts.
enum Relation: String, CaseIterable {
  /// One row for each post, with all that is known of it.
  case posts = "scoped_posts"
  /// Engagement by platform, sentiment and topic.
  case postFacts = "post_facts"
  /// Engagement by hashtag: a post counts for each of its tags.
  case hashtagFacts = "hashtag_facts"
  /// Engagement by location, of posts that have one.
  case locationFacts = "location_facts"
  /// Engagement by content type and post type.
  case contentFacts = "content_facts"
  /// Engagement by account: a user as one name on one platform.
  case accountFacts = "account_facts"

  /// The relation as a common table expression of a scope.
  func definition(_ scope: ResolvedScope) -> String {
    "\(rawValue) AS (\n\(select(scope))\n)"
  }

  private func select(_ scope: ResolvedScope) -> String {
    let bucket = scope.localTime.bucketStart(of: "p.created_us", scope.bucket)
    let measures = """
        1 AS posts, p.likes, p.comments, p.shares, p.rate_hundredths AS rate_sum
      """
    switch self {
    case .posts:
      return """
          SELECT p.post_id, us.name AS user_id, un.name AS username, pl.name AS platform,
            pt.name AS post_type, ct.name AS content_type, t.name AS topic,
            (SELECT json_group_array(hs.spelling) FROM json_each(p.hashtags) AS e
              CROSS JOIN hashtag_spellings AS hs ON hs.id = e.value) AS hashtags,
            se.name AS sentiment, lo.name AS location, p.likes, p.shares, p.comments, p.views,
            p.rate_hundredths, p.followers, p.is_verified, p.is_influencer, p.is_viral,
            p.created_us, la.name AS language, \(bucket) AS bucket
          FROM posts AS p
          LEFT JOIN users AS us ON us.id = p.user
          LEFT JOIN usernames AS un ON un.id = p.username
          LEFT JOIN post_types AS pt ON pt.id = p.post_type
          LEFT JOIN content_types AS ct ON ct.id = p.content_type
          LEFT JOIN locations AS lo ON lo.id = p.location
          LEFT JOIN languages AS la ON la.id = p.language
          \(dimensionJoins)
          WHERE \(scope.condition("p"))
        """
    case .postFacts:
      return """
          SELECT \(bucket) AS bucket, \(dimensions), \(measures),
            p.views, CASE WHEN p.views IS NULL THEN 0 ELSE 1 END AS posts_with_views,
            p.is_verified AS verified_posts, p.is_influencer AS influencer_posts
          FROM posts AS p
          \(dimensionJoins)
          WHERE \(scope.condition("p"))
        """
    case .hashtagFacts:
      return """
          SELECT \(bucket) AS bucket, h.spelling AS hashtag, h.key AS hashtag_key,
            \(dimensions), \(measures)
          FROM posts AS p
          CROSS JOIN json_each(p.hashtags) AS e
          CROSS JOIN hashtag_spellings AS hs ON hs.id = e.value
          CROSS JOIN hashtags AS h ON h.id = hs.hashtag
          \(dimensionJoins)
          WHERE \(scope.condition("p"))
        """
    case .locationFacts:
      return """
          SELECT \(bucket) AS bucket, lo.name AS location, \(dimensions), \(measures)
          FROM posts AS p
          JOIN locations AS lo ON lo.id = p.location
          \(dimensionJoins)
          WHERE \(scope.condition("p"))
        """
    case .contentFacts:
      return """
          SELECT \(bucket) AS bucket, ct.name AS content_type, pt.name AS post_type,
            \(dimensions), \(measures)
          FROM posts AS p
          LEFT JOIN content_types AS ct ON ct.id = p.content_type
          LEFT JOIN post_types AS pt ON pt.id = p.post_type
          \(dimensionJoins)
          WHERE \(scope.condition("p"))
        """
    case .accountFacts:
      return """
          SELECT \(bucket) AS bucket, us.name AS user_id, un.name AS username,
            p.is_verified, p.is_influencer, \(dimensions), \(measures), p.followers
          FROM posts AS p
          LEFT JOIN users AS us ON us.id = p.user
          LEFT JOIN usernames AS un ON un.id = p.username
          \(dimensionJoins)
          WHERE \(scope.condition("p"))
        """
    }
  }

  /// The dimensions that every relation has, since every question can be filtered by them.
  private var dimensions: String {
    "pl.name AS platform, se.name AS sentiment, se.id AS sentiment_order, t.name AS topic, p.is_viral"
  }

  /// Outer joins, since SQLite leaves out those whose columns a query does not read.
  private var dimensionJoins: String {
    """
    LEFT JOIN platforms AS pl ON pl.id = p.platform
    LEFT JOIN sentiments AS se ON se.id = p.sentiment
    LEFT JOIN topics AS t ON t.id = p.topic
    """
  }
}
