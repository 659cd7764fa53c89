import GRDB
import PostStore
import Posts

/// How a query is answered: what it reads, the statement, and SQLite's plan for that.
public struct QueryExplanation: Sendable {
  /// A stretch of the window and the table that answers it.
  public struct Part: Equatable, Sendable {
    /// The relation of the query.
    public let relation: String
    /// The table that it is read from.
    public let table: String
    /// The first instant; nil for all that came before.
    public let since: Timestamp?
    /// The first instant after; nil for all that comes.
    public let until: Timestamp?
    /// How many rows of the table lie within window and filters; of packed ones, which may hold other groups
    /// beside those, how many are read.
    public let rows: Int64
  }

  /// What the relations of the query are read from, in order of time.
  public let parts: [Part]
  /// A statement in SQL alone with the same answer, all values filled in: it runs in any SQLite shell on the
  /// store. The program itself adds facts up outside of SQLite, in fewer steps than those of the plan.
  public let sql: String
  /// The steps of SQLite's plan, each indented by two spaces for each step that it is part of.
  public let plan: [String]

  static func plan(of sql: String, _ db: Database) throws -> [String] {
    var depths: [Int64: Int] = [:]
    return try Row.fetchAll(db, sql: "EXPLAIN QUERY PLAN " + sql).map { row in
      let depth = depths[row["parent"] ?? 0].map { $0 + 1 } ?? 0
      depths[row["id"] ?? 0] = depth
      return String(repeating: "  ", count: depth) + (row["detail"] as String? ?? "")
    }
  }
}

extension Relation {
  /// What the relation is read from in a scope, each part counted.
  ///
  /// - Parameter isRead: Whether a query may read a column of a name.
  func explained(
    _ scope: ResolvedScope, isRead: (String) -> Bool, _ db: Database
  ) throws -> [QueryExplanation.Part] {
    var shape: FactShape?
    var dimensions: [String] = []
    switch source {
    case .newestPost, .store: return []
    case .facts(let facts):
      (shape, dimensions) = (facts, FactColumns(facts, scope, isRead).dimensions)
    case .accountCounts: shape = FactShape(.account)
    case .hashtagAccounts, .postHashtags, .posts: break
    }
    return try scope.cover(of: self).pieces.map { piece in
      let (table, condition) =
        if let level = piece.level,
          let rollup = shape?.rollup(at: level, reading: dimensions, scope.filters)
        {
          (rollup.table(level), scope.condition(piece, of: rollup, level))
        } else {
          ("posts", scope.condition("r", "r.created_us", piece, unit: 1))
        }
      return QueryExplanation.Part(
        relation: rawValue, table: table, since: piece.since, until: piece.until,
        rows: try Int64.fetchOne(
          db, sql: "SELECT COUNT(*) FROM \(table) AS r WHERE \(condition)") ?? 0)
    }
  }
}
