import Posts

/// The instants `[since, until)` that a question is about; a missing end is open.
public struct Window: Equatable, Sendable {
  /// The first instant within, or nil for all that came before.
  public var since: Timestamp?
  /// The first instant after, or nil for all that comes.
  public var until: Timestamp?
  /// When the period is over that the window is the beginning of, such as the end of today; nil if the
  /// window is all of it.
  public var periodEnd: Timestamp?

  /// All instants between two.
  public init(since: Timestamp?, until: Timestamp?, periodEnd: Timestamp? = nil) {
    self.since = since
    self.until = until
    self.periodEnd = periodEnd
  }

  /// A window without an instant in it.
  static let empty = Window(
    since: Timestamp(microseconds: 0), until: Timestamp(microseconds: 0))

  /// The window that two options name.
  ///
  /// A relative `since` counts back from `until`, which is `now` unless given. Without both the window
  /// has no ends.
  ///
  /// - Parameters:
  ///   - since: `15m`, `1h`, `24h`, `7d`, `4w`, `today`, `yesterday`, a date, or ISO 8601, also
  ///     without seconds.
  ///   - until: The same forms; a relative one counts back from `now`.
  ///   - zone: The zone of days, and of times that name none.
  /// - Throws: `QueryError` that says which forms there are.
  public init(
    since: String?, until: String?, now: Timestamp, zone: Zone
  ) throws(QueryError) {
    guard since != nil || until != nil else {
      self.init(since: nil, until: nil)
      return
    }
    var end = now
    if let until {
      end = try Self.instant(until, option: "--until", from: now, now: now, zone: zone)
    }
    var start: Timestamp?
    if let since {
      start = try Self.instant(since, option: "--since", from: end, now: now, zone: zone)
    }
    if let start, start > end {
      throw QueryError(
        .usage, "--since lies after the end of the window: there is nothing between them")
    }
    var periodEnd: Timestamp?
    if until == nil, let start, start == zone.startOfDay(now) {
      // Today, by whatever name. No day has 36 hours, and no two have fewer.
      periodEnd = zone.startOfDay(Timestamp(microseconds: start.microseconds + 129_600_000_000))
    }
    self.init(since: start, until: end, periodEnd: periodEnd)
  }

  /// The equally long window before; nil if this one has no start or no end.
  ///
  /// A window that is still running is compared with the same part of the one before: the ten hours
  /// that today has had with ten hours of the day before.
  ///
  /// - Parameter now: The time of the clock; nil if the window is over.
  public func previous(now: Timestamp?) -> Window? {
    guard let since, let until else { return nil }
    let length = (periodEnd ?? until).microseconds - since.microseconds
    var end = until
    if let now, since < now { end = min(until, now) }
    let start = since.microseconds - length
    return Window(
      since: Timestamp(microseconds: start),
      until: Timestamp(microseconds: start + end.microseconds - since.microseconds))
  }
}

extension Window {
  /// The beginning of the year 1, in microseconds: a length back from then is a slip.
  private static let earliest: Int64 = -62_135_596_800_000_000

  /// The instant that an option names.
  ///
  /// - Parameters:
  ///   - text: `15m`, `1h`, `24h`, `7d`, `4w`, `today`, `yesterday`, a date, or ISO 8601.
  ///   - option: The option, for messages.
  ///   - reference: What a relative time counts back from.
  ///   - now: The time of the clock.
  ///   - zone: The zone of days, and of times that name none.
  /// - Throws: `QueryError` that says which forms there are.
  public static func instant(
    _ text: String, option: String, from reference: Timestamp, now: Timestamp, zone: Zone
  ) throws(QueryError) -> Timestamp {
    if let length = length(text) {
      if let length, length <= max(0, reference.microseconds - earliest) {
        return Timestamp(microseconds: reference.microseconds - length)
      }
      throw QueryError(
        .usage, "\(option) '\(text)' reaches back before the year 1: give a shorter time")
    }
    let whole = withSeconds(text)
    let midnight = zone.startOfDay(now)
    if text == "today" { return midnight }
    if text == "yesterday" {
      return zone.startOfDay(Timestamp(microseconds: midnight.microseconds - 1))
    }
    // A time that stays valid with a zone put behind it names none itself.
    for local in [whole + "Z", whole + "T00:00:00Z"] {
      if let local = try? Timestamp(iso8601: local) {
        return zone.instant(local: local.microseconds)
      }
    }
    if let instant = try? Timestamp(iso8601: whole) { return instant }
    throw QueryError(
      .usage,
      "\(option) '\(text)' is not a time: use 15m, 1h, 24h, 7d or 4w, today, yesterday, "
        + "a date such as 2026-11-25, or ISO 8601 such as 2026-11-25T18:30:00Z")
  }
}

/// The microseconds of `15m`, `1h`, `7d` or `4w`, which are nil inside if there are too many; nil if the
/// text is of another form.
private func length(_ text: String) -> Int64?? {
  let units: [Character: Int64] = [
    "s": 1_000_000, "m": 60_000_000, "h": 3_600_000_000, "d": 86_400_000_000,
    "w": 604_800_000_000,
  ]
  let digits = text.dropLast()
  guard let unit = text.last.flatMap({ units[$0] }), !digits.isEmpty,
    digits.utf8.allSatisfy(isDigit)
  else { return nil }
  guard let number = Int64(digits) else { return .some(nil) }
  let (result, overflow) = number.multipliedReportingOverflow(by: unit)
  return .some(overflow ? nil : result)
}

/// A date and time with the seconds that it lacks: `2026-11-25T10:00Z` as `2026-11-25T10:00:00Z`.
private func withSeconds(_ text: String) -> String {
  let bytes = Array(text.utf8)
  guard bytes.count >= 16, bytes[13] == UInt8(ascii: ":"),
    bytes.count == 16 || "Zz+-".utf8.contains(bytes[16])
  else { return text }
  return String(decoding: bytes[..<16] + Array(":00".utf8) + bytes[16...], as: UTF8.self)
}

private func isDigit(_ byte: UInt8) -> Bool {
  (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
}
