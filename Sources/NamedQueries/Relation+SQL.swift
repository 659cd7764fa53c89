import PostStore
import Posts

extension Relation {
  /// The relation as a common table expression of a scope.
  ///
  /// - Parameter isRead: Whether a query may read a column of a name. Those that it does not read, and that
  ///   a join would be needed for, are left out: SQLite leaves out a join only where nothing is summed up.
  func definition(_ scope: ResolvedScope, isRead: (String) -> Bool) -> String {
    switch source {
    case .facts(let rollup): "\(rawValue) AS (\n\(facts(rollup, scope, isRead))\n)"
    // A query joins it with itself, which is fast only post by post.
    case .postHashtags: "\(rawValue) AS NOT MATERIALIZED (\n\(postHashtags(scope, isRead))\n)"
    case .posts: "\(rawValue) AS (\n\(posts(scope, isRead))\n)"
    case .newestPost: "\(rawValue) AS (\n\(newestPost(scope))\n)"
    case .store(let statement): "\(rawValue) AS (\n  \(statement)\n)"
    }
  }

  private func facts(
    _ rollup: Rollup, _ scope: ResolvedScope, _ isRead: (String) -> Bool
  ) -> String {
    let names = NamedColumns(dimensions(of: "f") + keys(of: rollup), isRead)
    let parts = scope.cover(of: self).pieces.map { part($0, rollup, scope) }
    let source =
      parts.isEmpty ? part(.nothing, rollup, scope) : parts.joined(separator: "\n  UNION ALL\n")
    let measures = rollup.measures.map { "f.\($0)" }.joined(separator: ", ")
    return """
        SELECT \(scope.times(of: "f.us"))\(names.columns), \(measures)
        FROM (
      \(source)
        ) AS f\(names.joins)
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

  private func postHashtags(_ scope: ResolvedScope, _ isRead: (String) -> Bool) -> String {
    let names = NamedColumns(dimensions(of: "f"), isRead)
    return """
        SELECT \(scope.times(of: "f.created_us"))\(names.columns), f.post_id,
          h.spelling AS hashtag, h.key AS hashtag_key,
          hs.hashtag AS hashtag_id, f.user AS user_key
        FROM posts AS f
        CROSS JOIN json_each(f.hashtags) AS e
        CROSS JOIN hashtag_spellings AS hs ON hs.id = e.value
        CROSS JOIN hashtags AS h ON h.id = hs.hashtag\(names.joins)
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

  private func posts(_ scope: ResolvedScope, _ isRead: (String) -> Bool) -> String {
    let names = NamedColumns(
      [
        Name("user_id", "us.name", "users AS us ON us.id = p.user"),
        Name("username", "un.name", "usernames AS un ON un.id = p.username"),
        Name("post_type", "pt.name", "post_types AS pt ON pt.id = p.post_type"),
        Name("content_type", "ct.name", "content_types AS ct ON ct.id = p.content_type"),
        Name("location", "lo.name", "locations AS lo ON lo.id = p.location"),
        Name("language", "la.name", "languages AS la ON la.id = p.language"),
      ] + dimensions(of: "p"), isRead)
    return """
        SELECT p.post_id, \(names.columns),
          (SELECT json_group_array(hs.spelling) FROM json_each(p.hashtags) AS e
            CROSS JOIN hashtag_spellings AS hs ON hs.id = e.value) AS hashtags,
          p.likes, p.shares, p.comments, p.views, p.rate_hundredths, p.followers, p.is_verified,
          p.is_influencer, \(scope.times(of: "p.created_us"))p.created_us
        FROM posts AS p\(names.joins)
        WHERE \(scope.condition("p", "p.created_us", .raw(scope.window(span)), unit: 1))
      """
  }

  /// A column of a relation, and the table that it is joined from, if it is.
  private struct Name {
    let name: String
    let expression: String
    let join: String?

    init(_ name: String, _ expression: String, _ join: String? = nil) {
      (self.name, self.expression, self.join) = (name, expression, join)
    }
  }

  /// The columns that a query may read, and the joins that they need.
  private struct NamedColumns {
    let columns: String
    let joins: String

    init(_ names: [Name], _ isRead: (String) -> Bool) {
      let read = names.filter { $0.join == nil || isRead($0.name) }
      columns = read.map { "\($0.expression) AS \($0.name)" }.joined(separator: ", ")
      var tables: [String] = []
      for table in read.compactMap(\.join) where !tables.contains(table) { tables.append(table) }
      joins = tables.map { "\n  LEFT JOIN \($0)" }.joined()
    }
  }

  /// The dimensions that every relation has, since every question can be filtered by them.
  private func dimensions(of alias: String) -> [Name] {
    [
      Name("platform", "pl.name", "platforms AS pl ON pl.id = \(alias).platform"),
      Name("sentiment", "se.name", "sentiments AS se ON se.id = \(alias).sentiment"),
      Name("sentiment_order", "\(alias).sentiment"),
      Name("topic", "t.name", "topics AS t ON t.id = \(alias).topic"),
      Name("is_viral", "\(alias).is_viral"),
    ]
  }

  /// The relation's own keys.
  private func keys(of rollup: Rollup) -> [Name] {
    switch rollup {
    case .base: []
    case .hashtag:
      [
        Name("hashtag", "h.spelling", "hashtags AS h ON h.id = f.hashtag"),
        Name("hashtag_key", "h.key", "hashtags AS h ON h.id = f.hashtag"),
        Name("hashtag_id", "f.hashtag"),
      ]
    case .location: [Name("location", "lo.name", "locations AS lo ON lo.id = f.location")]
    case .content:
      [
        Name("content_type", "ct.name", "content_types AS ct ON ct.id = f.content_type"),
        Name("post_type", "pt.name", "post_types AS pt ON pt.id = f.post_type"),
      ]
    case .language: [Name("language", "la.name", "languages AS la ON la.id = f.language")]
    case .account:
      [
        Name("user_id", "us.name", "users AS us ON us.id = f.user"), Name("user_key", "f.user"),
        Name("username", "un.name", "usernames AS un ON un.id = f.username"),
        Name("is_verified", "f.is_verified"), Name("is_influencer", "f.is_influencer"),
        Name("followers", "f.followers"),
      ]
    }
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
