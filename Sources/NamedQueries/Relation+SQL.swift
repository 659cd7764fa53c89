import PostStore
import Posts

extension Relation {
  // Tables are named with their schema: a query may have tables of its own by the same names.

  /// The relation as a common table expression of a scope.
  ///
  /// - Parameters:
  ///   - isRead: Whether a query may read a column of a name. Those that it does not read, and that a join
  ///     would be needed for, are left out: SQLite leaves out a join only where nothing is summed up.
  ///   - requests: What ``FactTable`` is to add up, to which the relation adds its own; nil if SQLite is to
  ///     read the tables itself.
  func definition(
    _ scope: ResolvedScope, isRead: (String) -> Bool, _ requests: inout FactRequests?
  ) -> String {
    switch source {
    case .facts(let shape): "\(rawValue) AS (\n\(facts(shape, scope, isRead, &requests))\n)"
    case .accountCounts: "\(rawValue) AS (\n\(accountCounts(scope, &requests))\n)"
    case .hashtagAccounts: "\(rawValue) AS (\n\(hashtagAccounts(scope, isRead, &requests))\n)"
    // A query joins it with itself, which is fast only post by post.
    case .postHashtags: "\(rawValue) AS NOT MATERIALIZED (\n\(postHashtags(scope, isRead))\n)"
    case .posts: "\(rawValue) AS (\n\(posts(scope, isRead))\n)"
    case .newestPost: "\(rawValue) AS (\n\(newestPost(scope))\n)"
    case .store(let statement): "\(rawValue) AS (\n  \(statement)\n)"
    }
  }

  private func facts(
    _ shape: FactShape, _ scope: ResolvedScope, _ isRead: (String) -> Bool,
    _ requests: inout FactRequests?
  ) -> String {
    let names = NamedColumns(ColumnName.dimensions + shape.names, of: "f", isRead)
    let measures = shape.measures.map { "f.\($0)" }.joined(separator: ", ")
    let source: String
    let columns = FactColumns(shape, scope, isRead)
    if let table = requests?.table(of: request(shape, columns, scope)) {
      source = "    SELECT \(columns.list(of: shape))\n    FROM \(table)"
    } else {
      let parts = scope.cover(of: self, isPlain: true).pieces.map {
        part($0, shape, FactColumns(shape), scope)
      }
      source =
        parts.isEmpty
        ? part(.nothing, shape, FactColumns(shape), scope)
        : parts.joined(separator: "\n  UNION ALL\n")
    }
    return """
        SELECT \(scope.times(of: "f.us"))\(names.columns), \(measures)
        FROM (
      \(source)
        ) AS f\(names.joins)
      """
  }

  /// The rows of one piece of the cover, still with ids for names.
  ///
  /// - Parameters:
  ///   - keepsArray: Whether the hashtags of a post stay the array that they are stored as.
  ///   - ordered: Whether the rows come in order of time.
  func part(
    _ piece: Cover.Piece, _ shape: FactShape, _ columns: FactColumns, _ scope: ResolvedScope,
    keepsArray: Bool = false, ordered: Bool = false
  ) -> String {
    if let level = piece.level,
      let rollup = shape.rollup(at: level, reading: columns.dimensions, scope.filters)
    {
      return """
          SELECT \(columns.list(of: rollup, level).joined(separator: ", "))
          FROM main.\(rollup.table(level)) AS r
          WHERE \(scope.condition(piece, of: rollup, level))\(ordered ? " ORDER BY r.start_s" : "")
        """
    }
    let list =
      (columns.hasTime ? ["p.created_us AS us"] : []) + columns.dimensions.map { "p.\($0)" }
      + columns.keys.map { keepsArray ? "p.hashtags" : "\(shape.keyExpression($0)) AS \($0)" }
      + columns.measures.map { "\(shape.measureExpression($0)) AS \($0)" }
    return """
        SELECT \(list.joined(separator: ", "))
        FROM main.posts AS p \(keepsArray ? "" : shape.join)
        WHERE \(scope.condition("p", "p.created_us", piece, unit: 1))\(shape.restriction)\(ordered ? " ORDER BY p.created_us" : "")
      """
  }

