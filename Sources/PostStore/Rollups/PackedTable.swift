import GRDB
import GRDBSQLite
import Posts

/// A rollup table whose groups lie packed: one value for all groups of a bucket, its dimensions, and a block
/// of users.
final class PackedTable: RollupTable {
  let rollup: Rollup
  let level: Rollup.Level
  private let path: String
  private let select: RawStatement
  private let put: RawStatement
  private let delete: RawStatement
  private var reader: PackedReader

  init(
    _ rollup: Rollup, _ level: Rollup.Level, connection: OpaquePointer, path: String
  ) throws(StoreError) {
    self.rollup = rollup
    self.level = level
    self.path = path
    reader = PackedReader(width: rollup.packedWidth, columns: Array(0..<rollup.packedWidth))
    let table = rollup.table(level)
    let columns = rollup.cellColumns
    let isCell = columns.enumerated().map { "\($1) = ?\($0 + 1)" }.joined(separator: " AND ")
    let marks = (1...columns.count + 1).map { "?\($0)" }.joined(separator: ", ")
    select = try RawStatement(
      "SELECT accounts FROM \(table) WHERE \(isCell)", connection: connection, path: path)
    put = try RawStatement(
      "INSERT OR REPLACE INTO \(table) (\(columns.joined(separator: ", ")), accounts) VALUES (\(marks))",
      connection: connection, path: path)
    delete = try RawStatement(
      "DELETE FROM \(table) WHERE \(isCell)", connection: connection, path: path)
  }

  /// The table of a connection that GRDB lends.
  convenience init(
    _ rollup: Rollup, _ level: Rollup.Level, _ db: Database, path: String
  ) throws {
    guard let connection = db.sqliteConnection else {
      throw StoreError(.sqlite, "the store \(path) is closed")
    }
    try self.init(rollup, level, connection: connection, path: path)
  }

  /// Packs the rows that were kept before `0008-packed-accounts`, and the hours of the posts that are there.
  static func packAccounts(_ db: Database, path: String) throws {
    try PackedTable(.account, .day, db, path: path).fill(
      from: "SELECT * FROM rollup_account_rows", db)
    let from = try Int64.fetchOne(db, sql: "SELECT account_hours_from_us FROM rollup_state")
    let isBuilt = try RollupState(db).isBuilt
    if isBuilt {
      try PackedTable(.account, .hour, db, path: path).fill(
        from: Rollup.account.recomputation(.hour, where: "p.created_us >= \(from ?? .min)"), db)
    }
    try db.execute(sql: "DROP TABLE rollup_account_rows")
  }

  func apply(_ deltas: RollupDeltas) throws(StoreError) {
    var cell = Cell(start: 0, platform: 0, sentiment: 0, topic: 0, viral: 0, block: 0)
    var changes = PackedRows(width: rollup.packedWidth)
    try deltas.forEachChange(of: rollup, at: level) { key, sums throws(StoreError) in
      let next = Cell(
        start: key.start, platform: key.platform, sentiment: key.sentiment, topic: key.topic,
        viral: key.viral, block: Rollup.block(of: key.keys.0))
      if next != cell {
        try add(changes, to: cell)
        cell = next
        changes.removeAll()
      }
      changes.append(key, sums)
    }
    try add(changes, to: cell)
  }

  /// What packed groups lie together by.
  private struct Cell: Equatable {
    var start, platform, sentiment, topic, viral, block: Int64
  }

  /// Makes the values of cells that have none yet.
  ///
  /// - Parameter groups: A statement whose rows are groups: their bucket, dimensions, keys and sums.
  func fill(from groups: String, _ db: Database) throws {
    let columns = rollup.keyColumns.count + rollup.measures.count
    let order = (1...rollup.keyColumns.count).map(String.init).joined(separator: ", ")
    var cell: Cell?
    var rows = PackedRows(width: rollup.packedWidth)
    let found = try Row.fetchCursor(db, sql: "SELECT * FROM (\(groups)) ORDER BY \(order)")
    while let row = try found.next() {
      let values: [Int64] = (0..<columns).map { row[$0] }
      let next = Cell(
        start: values[0], platform: values[1], sentiment: values[2], topic: values[3],
        viral: values[4], block: Rollup.block(of: values[5]))
      if let cell, next != cell {
        try replace(cell, with: rows)
        rows.removeAll()
      }
      cell = next
      rows.append(values.dropFirst(5))
    }
    if let cell { try replace(cell, with: rows) }
  }

  /// Puts rows in the place of all that a cell has.
  private func replace(_ cell: Cell, with rows: PackedRows) throws(StoreError) {
    if rows.isEmpty {
      try bind(cell, to: delete)
      try delete.run()
    } else {
      try bind(cell, to: put)
      try put.bind(rows.bytes, at: 7)
      try put.run()
    }
  }

  private func bind(
    _ cell: Cell, to statement: borrowing RawStatement
  ) throws(StoreError) {
    try statement.bind(cell.start, at: 1)
    try statement.bind(cell.platform, at: 2)
    try statement.bind(cell.sentiment, at: 3)
    try statement.bind(cell.topic, at: 4)
    try statement.bind(cell.viral, at: 5)
    try statement.bind(cell.block, at: 6)
  }

  private func add(_ changes: PackedRows, to cell: Cell) throws(StoreError) {
    if changes.isEmpty { return }
    try bind(cell, to: select)
    var rows = PackedRows(width: rollup.packedWidth)
    let isThere = try select.step()
    let isRead = !isThere || select.withBytes(0) { rows.read($0, by: &reader) }
    select.reset()
    guard isRead else { throw StoreError.brokenRollup(rollup.table(level), path) }
    rows.add(changes, keyCount: rollup.keys.count)
    try replace(cell, with: rows)
  }
}

extension Rollup {
  /// Whether the groups of a bucket and its dimensions lie packed in one value.
  public var isPacked: Bool { self == .account }

  /// The column of the packed groups.
  public static let packedColumn = "accounts"

  /// The columns of a packed group, in the order in which they are packed.
  public var packedColumns: [String] { keys + measures }

  /// How many columns a packed group has.
  public var packedWidth: Int { keys.count + measures.count }

  /// What packed groups lie together by.
  var cellColumns: [String] { ["start_s"] + Self.dimensions + ["user_block"] }

  /// The block that a user lies in: a value holds the groups of at most 65,536 users.
  static func block(of user: Int64) -> Int64 { user >> 16 }
}

extension StoreError {
  /// A packed value that cannot be read.
  public static func brokenRollup(_ table: String, _ path: String) -> StoreError {
    StoreError(
      .corrupt,
      "a row of \(table) in the store \(path) cannot be read: 'socialq rollups rebuild' makes the rollups anew of days whose posts are there"
    )
  }
}
