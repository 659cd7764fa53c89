import GRDBSQLite
import PostStore

/// The table-valued function of a connection that relations read facts from: those that the request of a
/// number asks for, added up.
///
/// It is an [eponymous virtual table](https://www.sqlite.org/vtab.html#eponymous_virtual_tables), in place
/// while one question is answered. SQLite calls it on the thread that steps the question's statement.
final class FactTable {
  /// The most columns that a request may have.
  static let columnLimit = 24

  /// The name of a column: the keys come first, and then the sums.
  static func column(_ index: Int) -> String { "c\(index)" }

  private let requests: [FactRequest]
  private let name: String
  private let connection: OpaquePointer
  private let path: String
  /// Why rows could not be had. SQLite is told only that it was so.
  private(set) var failure: StoreError?

  init(_ requests: FactRequests, connection: OpaquePointer, path: String) {
    self.requests = requests.all
    name = requests.tableName
    self.connection = connection
    self.path = path
  }

  /// Calls `body` with the table in place.
  func whileInPlace<Value>(_ body: () throws -> Value) throws -> Value {
    guard !requests.isEmpty else { return try body() }
    // SQLite is lent the object until the module goes.
    return try withExtendedLifetime(self) {
      let code = sqlite3_create_module(
        connection, name, FactTable.module, Unmanaged.passUnretained(self).toOpaque())
      guard code == SQLITE_OK else {
        throw StoreError(
          .sqlite, "the store \(path): \(String(cString: sqlite3_errmsg(connection)))")
      }
      defer { sqlite3_create_module(connection, name, nil, nil) }
      // It declares its columns when it is first used, which a guard would take for the making of a table.
      sqlite3_exec(connection, "SELECT 1 FROM \(name)(0) LIMIT 0", nil, nil, nil)
      return try body()
    }
  }

  /// The rows of a request from the first one on; nil if there are none to be had.
  fileprivate func cursor(_ number: Int64) -> FactCursor? {
    guard
      let request = requests.indices.contains(Int(clamping: number)) ? requests[Int(number)] : nil
    else { return nil }
    return attempt { () throws(StoreError) in
      try FactCursor(request, connection: connection, path: path)
    }
  }

  /// What `body` returns; nil if it fails, and then ``failure`` has why.
  fileprivate func attempt<Value>(_ body: () throws(StoreError) -> Value) -> Value? {
    // A query may not make long texts, but a packed value may be longer than that.
    let limit = sqlite3_limit(connection, SQLITE_LIMIT_LENGTH, Int32.max)
    defer { sqlite3_limit(connection, SQLITE_LIMIT_LENGTH, limit) }
    do {
      return try body()
    } catch {
      failure = error
      return nil
    }
  }
}

extension FactTable {
  // SQLite knows its own part of these by the address of the whole, which is that of the first member.

  private struct Table {
    var base = sqlite3_vtab()
    var facts: Unmanaged<FactTable>
  }

  private struct Cursor {
    var base = sqlite3_vtab_cursor()
    var facts: Unmanaged<FactTable>
    /// Retained; nil before the first use and after a failure.
    var rows: Unmanaged<FactCursor>?
  }

  private static func cursor(
    _ pointer: UnsafeMutablePointer<sqlite3_vtab_cursor>?
  ) -> UnsafeMutablePointer<Cursor>? {
    pointer.map { UnsafeMutableRawPointer($0).assumingMemoryBound(to: Cursor.self) }
  }

