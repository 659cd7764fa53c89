/// A table of one rollup at one level, within the transaction of the posts.
protocol RollupTable: AnyObject {
  var rollup: Rollup { get }
  var level: Rollup.Level { get }

  /// Adds the changes of its fact; a group whose posts fall to zero goes.
  func apply(_ deltas: RollupDeltas) throws(StoreError)
}

/// Writes net changes into the rollup tables, within the transaction of the posts.
final class RollupTables {
  /// A table with a row for each group, whose fact has no keys beside the bucket and the dimensions.
  final class Rows: RollupTable {
    let rollup: Rollup
    let level: Rollup.Level
    let add: RawStatement
    let removeEmpty: RawStatement

    init(
      _ rollup: Rollup, _ level: Rollup.Level, connection: OpaquePointer, path: String
    ) throws(StoreError) {
      self.rollup = rollup
      self.level = level
      let table = rollup.table(level)
      let columns = rollup.keyColumns + rollup.measures
      let marks = (1...columns.count).map { "?\($0)" }.joined(separator: ", ")
      let sums = rollup.measures.map { "\($0) = \($0) + excluded.\($0)" }
        .joined(separator: ", ")
      add = try RawStatement(
        """
        INSERT INTO \(table) (\(columns.joined(separator: ", "))) VALUES (\(marks))
        ON CONFLICT (\(rollup.keyColumns.joined(separator: ", "))) DO UPDATE SET \(sums)
        """, connection: connection, path: path)
      let isKey = rollup.keyColumns.enumerated().map { "\($1) = ?\($0 + 1)" }
        .joined(separator: " AND ")
      removeEmpty = try RawStatement(
        "DELETE FROM \(table) WHERE \(isKey) AND posts = 0", connection: connection, path: path)
    }
  }

  let tables: [any RollupTable]

  init(connection: OpaquePointer, path: String) throws(StoreError) {
    var tables: [any RollupTable] = []
    for rollup in Rollup.allCases {
      for level in rollup.levels {
        if rollup.isPacked(level) {
          tables.append(try PackedTable(rollup, level, connection: connection, path: path))
        } else {
          tables.append(try Rows(rollup, level, connection: connection, path: path))
        }
      }
    }
    self.tables = tables
  }

  /// Adds the changes; a group whose posts fall to zero goes.
  func apply(_ deltas: RollupDeltas) throws(StoreError) {
    guard !deltas.isEmpty else { return }
    for table in tables { try table.apply(deltas) }
  }
}

extension RollupTables.Rows {
  func apply(_ deltas: RollupDeltas) throws(StoreError) {
    try deltas.forEachChange(of: rollup, at: level) { key, sums throws(StoreError) in
      try bind(key, to: add)
      try bind(sums, to: add)
      try add.run()
      guard sums.posts < 0 else { return }
      try bind(key, to: removeEmpty)
      try removeEmpty.run()
    }
  }

  /// Binds the columns of the primary key.
  private func bind(
    _ key: GroupKey, to statement: borrowing RawStatement
  ) throws(StoreError) {
    try statement.bind(key.start, at: 1)
    try statement.bind(key.platform, at: 2)
    try statement.bind(key.sentiment, at: 3)
    try statement.bind(key.topic, at: 4)
    try statement.bind(key.viral, at: 5)
  }

  /// Binds the measures, in the order of `Rollup.measures`.
  private func bind(
    _ sums: GroupSums, to statement: borrowing RawStatement
  ) throws(StoreError) {
    try statement.bind(sums.posts, at: 6)
    try statement.bind(sums.likes, at: 7)
    try statement.bind(sums.comments, at: 8)
    try statement.bind(sums.shares, at: 9)
    try statement.bind(sums.rate, at: 10)
    try statement.bind(sums.views, at: 11)
    try statement.bind(sums.postsWithViews, at: 12)
    try statement.bind(sums.verified, at: 13)
    try statement.bind(sums.influencer, at: 14)
  }
}
