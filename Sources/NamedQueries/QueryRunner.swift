import Foundation
import GRDB
import GRDBSQLite
import PostStore

/// Answers named queries from a store.
public struct QueryRunner {
  private let reader: StoreReader
  private let timeLimit: TimeInterval
  private let isUnwanted: () -> Bool

  /// - Parameters:
  ///   - reader: The store.
  ///   - timeLimit: After how many seconds a query is stopped.
  ///   - isUnwanted: Asked now and then whether nobody waits for the answer any more, so that the
  ///     query is stopped before that.
  public init(
    reader: StoreReader, timeLimit: TimeInterval = 30, isUnwanted: @escaping () -> Bool = { false }
  ) {
    self.reader = reader
    self.timeLimit = timeLimit
    self.isUnwanted = isUnwanted
  }

  /// How a query would be answered.
  ///
  /// - Throws: As ``run(_:arguments:scope:row:)`` does.
  public func explain(
    _ query: NamedQuery, arguments: [String: Cell] = [:], scope: Scope
  ) throws -> QueryExplanation {
    try reader.read { db in
      let question = try Question(query, scope, db, path: reader.path, isExplained: true)
      var sql = question.sql.text
      try whileReading(question, arguments, db) { sql = $0.expandedSQL }
      return QueryExplanation(
        parts: try question.reading.relations.flatMap {
          try $0.explained(question.scope, isRead: question.reading.mayRead, db)
        }, sql: sql,
        plan: try QueryExplanation.plan(of: sql, db))
    }
  }

  /// Runs a query and hands over its rows as they come.
  ///
  /// - Parameters:
  ///   - query: The query.
  ///   - arguments: Values of its parameters, by name; a parameter without one has its default.
  ///   - scope: What it is narrowed to.
  ///   - columns: Called once before the rows, with the names of the columns: those of `query.columns`,
  ///     or of an ad hoc statement what SQLite calls them.
  ///   - row: Called for each row of the answer, with a cell for each column.
  /// - Throws: `QueryError`, `StoreError`, or what `row` throws.
  public func run(
    _ query: NamedQuery, arguments: [String: Cell] = [:], scope: Scope,
    columns: ([String]) throws -> Void = { _ in }, row: ([Cell]) throws -> Void
  ) throws {
    try reader.read { db in
      let question = try Question(query, scope, db, path: reader.path)
      try whileReading(question, arguments, db) { statement in
        try columns(statement.columnNames)
        while try statement.step() {
          try row((0..<statement.columnCount).map { statement.cell($0) })
        }
      }
    }
  }

  /// A query in the terms of one state of a store.
  private struct Question {
    let query: NamedQuery
    let reading: ScopedSQL.Reading
    let scope: ResolvedScope
    let sql: ScopedSQL

    /// - Parameter isExplained: Whether the statement is to be one that runs anywhere.
    init(
      _ query: NamedQuery, _ scope: Scope, _ db: Database, path: String, isExplained: Bool = false
    ) throws {
      reading = ScopedSQL.Reading(query)
      self.query = query
      self.scope = try ScopeResolver(db, path: path).resolve(
        scope, for: reading, isPlain: isExplained)
      sql = ScopedSQL(
        query, reading, self.scope, addsUp: self.scope.usesRollups && !isExplained)
    }
  }

  /// Lends the statement of a question, checked and with its values, while a guard watches it.
  private func whileReading(
    _ question: Question, _ arguments: [String: Cell], _ db: Database,
    _ body: (borrowing RawStatement) throws -> Void
  ) throws {
    let query = question.query
    guard let connection = db.sqliteConnection else {
      throw StoreError(.sqlite, "the store \(reader.path) is closed")
    }
    let tables =
      query.isAdHoc ? try String.fetchSet(db, sql: "SELECT LOWER(name) FROM sqlite_schema") : nil
    let facts = FactTable(question.sql.requests, connection: connection, path: reader.path)
    let guardian = QueryGuard(
      connection: connection, timeLimit: timeLimit, isUnwanted: isUnwanted)
    try facts.whileInPlace {
      try guardian.whileGuarding {
        do {
          let statement = try guardian.prepare(question.sql.text, path: reader.path)
          try query.check(statement)
          if let tables { try query.checkTables(tables.union(["sqlite_schema", "sqlite_master"])) }
          try query.bind(arguments, to: statement)
          do { try body(statement) } catch let error as StoreError { throw facts.failure ?? error }
        } catch let error as StoreError where error.code == .interrupted {
          throw QueryError(
            .timeout,
            "'\(query.name)' took longer than \(timeLimit.formatted()) s: narrow it with --since or filters, or allow it more time with --timeout"
          )
        } catch let error as StoreError {
          guard let complaint = error.complaint else { throw error }
          throw query.error(
            about: complaint, at: error.offset, of: question.sql, denied: guardian.denied)
        }
      }
    }
  }
}
