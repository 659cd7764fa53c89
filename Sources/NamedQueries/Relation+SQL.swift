import PostStore
import Posts

extension Relation {
  /// The relation as a common table expression of a scope.
  func definition(_ scope: ResolvedScope) -> String {
    switch source {
    case .facts(let rollup): "\(rawValue) AS (\n\(facts(rollup, scope))\n)"
    // A query joins it with itself, which is fast only post by post.
    case .postHashtags: "\(rawValue) AS NOT MATERIALIZED (\n\(postHashtags(scope))\n)"
    case .posts: "\(rawValue) AS (\n\(posts(scope))\n)"
    case .newestPost: "\(rawValue) AS (\n\(newestPost(scope))\n)"
    case .store(let statement): "\(rawValue) AS (\n  \(statement)\n)"
    }
  }

  private func facts(_ rollup: Rollup, _ scope: ResolvedScope) -> String {
    let parts = scope.cover(of: self).pieces.map { part($0, rollup, scope) }
    let source =
      parts.isEmpty ? part(.nothing, rollup, scope) : parts.joined(separator: "\n  UNION ALL\n")
    let measures = rollup.measures.map { "f.\($0)" }.joined(separator: ", ")
    return """
        SELECT \(scope.times(of: "f.us"))\(dimensions), \(keys(of: rollup))\(measures)
        FROM (
      \(source)
        ) AS f
        \(keyJoins(of: rollup))\(dimensionJoins(of: "f"))
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
    return """
        SELECT p.created_us AS us, \(columns.joined(separator: ", "))
        FROM posts AS p \(rollup.join)
        WHERE \(scope.condition("p", "p.created_us", piece, unit: 1))\(rollup.restriction)
      """
  }

  private func postHashtags(_ scope: ResolvedScope) -> String {
    """
      SELECT \(scope.times(of: "f.created_us"))\(dimensions), f.post_id,
        h.spelling AS hashtag, h.key AS hashtag_key,
        hs.hashtag AS hashtag_id, f.user AS user_key
      FROM posts AS f
      CROSS JOIN json_each(f.hashtags) AS e
      CROSS JOIN hashtag_spellings AS hs ON hs.id = e.value
      CROSS JOIN hashtags AS h ON h.id = hs.hashtag
      \(dimensionJoins(of: "f"))
      WHERE \(scope.condition("f", "f.created_us", .raw(scope.window(span)), unit: 1))
    """
  }

  private func newestPost(_ scope: ResolvedScope) -> String {
    """
      SELECT MAX(p.created_us) AS created_us
      FROM posts AS p
      WHERE \(scope.condition("p", "p.created_us", .raw(scope.window(span)), unit: 1))
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
        \(scope.times(of: "p.created_us"))p.created_us, la.name AS language
      FROM posts AS p
      LEFT JOIN users AS us ON us.id = p.user
      LEFT JOIN usernames AS un ON un.id = p.username
      LEFT JOIN post_types AS pt ON pt.id = p.post_type
      LEFT JOIN content_types AS ct ON ct.id = p.content_type
      LEFT JOIN locations AS lo ON lo.id = p.location
      LEFT JOIN languages AS la ON la.id = p.language
      \(dimensionJoins(of: "p"))
      WHERE \(scope.condition("p", "p.created_us", .raw(scope.window(span)), unit: 1))
    """
  }

  /// The dimensions that every relation has, since every question can be filtered by them.
  private var dimensions: String {
    "pl.name AS platform, se.name AS sentiment, f.sentiment AS sentiment_order, t.name AS topic, f.is_viral"
  }

  /// The names of the relation's own keys.
  private func keys(of rollup: Rollup) -> String {
    switch rollup {
    case .base: ""
    case .hashtag: "h.spelling AS hashtag, h.key AS hashtag_key, f.hashtag AS hashtag_id, "
    case .location: "lo.name AS location, "
    case .content: "ct.name AS content_type, pt.name AS post_type, "
    case .language: "la.name AS language, "
    case .account:
      "us.name AS user_id, f.user AS user_key, un.name AS username, f.is_verified, f.is_influencer, f.followers, "
    }
  }

  // Outer joins, since SQLite leaves out those whose columns a query does not read.

  private func keyJoins(of rollup: Rollup) -> String {
    switch rollup {
    case .base: ""
    case .hashtag: "LEFT JOIN hashtags AS h ON h.id = f.hashtag\n  "
    case .location: "LEFT JOIN locations AS lo ON lo.id = f.location\n  "
    case .content:
      """
      LEFT JOIN content_types AS ct ON ct.id = f.content_type
        LEFT JOIN post_types AS pt ON pt.id = f.post_type

      """
    case .language: "LEFT JOIN languages AS la ON la.id = f.language\n  "
    case .account:
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
