/// A small, fast random number generator whose numbers are the same on every platform.
///
/// SplitMix64 can be started at any 64-bit state, which makes it cheap to give every post a stream of
/// its own: post 1,000,000 needs none of the posts before it. The draws below are written out here,
/// and not taken from the standard library's `random(in:using:)`, since that is free to change how
/// many numbers it takes. It is no source of secrets.
public struct SplitMix64: RandomNumberGenerator, Sendable {
  private var state: UInt64

  /// A generator that begins at a seed.
  public init(seed: UInt64) { state = seed }

  /// The stream of one numbered thing, such as a post, that belongs to a seed.
  ///
  /// - Parameter purpose: Keeps streams apart that share seed and number but serve different ends.
  init(seed: UInt64, purpose: Purpose, number: UInt64) {
    let root = SplitMix64.mix(seed &+ purpose.rawValue &* SplitMix64.increment)
    state = SplitMix64.mix(root ^ SplitMix64.mix(number &+ SplitMix64.increment))
  }

  public mutating func next() -> UInt64 {
    state &+= SplitMix64.increment
    return SplitMix64.mix(state)
  }

  /// What a stream is for.
  enum Purpose: UInt64 {
    case identity = 1
    case population, post, trend, history, fault
  }

  private static let increment: UInt64 = 0x9E37_79B9_7F4A_7C15

  private static func mix(_ value: UInt64) -> UInt64 {
    var z = value
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }
}

extension SplitMix64 {
  /// A number from 0 up to, not including, a bound of at least 1.
  ///
  /// The product's high half is taken without rejection: for bounds below 2⁴⁰ the bias is less than
  /// one in 2²⁴, and every draw takes exactly one number.
  mutating func below(_ bound: Int) -> Int {
    Int(truncatingIfNeeded: next().multipliedFullWidth(by: UInt64(bound)).high)
  }

  /// A number of a closed range.
  mutating func within(_ range: ClosedRange<Int>) -> Int {
    range.lowerBound + below(range.upperBound - range.lowerBound + 1)
  }

  /// Whether an event of a probability happens.
  mutating func happens(_ probability: Probability) -> Bool {
    next() >> 11 < probability.threshold
  }

  /// One element of a collection that is not empty.
  mutating func pick<Element>(_ elements: [Element]) -> Element {
    elements[below(elements.count)]
  }
}

/// A probability in the form that a draw compares with.
///
/// The threshold is an integer of 0…2⁵³; scaling by a power of two is exact, so that the same
/// probability decides the same way everywhere.
struct Probability: Equatable, Sendable {
  let threshold: UInt64

  init(_ value: Double) {
    precondition(value >= 0 && value <= 1, "a probability is from 0 to 1")
    threshold = UInt64(value * 0x1p53)
  }
}
