import Posts

/// A set of pairs of ids that a store gave, in open addressing over one array: of millions of pairs an array of
/// keys beside the places would take as much again twice over.
struct PairSet {
  /// How many pairs there are.
  private(set) var count = 0
  /// A pair as one number plus one; 0 in a free place. A power of two, at most three quarters full.
  private var places = [UInt64](repeating: 0, count: 256)

  /// Adds a pair.
  ///
  /// - Returns: Whether it is new; nil if one of the numbers is no id that a store gives before it has four thousand
  ///   million names.
  mutating func insert(_ first: Int64, _ second: Int64) -> Bool? {
    guard let high = UInt32(exactly: first), let low = UInt32(exactly: second), high != .max else {
      return nil
    }
    let pair = UInt64(high) << 32 | UInt64(low) + 1
    var place = Self.place(of: pair, among: places.count)
    while places[place] != 0 {
      if places[place] == pair { return false }
      place = (place + 1) & (places.count - 1)
    }
    places[place] = pair
    count += 1
    if count * 4 > places.count * 3 { grow() }
    return true
  }

  private mutating func grow() {
    var wider = [UInt64](repeating: 0, count: places.count * 2)
    for pair in places where pair != 0 {
      var place = Self.place(of: pair, among: wider.count)
      while wider[place] != 0 { place = (place + 1) & (wider.count - 1) }
      wider[place] = pair
    }
    places = wider
  }

  private static func place(of pair: UInt64, among count: Int) -> Int {
    Int(truncatingIfNeeded: seed.mixed(with: Int64(bitPattern: pair))) & (count - 1)
  }

  /// Nobody can foresee which pairs meet.
  private static let seed = UInt64.random(in: .min ... .max)
}