  private func accountCounts(
    _ scope: ResolvedScope, _ requests: inout FactRequests?
  ) -> String {
    let hasTime = scope.usedTimes.contains(.bucket)
    if let table = requests?.table(of: accountRequest(scope, hasTime: hasTime)) {
      let names = (hasTime ? ["bucket"] : []) + ["accounts", "verified_users", "influencers"]
      let list = names.enumerated().map { "\(FactTable.column($0)) AS \($1)" }
      return "  SELECT \(list.joined(separator: ", "))\n  FROM \(table)"
    }
    let bucket = scope.localTime.bucketStart(of: "p.created_us", scope.bucket)
    return """
        SELECT \(hasTime ? "\(bucket) AS bucket, " : "")COUNT(DISTINCT p.user) AS accounts,
          COUNT(DISTINCT CASE WHEN p.is_verified = 1 THEN p.user END) AS verified_users,
          COUNT(DISTINCT CASE WHEN p.is_influencer = 1 THEN p.user END) AS influencers
        FROM main.posts AS p
        WHERE \(scope.condition("p", "p.created_us", .raw(scope.window(span)), unit: 1))\(hasTime ? "\n  GROUP BY bucket" : "")
      """
  }

  private func hashtagAccounts(
    _ scope: ResolvedScope, _ isRead: (String) -> Bool, _ requests: inout FactRequests?
  ) -> String {
    let names = NamedColumns(ColumnName.hashtag, of: "f", isRead)
    let source: String
    if let table = requests?.table(of: hashtagAccountRequest(scope)) {
      source =
        "    SELECT \(FactTable.column(0)) AS hashtag, \(FactTable.column(2)) AS accounts\n    FROM \(table)"
    } else {
      source = """
            SELECT hs.hashtag, COUNT(DISTINCT p.user) AS accounts
            FROM main.posts AS p \(Rollup.hashtag.join)
            WHERE \(scope.condition("p", "p.created_us", .raw(scope.window(span)), unit: 1))
            GROUP BY hs.hashtag
        """
    }
    return """
        SELECT \(names.columns), f.accounts
        FROM (
      \(source)
        ) AS f\(names.joins)
      """
  }

  private func postHashtags(_ scope: ResolvedScope, _ isRead: (String) -> Bool) -> String {
    let names = NamedColumns(ColumnName.dimensions, of: "f", isRead)
    return """
        SELECT \(scope.times(of: "f.created_us"))\(names.columns), f.post_id, f.id AS post_key,
          h.spelling AS hashtag, h.key AS hashtag_key,
          hs.hashtag AS hashtag_id, f.user AS user_key
        FROM main.posts AS f
        CROSS JOIN json_each(f.hashtags) AS e
        CROSS JOIN main.hashtag_spellings AS hs ON hs.id = e.value
        CROSS JOIN main.hashtags AS h ON h.id = hs.hashtag\(names.joins)
        WHERE \(scope.condition("f", "f.created_us", .raw(scope.window(span)), unit: 1))
      """
  }

  private func newestPost(_ scope: ResolvedScope) -> String {
    // Not `MAX`, for which SQLite reads all of the window where a query asks whether there is one.
    """
      SELECT (
        SELECT p.created_us FROM main.posts AS p
        WHERE \(scope.condition("p", "p.created_us", .raw(scope.window(span)), unit: 1))
        ORDER BY p.created_us DESC LIMIT 1
      ) AS created_us
    """
  }

  private func posts(_ scope: ResolvedScope, _ isRead: (String) -> Bool) -> String {
    let names = NamedColumns(
      [.userID, .username, .postType, .contentType, .location, .language] + ColumnName.dimensions,
      of: "p", isRead)
    return """
        SELECT p.post_id, p.id AS post_key, \(names.columns),
          (SELECT json_group_array(hs.spelling) FROM json_each(p.hashtags) AS e
            CROSS JOIN main.hashtag_spellings AS hs ON hs.id = e.value) AS hashtags,
          p.likes, p.shares, p.comments, p.views, p.rate_hundredths, p.followers, p.is_verified,
          p.is_influencer, \(scope.times(of: "p.created_us"))p.created_us
        FROM main.posts AS p\(names.joins)
        WHERE \(scope.condition("p", "p.created_us", .raw(scope.window(span)), unit: 1, isWeighed: true))
      """
  }

  /// The columns that a query may read, and the joins that they need.
  private struct NamedColumns {
    let columns: String
    let joins: String

    init(_ names: [ColumnName], of rows: String, _ isRead: (String) -> Bool) {
      let read = names.filter { $0.join(rows) == nil || isRead($0.name) }
      columns = read.map { "\($0.expression(rows)) AS \($0.name)" }.joined(separator: ", ")
      var tables: [String] = []
      for table in read.compactMap({ $0.join(rows) }) where !tables.contains(table) {
        tables.append(table)
      }
      joins = tables.map { "\n  LEFT JOIN \($0)" }.joined()
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
