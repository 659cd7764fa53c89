/// Writes net changes into the rollup tables, within the transaction of the posts.
final class RollupTables {
  /// The statements of one table.
  final class Table {
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

  let tables: [Table]

  init(connection: OpaquePointer, path: String) throws(StoreError) {
    var tables: [Table] = []
    for rollup in Rollup.allCases {
      for level in rollup.levels {
        tables.append(try Table(rollup, level, connection: connection, path: path))
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

extension RollupTables.Table {
  /// Adds the changes of its fact.
  func apply(_ deltas: RollupDeltas) throws(StoreError) {
    let keyCount = rollup.keyColumns.count
    let sumCount = rollup.measures.count
    for (key, sums) in deltas.changes(of: rollup, at: level) {
      var index: Int32 = 1
      for value in key.columns.prefix(keyCount) {
        try add.bind(value, at: index)
        index += 1
      }
      for value in sums.columns.prefix(sumCount) {
        try add.bind(value, at: index)
        index += 1
      }
      try add.run()
      guard sums.posts < 0 else { continue }
      for (index, value) in key.columns.prefix(keyCount).enumerated() {
        try removeEmpty.bind(value, at: Int32(index + 1))
      }
      try removeEmpty.run()
    }
  }
}
