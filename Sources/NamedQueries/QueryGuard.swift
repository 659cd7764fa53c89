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

  /// Read by the progress handler, which runs on the thread that steps the statement.
  private final class Deadline {
    let instant: ContinuousClock.Instant
    init(_ instant: ContinuousClock.Instant) { self.instant = instant }
  }

  init(connection: OpaquePointer, timeLimit: TimeInterval) {
    self.connection = connection
    deadline = Deadline(.now + .seconds(timeLimit))
  }

  /// Calls `body` with the handlers in place, and takes them away after.
  func whileGuarding(_ body: () throws -> Void) throws {
    // A table-valued function declares its columns when it is first used, which the authorizer would
    // take for the making of a table.
    sqlite3_exec(connection, "SELECT 1 FROM json_each('[]')", nil, nil, nil)
    sqlite3_set_authorizer(connection, authorize, nil)
    sqlite3_progress_handler(
      connection, 20_000,
      { context in
        guard let context else { return 0 }
        let deadline = Unmanaged<Deadline>.fromOpaque(context).takeUnretainedValue()
        return ContinuousClock.now < deadline.instant ? 0 : 1
      }, Unmanaged.passUnretained(deadline).toOpaque())
    defer {
      sqlite3_set_authorizer(connection, nil, nil)
      sqlite3_progress_handler(connection, 0, nil, nil)
    }
    try withExtendedLifetime(deadline, body)
  }

  /// Prepares one statement that only reads.
  func prepare(_ sql: String, path: String) throws -> RawStatement {
    let statement = try RawStatement(sql, connection: connection, path: path)
    guard statement.isReadOnly else {
      throw StoreError(.sqlite, "a query may only read")
    }
    return statement
  }
}

/// Allows what a `SELECT` does.
private func authorize(
  _: UnsafeMutableRawPointer?, action: Int32, _: UnsafePointer<CChar>?, _: UnsafePointer<CChar>?,
  _: UnsafePointer<CChar>?, _: UnsafePointer<CChar>?
) -> Int32 {
  switch action {
  case SQLITE_SELECT, SQLITE_READ, SQLITE_FUNCTION, SQLITE_RECURSIVE: SQLITE_OK
  default: SQLITE_DENY
  }
}
