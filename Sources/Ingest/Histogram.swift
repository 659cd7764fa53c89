/// How often values fell below each of some bounds.
public struct Histogram: Sendable, Equatable {
  /// The bounds, rising; a value belongs to the first that it does not exceed.
  public let bounds: [Double]
  /// How many values belong to each bound; those beyond the last only count in ``count``.
  public private(set) var counts: [Int64]
  /// How many values there were.
  public private(set) var count: Int64 = 0
  /// What they add up to.
  public private(set) var sum = 0.0

  /// No values yet.
  public init(bounds: [Double]) {
    self.bounds = bounds
    counts = Array(repeating: 0, count: bounds.count)
  }

  /// Counts a value.
  public mutating func add(_ value: Double) {
    if let place = bounds.firstIndex(where: { value <= $0 }) { counts[place] += 1 }
    count += 1
    sum += value
  }
}
