/// A length of time as a user writes it.
public struct TimeSpan: Hashable, Sendable {
  /// The length in microseconds: whole milliseconds, at least one, up to ``longest``.
  public let microseconds: Int64

  /// The longest span, 100 years of 365 days, in microseconds.
  public static let longest: Int64 = 36_500 * 86_400_000_000

  /// A whole number and its unit: `500ms`, `10s`, `15m`, `12h`, `30d` or `4w`; without a unit it is
  /// seconds.
  public init?(_ text: String) {
    let digits = text.prefix { $0.isASCII && $0.isNumber }
    let suffix = text.dropFirst(digits.count)
    guard let number = Int64(digits),
      let unit = TimeSpan.units[suffix.isEmpty ? "s" : String(suffix)]
    else { return nil }
    let (product, overflow) = number.multipliedReportingOverflow(by: unit)
    guard !overflow, (1...TimeSpan.longest).contains(product) else { return nil }
    microseconds = product
  }

  /// A whole number of seconds, from 1 to a hundred years of them.
  public static func seconds(_ count: Int64) -> TimeSpan {
    precondition((1...longest / 1_000_000).contains(count), "up to 100 years")
    return TimeSpan(microseconds: count * 1_000_000)
  }

  private init(microseconds: Int64) { self.microseconds = microseconds }

  /// The length as a duration of Swift's clocks.
  public var duration: Duration { .microseconds(microseconds) }

  private static let units: [String: Int64] = [
    "ms": 1000, "s": 1_000_000, "m": 60_000_000, "h": 3_600_000_000, "d": 86_400_000_000,
    "w": 604_800_000_000,
  ]
}

extension TimeSpan: CustomStringConvertible {
  /// As it would be written, in the largest unit that is exact.
  public var description: String {
    for unit in TimeSpan.units.sorted(by: { $0.value > $1.value })
    where microseconds % unit.value == 0 {
      return "\(microseconds / unit.value)\(unit.key)"
    }
    return "\(microseconds)µs"
  }
}
