import GRDB
import Posts

/// What the rollups of a store can be asked for.
public struct RollupState: Equatable, Sendable {
  /// Whether they hold every post.
  public var isBuilt: Bool
  /// Raw posts before this instant were pruned; nil if none were.
  public var prunedBefore: Timestamp?
  /// Before this instant accounts are kept by the day only; nil if their hours are all known.
  public var accountHoursFrom: Timestamp?
  /// The rebuilding that is under way or was cut short; nil if there is none.
  public var rebuilding: Rebuilding?

  /// The state that a store records.
  public init(_ db: Database) throws {
    let row = try Row.fetchOne(db, sql: "SELECT * FROM rollup_state")
    isBuilt = row?["is_built"] as Int64? == 1
    prunedBefore = (row?["pruned_us"] as Int64?).map { Timestamp(microseconds: $0) }
    accountHoursFrom = (row?["account_hours_from_us"] as Int64?).map {
      Timestamp(microseconds: $0)
    }
    rebuilding = row.flatMap { Rebuilding($0) }
  }
}

/// The days of UTC on which a store has posts or rollups.
struct StoreDays {
  private let smallest: String

  init() {
    let tables = Rollup.allCases.flatMap { rollup in rollup.levels.map { rollup.table($0) } }
    let starts = tables.map { "SELECT MIN(start_s) * 1000000 AS us FROM \($0) WHERE start_s >= ?2" }
    smallest = """
      SELECT MIN(us) FROM (
        SELECT MIN(created_us) AS us FROM posts WHERE created_us >= ?1
        UNION ALL \(starts.joined(separator: " UNION ALL ")))
      """
  }

  /// The first instant of the first such day that does not end before an instant.
  func first(from instant: Timestamp, _ db: Database) throws -> Timestamp? {
    // A bucket counts whose start is on the day, whatever the hour asked for.
    let start = instant.startOfDayUTC.microseconds
    let found = try Int64.fetchOne(db, sql: smallest, arguments: [start, start / 1_000_000])
    return found.map { Timestamp(microseconds: $0).startOfDayUTC }
  }
}

extension Timestamp {
  /// The same time of the next day of UTC.
  var nextDay: Timestamp {
    Timestamp(microseconds: microseconds + Rollup.Level.day.microseconds)
  }

  /// The first instant of its day of UTC.
  public var startOfDayUTC: Timestamp { floored(to: Rollup.Level.day.microseconds) }
}
