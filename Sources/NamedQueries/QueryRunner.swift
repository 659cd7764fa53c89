import Foundation
import GRDB
import GRDBSQLite
import PostStore

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

  private var isClosed: StoreError {
    StoreError(.sqlite, "the store \(reader.path) is closed")
  }

  /// How a query would be answered.
  ///
  /// - Throws: As ``run(_:arguments:scope:row:)`` does.
  public func explain(
    _ query: NamedQuery, arguments: [String: Cell] = [:], scope: Scope
  ) throws -> QueryExplanation {
    try reader.read { db in
      let reading = ScopedSQL.Reading(query)
      let scope = try ScopeResolver(db, path: reader.path).resolve(scope, for: reading)
      let text = ScopedSQL(query, reading, scope).text
      var sql = text
      guard let connection = db.sqliteConnection else { throw isClosed }
      do {
        let guardian = QueryGuard(connection: connection, timeLimit: timeLimit)
        try guardian.whileGuarding {
          do {
            let statement = try guardian.prepare(text, path: reader.path)
            try query.check(statement)
            try query.bind(arguments, to: statement)
            sql = statement.expandedSQL
          } catch let error as StoreError where error.code == .sqlite {
            throw QueryError(.queryFile, "\(query.file): \(error.message)")
          }
        }
      }
      return QueryExplanation(
        parts: try reading.relations.flatMap { try $0.explained(scope, db) }, sql: sql,
        plan: try QueryExplanation.plan(of: sql, db))
    }
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
      guard let connection = db.sqliteConnection else { throw isClosed }
      let reading = ScopedSQL.Reading(query)
      let scope = try ScopeResolver(db, path: reader.path).resolve(scope, for: reading)
      let sql = ScopedSQL(query, reading, scope).text
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
}
