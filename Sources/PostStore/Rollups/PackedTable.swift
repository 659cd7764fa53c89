import Foundation
import GRDB
import GRDBSQLite
import Posts

/// A rollup table whose groups lie packed: one value for all groups of a bucket, of what cells of the rollup are
/// told apart by, and of a block of its first key.
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
      "SELECT \(rollup.packedColumn) FROM \(table) WHERE \(isCell)", connection: connection,
      path: path)
    put = try RawStatement(
      "INSERT OR REPLACE INTO \(table) (\(columns.joined(separator: ", ")), \(rollup.packedColumn)) VALUES (\(marks))",
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

  /// Packs the rows that were kept before `0011-packed-rollups`.
  static func packRows(_ db: Database, path: String) throws {
    for rollup in [Rollup.base, .hashtag, .location, .content, .language] {
      for level in rollup.levels where rollup.isPacked(level) {
        let rows = "\(rollup.table(level))_rows"
        try PackedTable(rollup, level, db, path: path).fill(from: "SELECT * FROM \(rows)", db)
        try db.execute(sql: "DROP TABLE \(rows)")
      }
    }
  }

  /// Adds up the days of accounts for `0012-account-totals`.
  static func addUpAccounts(_ db: Database, path: String) throws {
    let (from, total) = (Rollup.account, try PackedTable(.accountTotal, .day, db, path: path))
    let found = try Row.fetchCursor(
      db,
      sql: """
        SELECT start_s, platform, user_block, accounts FROM \(from.table(.day)) ORDER BY 1, 2, 3
        """)
    var cell: Cell?
    var rows = PackedRows(width: from.packedWidth)
    while let next = try found.next() {
      let platform: Int64 = next[1]
      let cells = Cells(.accountTotal, start: next[0]) { _ in platform }
      let own = Cell(cells: cells, block: next[2])
      if let cell, cell != own {
        try total.replace(cell, with: rows)
        rows = PackedRows(width: from.packedWidth)
      }
      cell = own
      let bytes: Data = next[3]
      guard let more = bytes.withUnsafeBytes({ PackedRows($0, width: from.packedWidth) }) else {
        throw StoreError.brokenRollup(from.table(.day), path)
      }
      rows.add(more, keyCount: from.packedKeyCount)
    }
    if let cell { try total.replace(cell, with: rows) }
  }

  func apply(_ deltas: RollupDeltas) throws(StoreError) {
    var gathered = Gathered(rollup)
    try deltas.forEachChange(of: rollup, at: level) { key, sums throws(StoreError) in
      let cells = Cells(rollup, start: key.start) { key.dimension($0) }
      try gathered.move(to: cells, add)
      gathered.withRows(of: key.keys.0) { $0.append(key, sums, of: rollup) }
    }
    try gathered.forEach(add)
  }

  /// What cells are told apart by but for their blocks; 0 what they are not.
  private struct Cells: Equatable {
    var start: Int64 = 0
    var platform: Int64 = 0
    var sentiment: Int64 = 0
    var topic: Int64 = 0
    var viral: Int64 = 0

    init() {}

    /// - Parameter dimension: The value of each dimension by its number.
    init(_ rollup: Rollup, start: Int64, _ dimension: (Int) -> Int64) {
      (self.start, platform) = (start, dimension(0))
      let count = rollup.cellDimensions.count
      if count > 1 { sentiment = dimension(1) }
      if count > 2 { (topic, viral) = (dimension(2), dimension(3)) }
    }
  }

  /// A place of the table.
  private struct Cell: Equatable {
    let cells: Cells
    let block: Int64
  }

  /// Rows of the cells that differ by their blocks only: sorted rows go from block to block and back.
  private struct Gathered {
    private var cells = Cells()
    private let width: Int
    private var blocks: [(block: Int64, rows: PackedRows)] = []
    private var last = 0

    init(_ rollup: Rollup) { width = rollup.packedWidth }

    /// Hands over what was gathered if other cells come next.
    mutating func move(
      to next: Cells, _ body: (Cell, PackedRows) throws(StoreError) -> Void
    ) throws(StoreError) {
      guard next != cells else { return }
      try forEach(body)
      cells = next
      blocks.removeAll(keepingCapacity: true)
      last = 0
    }

    /// Lends the rows of the cell that a key of the fact lies in.
    mutating func withRows(of key: Int64, _ body: (inout PackedRows) -> Void) {
      let block = Rollup.block(of: key)
      if !blocks.indices.contains(last) || blocks[last].block != block {
        last = blocks.firstIndex { $0.block == block } ?? blocks.count
        if last == blocks.count { blocks.append((block, PackedRows(width: width))) }
      }
      body(&blocks[last].rows)
    }

    func forEach(_ body: (Cell, PackedRows) throws(StoreError) -> Void) throws(StoreError) {
      for (block, rows) in blocks { try body(Cell(cells: cells, block: block), rows) }
    }
  }

  /// Makes the values of cells that have none yet.
  ///
  /// - Parameter groups: A statement whose rows are groups: their bucket, dimensions, keys and sums.
  func fill(from groups: String, _ db: Database) throws {
    let columns = rollup.keyColumns.count + rollup.measures.count
    let order = (1...rollup.keyColumns.count).map(String.init).joined(separator: ", ")
    var gathered = Gathered(rollup)
    let found = try Row.fetchCursor(db, sql: "SELECT * FROM (\(groups)) ORDER BY \(order)")
    while let row = try found.next() {
      let values: [Int64] = (0..<columns).map { row[$0] }
      let cells = Cells(rollup, start: values[0]) { values[1 + $0] }
      try gathered.move(to: cells, replace)
      gathered.withRows(of: rollup.keys.isEmpty ? 0 : values[1 + rollup.ownDimensions.count]) {
        $0.append(values.dropFirst(1 + rollup.cellDimensions.count))
      }
    }
    try gathered.forEach(replace)
  }

  /// Puts rows in the place of all that a cell has.
  private func replace(_ cell: Cell, with rows: PackedRows) throws(StoreError) {
    if rows.isEmpty {
      try bind(cell, to: delete)
      try delete.run()
    } else {
      let next = try bind(cell, to: put)
      try put.bind(rows.bytes, at: next)
      try put.run()
    }
  }

  /// Binds what a cell is known by, in the order of `Rollup.cellColumns`, and returns the parameter after it.
  @discardableResult
  private func bind(
    _ cell: Cell, to statement: borrowing RawStatement
  ) throws(StoreError) -> Int32 {
    let count = rollup.cellDimensions.count
    try statement.bind(cell.cells.start, at: 1)
    try statement.bind(cell.cells.platform, at: 2)
    if count > 1 { try statement.bind(cell.cells.sentiment, at: 3) }
    if count > 2 {
      try statement.bind(cell.cells.topic, at: 4)
      try statement.bind(cell.cells.viral, at: 5)
    }
    try statement.bind(cell.block, at: Int32(count) + 2)
    return Int32(count) + 3
  }

  private func add(_ cell: Cell, _ changes: PackedRows) throws(StoreError) {
    try bind(cell, to: select)
    var rows = PackedRows(width: rollup.packedWidth)
    let isThere = try select.step()
    let isRead = !isThere || select.withBytes(0) { rows.read($0, by: &reader) }
    select.reset()
    guard isRead else { throw StoreError.brokenRollup(rollup.table(level), path) }
    rows.add(changes, keyCount: rollup.packedKeyCount)
    try replace(cell, with: rows)
  }
}

