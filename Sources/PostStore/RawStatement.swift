import GRDBSQLite
import Posts

/// A prepared statement on SQLite's own handle: for the few statements that run once a post, where
/// GRDB's arguments would cost as much as the insert itself, and for the queries of users, which must
/// be held against what SQLite says of them.
///
/// The statement is finalized when it goes, which must be before its connection closes. Columns count
/// from 0 and parameters from 1, as in SQLite.
public struct RawStatement: ~Copyable {
  private let handle: OpaquePointer
  private let sql: String
  private let path: String

  /// Prepares one statement.
  ///
  /// - Parameters:
  ///   - sql: The statement.
  ///   - connection: SQLite's handle of the connection.
  ///   - path: The file of the store, for messages.
  /// - Throws: `StoreError`, also if there is none or more than one statement.
  public init(_ sql: String, connection: OpaquePointer, path: String) throws(StoreError) {
    var handle: OpaquePointer?
    var next: OpaquePointer?
    var code = SQLITE_OK
    var hasMore = false
    var offset: Int?
    sql.withCString { start in
      var tail: UnsafePointer<CChar>?
      code = sqlite3_prepare_v3(
        connection, start, -1, UInt32(SQLITE_PREPARE_PERSISTENT), &handle, &tail)
      // SQLite stops behind the first statement; what is left may be space, or another one.
      if code != SQLITE_OK {
        let position = sqlite3_error_offset(connection)
        if position >= 0 { offset = Int(position) }
      } else if let tail, tail.pointee != 0 {
        let tailCode = sqlite3_prepare_v3(connection, tail, -1, 0, &next, nil)
        hasMore = tailCode != SQLITE_OK || next != nil
        offset = tail - start
      }
    }
    defer { sqlite3_finalize(next) }
    guard code == SQLITE_OK, !hasMore, let handle else {
      let message =
        code != SQLITE_OK
        ? String(cString: sqlite3_errmsg(connection))
        : handle == nil ? "there is no statement" : "there is more than one statement"
      sqlite3_finalize(handle)
      throw StoreError(
        resultCode: code, message: message, sql: sql, path: path, offset: offset)
    }
    self.handle = handle
    self.sql = sql
    self.path = path
  }

  deinit { sqlite3_finalize(handle) }

  /// The statement with the bound values in the places of its parameters, as SQLite writes literals.
  public var expandedSQL: String {
    guard let text = sqlite3_expanded_sql(handle) else { return sql }
    defer { sqlite3_free(text) }
    return String(cString: text)
  }

  /// Binds a whole number or NULL; `index` counts from 1, as in SQLite.
  ///
  /// - Throws: `StoreError`, as all bindings do: there is no such parameter, the value is longer than
  ///   SQLite takes, or the statement was not reset after its last row.
  public func bind(_ value: Int64?, at index: Int32) throws(StoreError) {
    if let value {
      try check(sqlite3_bind_int64(handle, index, value), index)
    } else {
      try check(sqlite3_bind_null(handle, index), index)
    }
  }

  /// Binds a number.
  public func bind(_ value: Double, at index: Int32) throws(StoreError) {
    try check(sqlite3_bind_double(handle, index, value), index)
  }

  /// Binds 0 or 1.
  public func bind(_ value: Bool, at index: Int32) throws(StoreError) {
    try check(sqlite3_bind_int64(handle, index, value ? 1 : 0), index)
  }

  /// Binds a text of known length, so that a NUL inside it stays.
  public func bind(_ value: ExactString, at index: Int32) throws(StoreError) {
    try bind(text: value.string, at: index)
  }

  /// Binds a text of known length, so that a NUL inside it stays.
  public func bind(text: String, at index: Int32) throws(StoreError) {
    var text = text
    let code = text.withUTF8 { bytes in
      // An empty buffer may have no address, which SQLite would take for NULL.
      guard !bytes.isEmpty else { return sqlite3_bind_text(handle, index, "", 0, transient) }
      let start = UnsafeRawPointer(bytes.baseAddress)?.assumingMemoryBound(to: CChar.self)
      return sqlite3_bind_text64(
        handle, index, start, UInt64(bytes.count), transient, UInt8(SQLITE_UTF8))
    }
    try check(code, index)
  }

