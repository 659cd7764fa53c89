/// An instant, in microseconds since 1970-01-01T00:00:00Z.
///
/// Microseconds are what the original system's `TIMESTAMP` column holds. Instants of the years 0001
/// to 9999 are within ±2.6·10¹⁷, so that sums and differences of two never overflow. In UTC they may lie
/// up to 18 hours outside of those years, since such is the offset that a text may have.
public struct Timestamp: Hashable, Comparable, Sendable {
  /// Microseconds since the epoch, negative before it.
  public var microseconds: Int64

  /// An instant by its distance from the epoch.
  public init(microseconds: Int64) { self.microseconds = microseconds }

  public static func < (a: Timestamp, b: Timestamp) -> Bool { a.microseconds < b.microseconds }
}