  /// What SQLite calls.
  ///
  /// `nonisolated(unsafe)`: it is made once, and neither this program nor SQLite changes it after.
  nonisolated(unsafe) private static let module: UnsafePointer<sqlite3_module> = {
    var module = sqlite3_module()
    module.xConnect = { connection, context, _, _, table, _ in
      guard let context, let table else { return SQLITE_INTERNAL }
      let columns = (0..<columnLimit).map(column).joined(separator: ", ")
      let code = sqlite3_declare_vtab(connection, "CREATE TABLE x (\(columns), request HIDDEN)")
      guard code == SQLITE_OK else { return code }
      let made = UnsafeMutablePointer<Table>.allocate(capacity: 1)
      made.initialize(to: Table(facts: .fromOpaque(context)))
      table.pointee = UnsafeMutableRawPointer(made).assumingMemoryBound(to: sqlite3_vtab.self)
      return SQLITE_OK
    }
    module.xDisconnect = { table in
      guard let table else { return SQLITE_OK }
      UnsafeMutableRawPointer(table).assumingMemoryBound(to: Table.self).deallocate()
      return SQLITE_OK
    }
    module.xBestIndex = { _, info in
      guard let info else { return SQLITE_INTERNAL }
      for index in 0..<Int(info.pointee.nConstraint) {
        let constraint = info.pointee.aConstraint[index]
        guard constraint.iColumn == columnLimit, constraint.usable != 0,
          constraint.op == UInt8(SQLITE_INDEX_CONSTRAINT_EQ)
        else { continue }
        info.pointee.aConstraintUsage[index].argvIndex = 1
        info.pointee.aConstraintUsage[index].omit = 1
        info.pointee.estimatedCost = 10_000
        info.pointee.estimatedRows = 1000
        return SQLITE_OK
      }
      return SQLITE_CONSTRAINT
    }
    module.xOpen = { table, cursor in
      guard let table, let cursor else { return SQLITE_INTERNAL }
      let facts = UnsafeMutableRawPointer(table).assumingMemoryBound(to: Table.self).pointee.facts
      let made = UnsafeMutablePointer<Cursor>.allocate(capacity: 1)
      made.initialize(to: Cursor(facts: facts))
      cursor.pointee = UnsafeMutableRawPointer(made).assumingMemoryBound(
        to: sqlite3_vtab_cursor.self)
      return SQLITE_OK
    }
    module.xClose = { pointer in
      guard let cursor = cursor(pointer) else { return SQLITE_OK }
      cursor.pointee.rows?.release()
      cursor.deallocate()
      return SQLITE_OK
    }
    module.xFilter = { pointer, _, _, count, arguments in
      guard let cursor = cursor(pointer), count == 1, let arguments else { return SQLITE_INTERNAL }
      cursor.pointee.rows?.release()
      cursor.pointee.rows = nil
      let facts = cursor.pointee.facts.takeUnretainedValue()
      guard let rows = facts.cursor(sqlite3_value_int64(arguments[0])) else {
        return facts.resultCode
      }
      cursor.pointee.rows = .passRetained(rows)
      return SQLITE_OK
    }
    module.xNext = { pointer in
      guard let cursor = cursor(pointer), let rows = cursor.pointee.rows else {
        return SQLITE_INTERNAL
      }
      let facts = cursor.pointee.facts.takeUnretainedValue()
      let isDone: Void? = facts.attempt { () throws(StoreError) in
        try rows.takeUnretainedValue().advance()
      }
      return isDone == nil ? facts.resultCode : SQLITE_OK
    }
    module.xEof = { pointer in
      cursor(pointer)?.pointee.rows?.takeUnretainedValue().isAtEnd == false ? 0 : 1
    }
    module.xColumn = { pointer, context, column in
      let rows = cursor(pointer)?.pointee.rows?.takeUnretainedValue()
      sqlite3_result_int64(context, rows?.value(Int(column)) ?? 0)
      return SQLITE_OK
    }
    module.xRowid = { pointer, row in
      row?.pointee = cursor(pointer)?.pointee.rows?.takeUnretainedValue().place ?? 0
      return SQLITE_OK
    }
    let made = UnsafeMutablePointer<sqlite3_module>.allocate(capacity: 1)
    made.initialize(to: module)
    return UnsafePointer(made)
  }()

  /// What SQLite is told of a failure.
  private var resultCode: Int32 {
    failure?.code == .interrupted ? SQLITE_INTERRUPT : SQLITE_ERROR
  }
}