  /// Binds bytes or NULL.
  public func bind(_ bytes: [UInt8]?, at index: Int32) throws(StoreError) {
    guard let bytes else { return try check(sqlite3_bind_null(handle, index), index) }
    let code = bytes.withUnsafeBytes { buffer in
      buffer.isEmpty
        ? sqlite3_bind_zeroblob(handle, index, 0)
        : sqlite3_bind_blob64(handle, index, buffer.baseAddress, UInt64(buffer.count), transient)
    }
    try check(code, index)
  }

  /// A parameter without its value would be NULL, and nobody would know.
  private func check(_ code: Int32, _ index: Int32) throws(StoreError) {
    guard code != SQLITE_OK else { return }
    let problem = String(cString: sqlite3_errstr(code))
    throw StoreError(
      resultCode: code, message: "parameter \(index) cannot be given its value: \(problem)",
      sql: sql,
      path: path)
  }

  /// Goes to the next row; false when there is none.
  public func step() throws(StoreError) -> Bool {
    let code = sqlite3_step(handle)
    if code == SQLITE_ROW { return true }
    if code == SQLITE_DONE { return false }
    let message = String(cString: sqlite3_errmsg(sqlite3_db_handle(handle)))
    sqlite3_reset(handle)
    throw StoreError(resultCode: code, message: message, sql: sql, path: path)
  }

  /// Runs a statement that returns no rows, and makes it ready for the next bindings.
  public func run() throws(StoreError) {
    while try step() {}
    sqlite3_reset(handle)
  }

  /// Makes the statement ready for the next bindings.
  public func reset() { sqlite3_reset(handle) }

  /// The value of a column of the current row as a whole number.
  public func int64(_ column: Int32) -> Int64 { sqlite3_column_int64(handle, column) }

  /// The same, or nil where it is NULL.
  public func optionalInt64(_ column: Int32) -> Int64? {
    sqlite3_column_type(handle, column) == SQLITE_NULL ? nil : int64(column)
  }

  /// The value of a column of the current row as a number.
  public func double(_ column: Int32) -> Double { sqlite3_column_double(handle, column) }

  /// The value of a column of the current row as text.
  public func text(_ column: Int32) -> String {
    guard let start = sqlite3_column_text(handle, column) else { return "" }
    let count = Int(sqlite3_column_bytes(handle, column))
    return String(decoding: UnsafeBufferPointer(start: start, count: count), as: UTF8.self)
  }

  /// The bytes of a column of the current row; none where it is NULL.
  func bytes(_ column: Int32) -> [UInt8] { withBytes(column) { Array($0) } }

  /// The bytes of a column of the current row, a text in UTF-8 or a blob, while `body` runs.
  public func withBytes<Value>(
    _ column: Int32, _ body: (UnsafeRawBufferPointer) -> Value
  ) -> Value {
    let start = sqlite3_column_blob(handle, column)
    return body(
      UnsafeRawBufferPointer(start: start, count: Int(sqlite3_column_bytes(handle, column))))
  }

  /// How SQLite stores a value.
  public enum Storage {
    case null, integer, real, text
  }

  /// How the value of a column of the current row is stored; a blob counts as text.
  public func storage(_ column: Int32) -> Storage {
    switch sqlite3_column_type(handle, column) {
    case SQLITE_NULL: .null
    case SQLITE_INTEGER: .integer
    case SQLITE_FLOAT: .real
    default: .text
    }
  }

  /// Whether SQLite says that the statement cannot change the database.
  public var isReadOnly: Bool { sqlite3_stmt_readonly(handle) != 0 }

  /// The number of columns of a row.
  public var columnCount: Int32 { sqlite3_column_count(handle) }

  /// The names of the columns.
  public var columnNames: [String] {
    (0..<columnCount).map { sqlite3_column_name(handle, $0).map { String(cString: $0) } ?? "" }
  }

  /// The names of the parameters with their marks, in the order of their indexes.
  public var parameterNames: [String] {
    (0..<sqlite3_bind_parameter_count(handle)).map {
      sqlite3_bind_parameter_name(handle, $0 + 1).map { String(cString: $0) } ?? "?"
    }
  }
}

/// Tells SQLite to copy what is bound; the C macro `SQLITE_TRANSIENT` is a cast Swift does not import.
private let transient = unsafeBitCast(-1, to: sqlite3_destructor_type.self)
