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
  func resolve(_ scope: Scope, for reading: ScopedSQL.Reading) throws -> ResolvedScope {
    let state = try RollupState(db)
    let ends = try ends(state)
    let windows: [ResolvedScope.Span: Window?] = [
      .window: scope.window, .previous: scope.window.previous(now: scope.now),
      .leading: scope.window.since.map { scope.zone.buckets(24, of: scope.bucket, before: $0) },
    ]
    // Local times are needed for the posts that there are, not for all years of an open window.
    let start = max(
      reading.relations.map { windows[$0.span]??.since ?? ends.first }.min() ?? ends.first,
      ends.first)
    let end = max(start, min(scope.window.until ?? ends.last, ends.last))
    let resolved = ResolvedScope(
      windows: windows.compactMapValues { $0 }.mapValues { opened($0, beyond: ends) },
      platforms: try ids(of: scope.platforms, in: "platforms", option: "platform"),
      sentiments: try ids(of: scope.sentiments, in: "sentiments", option: "sentiment"),
      topics: try ids(of: scope.topics, in: "topics", option: "topic"),
      viralOnly: scope.viralOnly,
      bucket: scope.bucket,
      localTime: LocalTime(
        zone: scope.zone, from: start, to: Timestamp(microseconds: end.microseconds + 1)),
      usedTimes: reading.times,
      usesRollups: scope.usesRollups && state.isBuilt)
    if let pruned = state.prunedBefore {
      try check(resolved, needsNothingBefore: pruned, for: reading)
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
    _ scope: ResolvedScope, needsNothingBefore pruned: Timestamp, for reading: ScopedSQL.Reading
  ) throws {
    for relation in reading.relations {
      if case .store = relation.source { continue }
      for piece in scope.cover(of: relation).pieces where piece.level == nil {
        guard piece.since.map({ $0 < pruned }) ?? true else { continue }
        throw QueryError(
          .failed,
          "the answer needs raw posts, and those before \(pruned.iso8601()) were pruned: ask with --since \(pruned.iso8601()), or for whole days"
        )
      }
    }
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
