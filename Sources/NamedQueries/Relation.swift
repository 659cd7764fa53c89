import PostStore
import Posts

/// A table that queries read: posts, or facts about them, already narrowed to the scope.
///
/// A query names relations and never a table of the store. Where the rows come from is the engine's to
/// choose: rows of facts are sums of posts, taken from rollups where those hold whole buckets of the
/// window, and from single posts elsewhere. A query has to add them up.
enum Relation: String, CaseIterable {
  /// One row for each post, with all that is known of it.
  case posts = "scoped_posts"
  /// One row for each hashtag of each post; `post_id` says which post.
  case postHashtags = "post_hashtags"
  /// Engagement by platform, sentiment and topic.
  case postFacts = "post_facts"
  /// Engagement by hashtag: a post counts for each of its tags.
  case hashtagFacts = "hashtag_facts"
  /// Engagement by location, of posts that have one.
  case locationFacts = "location_facts"
  /// Engagement by content type and post type.
  case contentFacts = "content_facts"
  /// Engagement by language.
  case languageFacts = "language_facts"
  /// Engagement by account: a user as one name on one platform, and what its posts say of it.
  case accountFacts = "account_facts"
  /// One row, whatever the scope: when the store last changed, or NULL if it never did.
  case storeState = "store_state"

  /// The rollup that it can be answered from; nil if only from posts.
  var rollup: Rollup? {
    switch self {
    case .posts, .postHashtags, .storeState: nil
    case .postFacts: .base
    case .hashtagFacts: .hashtag
    case .locationFacts: .location
    case .contentFacts: .content
    case .languageFacts: .language
    case .accountFacts: .account
    }
  }

  /// The relation as a common table expression of a scope.
  func definition(_ scope: ResolvedScope) -> String {
    switch (self, rollup) {
    case (_, let rollup?): "\(rawValue) AS (\n\(facts(rollup, scope))\n)"
    // A query joins it with itself, which is fast only post by post.
    case (.postHashtags, _): "\(rawValue) AS NOT MATERIALIZED (\n\(postHashtags(scope))\n)"
    case (.storeState, _):
      "\(rawValue) AS (\n  SELECT NULLIF(changed_us, 0) AS changed_us FROM store_version\n)"
    default: "\(rawValue) AS (\n\(posts(scope))\n)"
    }
  }

  private func facts(_ rollup: Rollup, _ scope: ResolvedScope) -> String {
    let parts = scope.cover(of: self).pieces.map { part($0, rollup, scope) }
    let source =
      parts.isEmpty ? part(.nothing, rollup, scope) : parts.joined(separator: "\n  UNION ALL\n")
    let measures = rollup.measures.map { "f.\($0)" }.joined(separator: ", ")
    return """
        SELECT \(scope.times(of: "f.us")), \(dimensions), \(keys)\(measures)
        FROM (
      \(source)
        ) AS f
        \(keyJoins)\(dimensionJoins(of: "f"))
      """
  }

  /// The rows of one piece of the cover, still with ids for names.
  func part(_ piece: Cover.Piece, _ rollup: Rollup, _ scope: ResolvedScope) -> String {
    let dimensions = Rollup.dimensions
    if let level = piece.level {
      let columns = (dimensions + rollup.keys + rollup.measures).joined(separator: ", ")
      return """
          SELECT start_s * 1000000 AS us, \(columns)
          FROM \(rollup.table(level)) AS r
          WHERE \(scope.condition("r", "r.start_s", piece, unit: 1_000_000))
        """
    }
    let columns =
      dimensions.map { "p.\($0)" } + rollup.keys.map { "\(rollup.keyExpression($0)) AS \($0)" }
      + rollup.measures.map { "\(Rollup.measureExpression($0)) AS \($0)" }
    let isThere = rollup == .location ? " AND p.location IS NOT NULL" : ""
    return """
        SELECT p.created_us AS us, \(columns.joined(separator: ", "))
        FROM posts AS p \(rollup.join)
        WHERE \(scope.condition("p", "p.created_us", piece, unit: 1))\(isThere)
      """
  }

