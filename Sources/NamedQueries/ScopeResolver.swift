import GRDB
import PostStore
import Posts

/// Puts a scope into the terms of a store, within one reading transaction.
struct ScopeResolver {
  private let db: Database
  private let path: String

  init(_ db: Database, path: String) {
    self.db = db
    self.path = path
  }

  /// - Throws: `QueryError` if a filter names what the store does not know, or if the scope needs raw
  ///   posts that were pruned.
  ///
  /// - Parameter isPlain: Whether SQL alone is to read what the scope needs, which cannot read packed groups.
  func resolve(
    _ scope: Scope, for reading: ScopedSQL.Reading, isPlain: Bool = false
  ) throws -> ResolvedScope {
    let state = try RollupState(db)
    let ends = try ends(state)
    let windows: [ResolvedScope.Span: Window?] = [
      .window: scope.window, .previous: scope.window.previous(now: scope.now),
      .leading: scope.window.since.map { scope.zone.buckets(24, of: scope.bucket, before: $0) },
    ]
    let start = max(
      reading.relations.map { windows[$0.span]??.since ?? ends.first }.min() ?? ends.first,
      ends.first)
    let end = max(start, min(scope.window.until ?? ends.last, ends.last))
    // Local times are needed where there are posts: one of the year 9999 must not make a case for each
    // change of the clocks until then.
    let ranges =
      reading.times.isEmpty
      ? [] : try rangesWithPosts(from: start.startOfDayUTC, to: end, isBuilt: state.isBuilt)
    let resolved = ResolvedScope(
      windows: windows.compactMapValues { $0 }.mapValues { opened($0, beyond: ends) },
      platforms: try ids(of: scope.platforms, in: "platforms", option: "platform"),
      sentiments: try ids(of: scope.sentiments, in: "sentiments", option: "sentiment"),
      topics: try ids(of: scope.topics, in: "topics", option: "topic"),
      viralOnly: scope.viralOnly,
      bucket: scope.bucket,
      localTime: LocalTime(zone: scope.zone, within: ranges),
      usedTimes: reading.times,
      usesRollups: scope.usesRollups && state.isBuilt, accountHoursFrom: state.accountHoursFrom,
      posts: ends.first...max(ends.first, ends.last))
    if let pruned = state.prunedBefore {
      try check(resolved, needsNothingBefore: pruned, for: reading, isPlain: isPlain)
    }
    return resolved
  }

  /// The first and the last instant of which the store has a post, as far as is known: of days whose
  /// posts were pruned only the rollups tell, so that such a day counts whole.
  private func ends(_ state: RollupState) throws -> (first: Timestamp, last: Timestamp) {
    let row = try Row.fetchOne(
      db,
      sql: """
        SELECT
          (SELECT MIN(us) FROM (
            SELECT MIN(created_us) AS us FROM posts
            UNION ALL SELECT MIN(start_s) * 1000000 FROM rollup_base_day)) AS first,
          (SELECT MAX(us) FROM (
            SELECT MAX(created_us) AS us FROM posts
            UNION ALL
            SELECT (MAX(start_s) + 86400) * 1000000 - 1 FROM rollup_base_day WHERE start_s * 1000000 < ?
          )) AS last
        """, arguments: [state.prunedBefore?.microseconds])
    return (
      Timestamp(microseconds: row?["first"] ?? 0), Timestamp(microseconds: row?["last"] ?? 0)
    )
  }

  /// Stretches of whole days that hold all posts between two instants, with gaps of at least a month
  /// between them.
  private func rangesWithPosts(
    from start: Timestamp, to end: Timestamp, isBuilt: Bool
  ) throws -> [Range<Timestamp>] {
    let day: Int64 = 86_400_000_000
    func range(_ first: Int64, _ last: Int64) -> Range<Timestamp> {
      Timestamp(microseconds: first)..<Timestamp(microseconds: last + day)
    }
    guard isBuilt, end.microseconds - start.microseconds > 400 * day else {
      return [range(start.microseconds, end.microseconds)]
    }
    let days = try Int64.fetchCursor(
      db,
      sql: """
        WITH RECURSIVE days(start_s) AS (
          SELECT MIN(start_s) FROM rollup_base_day WHERE start_s >= ?1
          UNION ALL
          SELECT (SELECT MIN(r.start_s) FROM rollup_base_day AS r WHERE r.start_s > days.start_s)
          FROM days WHERE start_s < ?2)
        SELECT start_s * 1000000 FROM days WHERE start_s <= ?2
        """, arguments: [start.microseconds / 1_000_000, end.microseconds / 1_000_000])
    var ranges: [Range<Timestamp>] = []
    var first: Int64?
    var last: Int64 = 0
    while let next = try days.next() {
      if let begun = first, next - last > 30 * day {
        ranges.append(range(begun, last))
        first = next
      }
      first = first ?? next
      last = next
    }
    if let first { ranges.append(range(first, last)) }
    return ranges
  }

