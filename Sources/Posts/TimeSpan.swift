/// A length of time as a user writes it.
public struct TimeSpan: Hashable, Sendable {
  /// The length in microseconds: whole milliseconds, at least one, up to ``History/longestSpan``.
  public let microseconds: Int64

  /// A whole number and its unit: `500ms`, `10s`, `15m`, `12h`, `30d` or `4w`.
  public init?(_ text: String) {
    let digits = text.prefix { $0.isASCII && $0.isNumber }
    guard let number = Int64(digits),
      let unit = TimeSpan.units[String(text.dropFirst(digits.count))]
    else { return nil }
    let (product, overflow) = number.multipliedReportingOverflow(by: unit)
    guard !overflow, (1...History.longestSpan).contains(product) else { return nil }
    microseconds = product
  }

  /// A whole number of seconds, from 1 to a hundred years of them.
  public static func seconds(_ count: Int64) -> TimeSpan {
    precondition((1...History.longestSpan / 1_000_000).contains(count), "up to 100 years")
    return TimeSpan(microseconds: count * 1_000_000)
  }

  private init(microseconds: Int64) { self.microseconds = microseconds }

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