extension Rollup {
  /// Whether the groups of a level lie packed, many in one value. The days of posts are few, and stay rows, so
  /// that SQL alone can read them.
  public func isPacked(_ level: Level) -> Bool { self != .base || level != .day }

  /// The column of the packed groups.
  public var packedColumn: String { isOfAccounts ? "accounts" : "groups" }

  private var isOfAccounts: Bool { self == .account || self == .accountTotal }

  /// Whether packed groups tell their topic and whether they are viral themselves. Accounts are so many that
  /// they lie together by all the dimensions that they have; of other facts a value with few groups costs more than its groups do.
  var packsDimensions: Bool { !isOfAccounts }

  /// The dimensions that packed groups lie together by.
  public var cellDimensions: [String] {
    packsDimensions ? ["platform", "sentiment"] : ownDimensions
  }

  /// The other dimensions, which every packed group begins with.
  public var packedDimensions: [String] { ownDimensions.filter { !cellDimensions.contains($0) } }

  /// The columns of a packed group, in the order in which they are packed.
  public var packedColumns: [String] { packedDimensions + keys + measures }

  /// How many columns a packed group has.
  public var packedWidth: Int { packedColumns.count }

  /// How many of them it is known by.
  var packedKeyCount: Int { packedDimensions.count + keys.count }

  /// What packed groups lie together by.
  var cellColumns: [String] {
    ["start_s"] + cellDimensions + [isOfAccounts ? "user_block" : "block"]
  }

  /// The block that a first key of the fact lies in: a value holds the groups of at most 65,536 of them.
  static func block(of key: Int64) -> Int64 { key >> 16 }
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
