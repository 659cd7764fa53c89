import Posts

/// Shuffles sequence numbers into post ids that look random and never repeat.
///
/// The original's id is the first 12 characters of a random UUID: 44 random bits, of which two of a
/// million posts would coincide with a chance of 3 %. Here every step is a bijection of the numbers
/// of so many bits, so the whole is one too, and two sequence numbers never share an id.
struct IdentityPermutation: Sendable {
  private let bits: Int
  private let keys: (UInt64, UInt64, UInt64)

  /// The permutation that belongs to a seed.
  ///
  /// - Parameter bits: The width of the numbers that it permutes, even and at most 44.
  init(seed: UInt64, bits: Int = 44) {
    precondition(bits % 2 == 0 && (2...44).contains(bits), "the width is even and at most 44 bits")
    self.bits = bits
    var random = SplitMix64(seed: seed, purpose: .identity, number: 0)
    keys = (random.next(), random.next(), random.next())
  }

  /// Where a number goes; both are below 2 to the power of the width.
  func callAsFunction(_ number: UInt64) -> UInt64 {
    let mask: UInt64 = (1 << UInt64(bits)) - 1
    let half = UInt64(bits / 2)
    precondition(number <= mask, "a run has at most 2^\(bits) posts")
    var x = (number ^ keys.0) & mask
    // An odd factor and a shift by half the width can both be undone within the width.
    x = (x &* 0x9E37_79B9_7F4A_7C15) & mask
    x ^= x >> half
    x = (x &+ keys.1) & mask
    x = (x &* 0xD134_2543_DE82_EF95) & mask
    x ^= x >> half
    x = (x ^ keys.2) & mask
    x = (x &* 0xAF25_1AF3_B0F0_25B5) & mask
    return x ^ (x >> half)
  }

  /// The id of a post, in the original's form: `30eb4d2e-a08`.
  func postID(_ sequence: UInt64) -> ExactString {
    let number = self(sequence)
    return ExactString(
      String(unsafeUninitializedCapacity: 12) { buffer in
        var rest = number
        for index in (0..<12).reversed() {
          if index == 8 {
            buffer[index] = UInt8(ascii: "-")
          } else {
            let digit = UInt8(truncatingIfNeeded: rest & 15)
            buffer[index] = digit < 10 ? UInt8(ascii: "0") + digit : UInt8(ascii: "a") - 10 + digit
            rest >>= 4
          }
        }
        return 12
      })
  }
}