  private func postHashtags(_ scope: ResolvedScope) -> String {
    """
      SELECT \(scope.times(of: "f.created_us")), \(dimensions), f.post_id,
        h.spelling AS hashtag, h.key AS hashtag_key
      FROM posts AS f
      CROSS JOIN json_each(f.hashtags) AS e
      CROSS JOIN hashtag_spellings AS hs ON hs.id = e.value
      CROSS JOIN hashtags AS h ON h.id = hs.hashtag
      \(dimensionJoins(of: "f"))
      WHERE \(scope.condition("f", "f.created_us", .raw(scope.window), unit: 1))
    """
  }

  private func posts(_ scope: ResolvedScope) -> String {
    """
      SELECT p.post_id, us.name AS user_id, un.name AS username, pl.name AS platform,
        pt.name AS post_type, ct.name AS content_type, t.name AS topic,
        (SELECT json_group_array(hs.spelling) FROM json_each(p.hashtags) AS e
          CROSS JOIN hashtag_spellings AS hs ON hs.id = e.value) AS hashtags,
        se.name AS sentiment, lo.name AS location, p.likes, p.shares, p.comments, p.views,
        p.rate_hundredths, p.followers, p.is_verified, p.is_influencer, p.is_viral,
        p.created_us, la.name AS language, \(scope.times(of: "p.created_us"))
      FROM posts AS p
      LEFT JOIN users AS us ON us.id = p.user
      LEFT JOIN usernames AS un ON un.id = p.username
      LEFT JOIN post_types AS pt ON pt.id = p.post_type
      LEFT JOIN content_types AS ct ON ct.id = p.content_type
      LEFT JOIN locations AS lo ON lo.id = p.location
      LEFT JOIN languages AS la ON la.id = p.language
      \(dimensionJoins(of: "p"))
      WHERE \(scope.condition("p", "p.created_us", .raw(scope.window), unit: 1))
    """
  }

  /// The dimensions that every relation has, since every question can be filtered by them.
  private var dimensions: String {
    "pl.name AS platform, se.name AS sentiment, f.sentiment AS sentiment_order, t.name AS topic, f.is_viral"
  }

  /// The names of the relation's own keys.
  private var keys: String {
    switch self {
    case .posts, .postHashtags, .postFacts, .storeState: ""
    case .hashtagFacts: "h.spelling AS hashtag, h.key AS hashtag_key, "
    case .locationFacts: "lo.name AS location, "
    case .contentFacts: "ct.name AS content_type, pt.name AS post_type, "
    case .languageFacts: "la.name AS language, "
    case .accountFacts:
      "us.name AS user_id, f.user AS user_key, un.name AS username, f.is_verified, f.is_influencer, f.followers, "
    }
  }

  // Outer joins, since SQLite leaves out those whose columns a query does not read.

  private var keyJoins: String {
    switch self {
    case .posts, .postHashtags, .postFacts, .storeState: ""
    case .hashtagFacts: "LEFT JOIN hashtags AS h ON h.id = f.hashtag\n  "
    case .locationFacts: "LEFT JOIN locations AS lo ON lo.id = f.location\n  "
    case .contentFacts:
      """
      LEFT JOIN content_types AS ct ON ct.id = f.content_type
        LEFT JOIN post_types AS pt ON pt.id = f.post_type

      """
    case .languageFacts: "LEFT JOIN languages AS la ON la.id = f.language\n  "
    case .accountFacts:
      """
      LEFT JOIN users AS us ON us.id = f.user
        LEFT JOIN usernames AS un ON un.id = f.username

      """
    }
  }

  private func dimensionJoins(of alias: String) -> String {
    """
    LEFT JOIN platforms AS pl ON pl.id = \(alias).platform
      LEFT JOIN sentiments AS se ON se.id = \(alias).sentiment
      LEFT JOIN topics AS t ON t.id = \(alias).topic
    """
  }
}

extension Cover.Piece {
  /// A whole window, from raw posts.
  static func raw(_ window: Window) -> Cover.Piece {
    Cover.Piece(level: nil, since: window.since, until: window.until)
  }

  /// A stretch without an instant in it.
  static let nothing = Cover.Piece(
    level: nil, since: .init(microseconds: 0), until: .init(microseconds: 0))
}
