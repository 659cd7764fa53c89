import Foundation
import GRDBSQLite
import PostStore

/// Keeps a query from anything but reading, and from reading for ever.
///
/// The connection is read-only already. Beyond that a query is one statement that SQLite itself calls
/// read-only, an [authorizer](https://www.sqlite.org/c3ref/set_authorizer.html) allows it nothing but
/// selecting, and a [progress handler](https://www.sqlite.org/c3ref/progress_handler.html) stops it
/// when its time is up.
struct QueryGuard {
  private let connection: OpaquePointer
  private let deadline: Deadline
  private let denial = Denial()

  /// Read by the progress handler, which runs on the thread that steps the statement.
  private final class Deadline {
    private let instant: ContinuousClock.Instant
    private let isUnwanted: () -> Bool

    init(_ instant: ContinuousClock.Instant, isUnwanted: @escaping () -> Bool) {
      self.instant = instant
      self.isUnwanted = isUnwanted
    }

    var isReached: Bool { isUnwanted() || ContinuousClock.now >= instant }
  }

  /// Written by the authorizer, which runs on the thread that prepares the statement.
  private final class Denial {
    var action: String?
  }

  /// What the authorizer has forbidden, such as `DELETE posts`; nil if nothing.
  var denied: String? { denial.action }

  /// - Parameters:
  ///   - connection: What the query runs on.
  ///   - timeLimit: After how many seconds it is stopped.
  ///   - isUnwanted: Asked now and then whether the query is to be stopped before that.
  init(connection: OpaquePointer, timeLimit: TimeInterval, isUnwanted: @escaping () -> Bool) {
    self.connection = connection
    deadline = Deadline(.now + .seconds(timeLimit), isUnwanted: isUnwanted)
  }

  /// Calls `body` with the handlers in place, and takes them away after.
  func whileGuarding(_ body: () throws -> Void) throws {
    // A table-valued function declares its columns when it is first used, which the authorizer would
    // take for the making of a table.
    sqlite3_exec(connection, "SELECT 1 FROM json_each('[]')", nil, nil, nil)
    sqlite3_set_authorizer(
      connection,
      { context, action, first, _, _, _ in
        guard let context, let name = deniedName(action) else { return SQLITE_OK }
        let denial = Unmanaged<Denial>.fromOpaque(context).takeUnretainedValue()
        let object = first.map { String(cString: $0) } ?? ""
        // What changes the schema begins with a row of SQLite's own tables.
        denial.action =
          object.hasPrefix("sqlite_")
          ? "a change of the schema" : object.isEmpty ? name : "\(name) \(object)"
        return SQLITE_DENY
      }, Unmanaged.passUnretained(denial).toOpaque())
    sqlite3_progress_handler(
      connection, 20_000,
      { context in
        guard let context else { return 0 }
        let deadline = Unmanaged<Deadline>.fromOpaque(context).takeUnretainedValue()
        return deadline.isReached ? 1 : 0
      }, Unmanaged.passUnretained(deadline).toOpaque())
    // A function works on its text without asking the progress handler. The longest that a store holds
    // is a post of 16 MiB.
    let length = sqlite3_limit(connection, SQLITE_LIMIT_LENGTH, 1 << 24)
    let pattern = sqlite3_limit(connection, SQLITE_LIMIT_LIKE_PATTERN_LENGTH, 1000)
    defer {
      sqlite3_limit(connection, SQLITE_LIMIT_LENGTH, length)
      sqlite3_limit(connection, SQLITE_LIMIT_LIKE_PATTERN_LENGTH, pattern)
      sqlite3_set_authorizer(connection, nil, nil)
      sqlite3_progress_handler(connection, 0, nil, nil)
    }
    try withExtendedLifetime((deadline, denial), body)
  }

  /// Prepares one statement; whether it only reads is for ``NamedQuery/check(_:)`` to see.
  func prepare(_ sql: String, path: String) throws -> RawStatement {
    try RawStatement(sql, connection: connection, path: path)
  }
}

/// What an action of SQLite's authorizer is called; nil for what a `SELECT` does, which is allowed.
private func deniedName(_ action: Int32) -> String? {
  switch action {
  case SQLITE_SELECT, SQLITE_READ, SQLITE_FUNCTION, SQLITE_RECURSIVE: nil
  case SQLITE_INSERT: "INSERT"
  case SQLITE_UPDATE: "UPDATE"
  case SQLITE_DELETE: "DELETE"
  case SQLITE_PRAGMA: "PRAGMA"
  case SQLITE_ATTACH: "ATTACH"
  case SQLITE_DETACH: "DETACH"
  case SQLITE_TRANSACTION, SQLITE_SAVEPOINT: "a transaction"
  case SQLITE_ANALYZE: "ANALYZE"
  case SQLITE_REINDEX: "REINDEX"
  default: "a change of the schema"
  }
}
