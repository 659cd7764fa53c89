import Foundation
import Posts

/// A time zone: how far its clocks are ahead of UTC, and when that changes.
public struct Zone: Sendable {
  /// Coordinated Universal Time.
  public static let utc = Zone(fixed: 0, identifier: "UTC")

  /// The name, such as `Europe/Paris`.
  public let identifier: String
  /// Nil for UTC, which needs no table of changes.
  private let timeZone: TimeZone?

  private init(fixed: Int, identifier: String) {
    self.identifier = identifier
    timeZone = nil
  }

  /// The zone of a name of the IANA time zone database.
  ///
  /// - Throws: `QueryError` if there is none of that name.
  public init(_ identifier: String) throws(QueryError) {
    self.identifier = identifier
    if identifier == "UTC" {
      timeZone = nil
      return
    }
    guard let zone = TimeZone(identifier: identifier) else {
      throw QueryError(
        .usage,
        "unknown time zone '\(identifier)': use a name such as UTC, Europe/Paris or Asia/Kolkata")
    }
    timeZone = zone
  }

  /// How many seconds its clocks are ahead of UTC at an instant.
  public func offset(at instant: Timestamp) -> Int {
    timeZone?.secondsFromGMT(for: date(instant)) ?? 0
  }

  /// The instant at which its clocks show a local time.
  ///
  /// Of two such instants the first is meant; a time that the clocks skip is read by the clocks
  /// before the change, as Python's `zoneinfo` does.
  ///
  /// - Parameter local: Microseconds since 1970-01-01T00:00:00 of the local calendar.
  func instant(local: Int64) -> Timestamp {
    let day: Int64 = 86_400_000_000
    let before = local - Int64(offset(at: Timestamp(microseconds: local - day))) * 1_000_000
    let after = local - Int64(offset(at: Timestamp(microseconds: local + day))) * 1_000_000
    func shows(_ instant: Int64) -> Bool {
      instant + Int64(offset(at: Timestamp(microseconds: instant))) * 1_000_000 == local
    }
    return Timestamp(microseconds: !shows(before) && shows(after) ? after : before)
  }

  /// The start of the local day that an instant lies in.
  func startOfDay(_ instant: Timestamp) -> Timestamp {
    let day: Int64 = 86_400_000_000
    let local = instant.microseconds + Int64(offset(at: instant)) * 1_000_000
    return self.instant(local: local.floored(toMultipleOf: day))
  }

  /// As many whole buckets of local time as are asked for, before the one that an instant lies in.
  func buckets(_ count: Int, of bucket: Bucket, before instant: Timestamp) -> Window {
    if bucket == .day {
      let end = startOfDay(instant)
      // Noon of the day wanted, whatever the clocks did since.
      let noon = end.microseconds - Int64(count) * bucket.microseconds + bucket.microseconds / 2
      return Window(since: startOfDay(Timestamp(microseconds: noon)), until: end)
    }
    let size = bucket.microseconds
    let local = instant.microseconds + Int64(offset(at: instant)) * 1_000_000
    let end = instant.microseconds - local.floorModulo(size)
    return Window(
      since: Timestamp(microseconds: end - Int64(count) * size),
      until: Timestamp(microseconds: end))
  }

  /// The instants within `(start, end)` at which the clocks change, in order.
  func transitions(after start: Timestamp, before end: Timestamp) -> [Timestamp] {
    guard let timeZone else { return [] }
    var transitions: [Timestamp] = []
    var instant = start
    while let next = timeZone.nextDaylightSavingTimeTransition(after: date(instant)) {
      let time = Timestamp(microseconds: Int64(next.timeIntervalSince1970.rounded()) * 1_000_000)
      guard instant < time, time < end else { break }
      transitions.append(time)
      instant = time
    }
    return transitions
  }

  private func date(_ instant: Timestamp) -> Date {
    // Clocks change at whole seconds, which a double holds exactly.
    let second = instant.microseconds / 1_000_000 - (instant.microseconds % 1_000_000 < 0 ? 1 : 0)
    return Date(timeIntervalSince1970: Double(second))
  }
}
