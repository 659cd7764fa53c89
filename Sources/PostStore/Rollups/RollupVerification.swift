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
    let kept = """
      SELECT \(columns.joined(separator: ", ")) FROM \(rollup.table(level))
      WHERE start_s >= \(start / 1_000_000) AND start_s < \(end / 1_000_000)
      """
    let recomputed = rollup.recomputation(
      level, where: "p.created_us >= \(start) AND p.created_us < \(end)")
    result.rows += try Int.fetchOne(db, sql: "SELECT COUNT(*) FROM (\(recomputed))") ?? 0
    var found: [String: RollupVerification.Difference] = [:]
    for (isKept, sql) in [
      (true, "\(kept) EXCEPT \(recomputed)"), (false, "\(recomputed) EXCEPT \(kept)"),
    ] {
      for row in try Row.fetchAll(db, sql: sql) {
        let values = row.databaseValues.map { "\(Int64.fromDatabaseValue($0) ?? 0)" }
        let named = zip(columns, values).map { "\($0)=\($1)" }
        let key = named.prefix(rollup.keyColumns.count).joined(separator: " ")
        let sums = named.dropFirst(rollup.keyColumns.count).joined(separator: " ")
        var difference =
          found[key] ?? .init(table: rollup.table(level), key: key, kept: nil, recomputed: nil)
        if isKept { difference.kept = sums } else { difference.recomputed = sums }
        found[key] = difference
      }
    }
    result.differenceCount += found.count
    let room = max(0, 1000 - result.differences.count)
    result.differences += found.sorted { $0.key < $1.key }.prefix(room).map(\.value)
  }
}