  /// A window whose ends are left open where there is nothing beyond them, so that whole buckets can
  /// answer up to there.
  private func opened(
    _ window: Window, beyond ends: (first: Timestamp, last: Timestamp)
  ) -> Window {
    var window = window
    // Before the first bucket and after the last post there is nothing that an open end could add.
    let endsBefore = window.until.map { $0 <= ends.first } ?? false
    let beginsAfter = window.since.map { $0 > ends.last } ?? false
    if endsBefore || beginsAfter, let end = window.since ?? window.until {
      return Window(since: end, until: end)
    }
    if let since = window.since, since <= ends.first.startOfDayUTC { window.since = nil }
    if let until = window.until, until > ends.last { window.until = nil }
    return window
  }

  private func check(
    _ scope: ResolvedScope, needsNothingBefore pruned: Timestamp, for reading: ScopedSQL.Reading,
    isPlain: Bool
  ) throws {
    for relation in reading.relations {
      switch relation.source {
      case .store: continue
      case .newestPost where try isAnyPostLeft(scope, needing: pruned): continue
      case .accountCounts, .facts, .hashtagAccounts, .newestPost, .postHashtags, .posts: break
      }
      for piece in scope.cover(of: relation, isPlain: isPlain).pieces where piece.level == nil {
        guard piece.since.map({ $0 < pruned }) ?? true else { continue }
        guard !isPlain || relation.rollup == nil else {
          throw QueryError(
            .failed,
            "no SQL alone gives this answer: what the rollups have lies packed, and the posts before \(pruned.iso8601()) were pruned"
          )
        }
        throw QueryError(
          .failed,
          "the answer needs raw posts of \(words(for: relation.span)), and those before \(pruned.iso8601()) were pruned: ask for a later window, or for whole hours or days of UTC, of which rollups tell most"
        )
      }
    }
  }

  private func words(for span: ResolvedScope.Span) -> String {
    switch span {
    case .window: "the window"
    case .previous: "the equally long window before"
    case .leading: "the 24 buckets before the window"
    }
  }

  /// Whether the newest post of a scope is known although some were pruned: one is left, or none went.
  private func isAnyPostLeft(_ scope: ResolvedScope, needing pruned: Timestamp) throws -> Bool {
    let window = scope.window(.window)
    let rollup = Cover.Piece(
      level: .day, since: window.since?.startOfDayUTC,
      until: window.until.map { min($0, pruned) } ?? pruned)
    return try Bool.fetchOne(
      db,
      sql: """
        SELECT EXISTS (
            SELECT 1 FROM posts AS p
            WHERE \(scope.condition("p", "p.created_us", .raw(window), unit: 1)))
          OR NOT EXISTS (
            SELECT 1 FROM rollup_base_day AS r
            WHERE \(scope.condition("r", "r.start_s", rollup, unit: 1_000_000)))
        """) ?? false
  }

  /// The ids of names; a name may differ in letter case if only one is like it.
  private func ids(
    of names: [String], in table: String, option: String
  ) throws -> [Int64] {
    if names.isEmpty { return [] }
    let rows = try Row.fetchAll(db, sql: "SELECT id, name FROM \(table) ORDER BY name")
    let known = rows.map { (id: $0["id"] as Int64, name: $0["name"] as String) }
    return try names.map { name in
      if let exact = known.first(where: { ExactString($0.name) == ExactString(name) }) {
        return exact.id
      }
      let similar = known.filter { $0.name.lowercased() == name.lowercased() }
      if similar.count == 1 { return similar[0].id }
      guard similar.isEmpty else {
        throw QueryError(
          .usage,
          "\(option) '\(name)' may be any of \(similar.map(\.name).joined(separator: ", ")): spell it as one of them"
        )
      }
      guard !known.isEmpty else {
        throw QueryError(
          .usage, "unknown \(option) '\(name)': the store \(path) has no posts yet")
      }
      let shown = known.prefix(30).map(\.name).joined(separator: ", ")
      let more = known.count > 30 ? ", and \(known.count - 30) more" : ""
      throw QueryError(.usage, "unknown \(option) '\(name)': the store has \(shown)\(more)")
    }
  }
}
