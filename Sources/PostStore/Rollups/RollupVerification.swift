import Foundation
import GRDB
import Posts

/// What came of holding the rollups against the posts.
public struct RollupVerification: Sendable {
  /// A row that is not what the posts add up to.
  public struct Difference: Equatable, Sendable, CustomStringConvertible {
    /// The table.
    public let table: String
    /// The key of the row, such as `start_s=1764028800 platform=1 …`.
    public let key: String
    /// The sums that the table has; nil if it has no such row.
    public var kept: String?
    /// The sums that the posts make; nil if they make no such row.
    public var recomputed: String?

    /// On one line.
    public var description: String {
      "\(table) \(key): has \(kept ?? "no row"), posts make \(recomputed ?? "no row")"
    }
  }

  /// How many days with posts or rollups were compared.
  public var days = 0
  /// How many rows of rollups the posts make.
  public var rows = 0
  /// How many rows differ.
  public var differenceCount = 0
  /// What differs, the first thousand.
  public var differences: [Difference] = []
  /// Days before this instant were not compared, since their raw posts were pruned.
  public var comparedFrom: Timestamp?
}

extension StoreReader {
  /// Recomputes every rollup from the posts and compares, all in one state of the store.
  ///
  /// - Parameter progress: Called after each day with its first instant.
  /// - Throws: `StoreError`.
  public func verifyRollups(
    progress: (Timestamp) -> Void = { _ in }
  ) throws -> RollupVerification {
    try read { db in
      let state = try RollupState(db)
      var result = RollupVerification()
      result.comparedFrom = state.prunedBefore
      let days = StoreDays()
      var instant = state.prunedBefore ?? Timestamp(microseconds: .min / 4)
      while let day = try days.first(from: instant, db) {
        for rollup in Rollup.allCases {
          for level in rollup.levels {
            try compare(rollup, level, on: day, db, &result)
          }
        }
        result.days += 1
        progress(day)
        instant = day.nextDay
      }
      return result
    }
  }

  private func compare(
    _ rollup: Rollup, _ level: Rollup.Level, on day: Timestamp, _ db: Database,
    _ result: inout RollupVerification
  ) throws {
    let (start, end) = (day.microseconds, day.nextDay.microseconds)
    let columns = rollup.keyColumns + rollup.measures
    let kept =
      rollup.isPacked(level)
      ? nil : "SELECT \(columns.joined(separator: ", ")) FROM \(rollup.table(level)) \(isOn(day))"
    let recomputed = rollup.recomputation(
      level, where: "p.created_us >= \(start) AND p.created_us < \(end)")
    var found: [String: RollupVerification.Difference] = [:]
    func differ(_ values: [Int64], isKept: Bool) {
      let named = zip(columns, values).map { "\($0)=\($1)" }
      let key = named.prefix(rollup.keyColumns.count).joined(separator: " ")
      let sums = named.dropFirst(rollup.keyColumns.count).joined(separator: " ")
      var difference =
        found[key] ?? .init(table: rollup.table(level), key: key, kept: nil, recomputed: nil)
      if isKept { difference.kept = sums } else { difference.recomputed = sums }
      found[key] = difference
    }
    if let kept {
      result.rows += try Int.fetchOne(db, sql: "SELECT COUNT(*) FROM (\(recomputed))") ?? 0
      for (isKept, sql) in [
        (true, "\(kept) EXCEPT \(recomputed)"), (false, "\(recomputed) EXCEPT \(kept)"),
      ] {
        for row in try Row.fetchAll(db, sql: sql) { differ(row.numbers, isKept: isKept) }
      }
    } else {
      var kept = try unpacked(rollup, level, on: day, db)
      let rows = try Row.fetchCursor(db, sql: recomputed)
      while let row = try rows.next() {
        result.rows += 1
        let numbers = row.numbers
        let count = kept[numbers] ?? 0
        if count == 0 { differ(numbers, isKept: false) }
        kept[numbers] = count > 1 ? count - 1 : nil
      }
      for row in kept.keys { differ(row, isKept: true) }
    }
    result.differenceCount += found.count
    let room = max(0, 1000 - result.differences.count)
    result.differences += found.sorted { $0.key < $1.key }.prefix(room).map(\.value)
  }

  /// The groups of a day of a packed rollup, as rows of bucket, dimensions, keys and sums, and how often each
  /// is there. One that lies in another block than its own is none.
  private func unpacked(
    _ rollup: Rollup, _ level: Rollup.Level, on day: Timestamp, _ db: Database
  ) throws -> [[Int64]: Int] {
    let cells = try Row.fetchCursor(
      db,
      sql: """
        SELECT \(rollup.cellColumns.joined(separator: ", ")), \(rollup.packedColumn)
        FROM \(rollup.table(level)) \(isOn(day))
        """)
    var groups: [[Int64]: Int] = [:]
    while let cell = try cells.next() {
      let bytes: Data = cell[rollup.packedColumn]
      let rows = bytes.withUnsafeBytes { PackedRows($0, width: rollup.packedWidth) }
      guard let rows else { throw StoreError.brokenRollup(rollup.table(level), path) }
      let block: Int64 = cell[rollup.cellColumns.count - 1]
      let bucket: [Int64] = (0..<rollup.cellColumns.count - 1).map { cell[$0] }
      let firstKey = rollup.packedDimensions.count
      for place in stride(from: 0, to: rows.values.count, by: rows.width) {
        let key = rollup.keys.isEmpty ? 0 : rows.values[place + firstKey]
        guard Rollup.block(of: key) == block else {
          throw StoreError.brokenRollup(rollup.table(level), path)
        }
        groups[bucket + rows.values[place..<place + rows.width], default: 0] += 1
      }
    }
    return groups
  }

  /// The condition of rows of a rollup that they are of a day.
  private func isOn(_ day: Timestamp) -> String {
    let (start, end) = (day.microseconds / 1_000_000, day.nextDay.microseconds / 1_000_000)
    return "WHERE start_s >= \(start) AND start_s < \(end)"
  }
}

extension Row {
  /// All columns as whole numbers; 0 where one is none.
  fileprivate var numbers: [Int64] {
    databaseValues.map { Int64.fromDatabaseValue($0) ?? 0 }
  }
}
