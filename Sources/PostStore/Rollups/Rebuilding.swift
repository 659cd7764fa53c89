import GRDB
import Posts

/// A rebuilding of rollups that is under way: all days of a range, of which some are done.
public struct Rebuilding: Equatable, Sendable {
  /// The first day of the range.
  public let since: Timestamp
  /// The first day that is not done yet.
  public let next: Timestamp
  /// The day after the last.
  public let until: Timestamp

  /// Before and after all days that posts can have.
  static let firstDay = Timestamp(microseconds: .min / 4)
  static let endOfDays = Timestamp(microseconds: .max / 4)

  /// A rebuilding of which nothing is done.
  init(since: Timestamp, until: Timestamp) { self.init(since: since, next: since, until: until) }

  private init(since: Timestamp, next: Timestamp, until: Timestamp) {
    (self.since, self.next, self.until) = (since, next, until)
  }

  /// The one that a store records; nil if none is under way.
  init?(_ row: Row) {
    func time(_ column: String) -> Timestamp? {
      (row[column] as Int64?).map { Timestamp(microseconds: $0) }
    }
    guard let next = time("rebuild_next_us"), let until = time("rebuild_until_us") else {
      return nil
    }
    self.init(since: time("rebuild_since_us") ?? next, next: next, until: until)
  }

  /// Whether it is about every day.
  var isWhole: Bool { since <= Self.firstDay && until >= Self.endOfDays }

  /// What is to be done when a range is asked for while this one is under way: what is left of the same
  /// range, or all days of another and what is left of this one.
  func joined(by asked: Rebuilding) -> Rebuilding {
    if (asked.since, asked.until) == (since, until) { return self }
    return Rebuilding(
      since: min(since, asked.since), next: min(next, asked.since),
      until: max(until, asked.until))
  }

  /// The same with all days before one done.
  func done(before day: Timestamp) -> Rebuilding {
    Rebuilding(since: since, next: day, until: until)
  }

  /// Records it in the store.
  func save(_ db: Database) throws {
    try db.execute(
      sql: """
        UPDATE rollup_state
        SET rebuild_since_us = ?, rebuild_next_us = ?, rebuild_until_us = ?
        """, arguments: [since.microseconds, next.microseconds, until.microseconds])
  }
}
