import Foundation
import GRDB
import GRDBSQLite
import PostStore
import Posts

/// Answers named queries from a store.
public struct QueryRunner {
  private let reader: StoreReader
  private let timeLimit: TimeInterval

  /// - Parameters:
  ///   - reader: The store.
  ///   - timeLimit: After how many seconds a query is stopped.
  public init(reader: StoreReader, timeLimit: TimeInterval = 30) {
    self.reader = reader
    self.timeLimit = timeLimit
  }

  /// Runs a query and hands over its rows as they come.
  ///
  /// - Parameters:
  ///   - query: The query.
  ///   - arguments: Values of its parameters, by name; a parameter without one has its default.
  ///   - scope: What it is narrowed to.
  ///   - row: Called for each row of the answer, with a cell for each of `query.columns`.
  /// - Throws: `QueryError`, `StoreError`, or what `row` throws.
  public func run(
    _ query: NamedQuery, arguments: [String: Cell] = [:], scope: Scope,
    row: ([Cell]) throws -> Void
  ) throws {
    try reader.read { db in
      guard let connection = db.sqliteConnection else { return }
      let scope = try resolve(scope, in: db)
      let sql = ScopedSQL(query: query, scope: scope).text
      let guardian = QueryGuard(connection: connection, timeLimit: timeLimit)
      try guardian.whileGuarding {
        do {
          let statement = try guardian.prepare(sql, path: reader.path)
          try query.check(statement)
          try query.bind(arguments, to: statement)
          while try statement.step() {
            try row((0..<statement.columnCount).map { statement.cell($0) })
          }
        } catch let error as StoreError where error.code == .interrupted {
          throw QueryError(
            .timeout,
            "'\(query.name)' took longer than \(timeLimit.formatted()) s: narrow it with --since or filters, or allow it more time with --timeout"
          )
        } catch let error as StoreError where error.code == .sqlite {
          throw QueryError(.queryFile, "\(query.file): \(error.message)")
        }
      }
    }
  }

  /// Turns the names of a scope into ids, and its open window into one that ends where the posts do.
  private func resolve(_ scope: Scope, in db: Database) throws -> ResolvedScope {
    let ends = try Row.fetchOne(
      db,
      sql: """
        SELECT (SELECT MIN(created_us) FROM posts) AS first,
               (SELECT MAX(created_us) FROM posts) AS last
        """)
    let first: Int64 = ends?["first"] ?? 0
    let last: Int64 = ends?["last"] ?? 0
    // Local times are needed for the posts that there are, not for all years of an open window.
    let start = max(scope.window.since?.microseconds ?? first, first)
    let end = max(start, min(scope.window.until?.microseconds ?? last, last) + 1)
    return ResolvedScope(
      window: scope.window,
      platforms: try ids(of: scope.platforms, in: "platforms", option: "platform", db),
      sentiments: try ids(of: scope.sentiments, in: "sentiments", option: "sentiment", db),
      topics: try ids(of: scope.topics, in: "topics", option: "topic", db),
      viralOnly: scope.viralOnly,
      bucket: scope.bucket,
      localTime: LocalTime(
        zone: scope.zone, from: Timestamp(microseconds: start), to: Timestamp(microseconds: end)))
  }

  /// The ids of names; a name may differ in letter case if only one is like it.
  private func ids(
    of names: [String], in table: String, option: String, _ db: Database
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
          .usage, "unknown \(option) '\(name)': the store \(reader.path) has no posts yet")
      }
      let shown = known.prefix(30).map(\.name).joined(separator: ", ")
      let more = known.count > 30 ? ", and \(known.count - 30) more" : ""
      throw QueryError(.usage, "unknown \(option) '\(name)': the store has \(shown)\(more)")
    }
  }
}
