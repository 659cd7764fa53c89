import Foundation

/// Makes inputs out of others, the same ones for the same seed.
public struct Damage: Sendable {
  private var state: UInt64
  private let seeds: [[UInt8]]
  private let tokens: [[UInt8]]

  /// - Parameters:
  ///   - seed: What everything is derived from.
  ///   - seeds: The inputs to begin with.
  public init(seed: UInt64, seeds: [[UInt8]]) {
    state = seed
    self.seeds = seeds
    let texts = [
      "{", "}", "[", "]", ",", ":", "\"", "\\", "null", "true", "false", "0", "-", ".", "e", "1e3",
      "12.5", "\"\"", "[]", "{}", " ", "\n", "\r\n", "\0", "\u{1}", "é", "😀", "\u{FEFF}", "\\u0041",
      "\\ud800", "\\ude00", "\"likes\": 5, ", "\"views\": null, ",
      "\"hashtags\": [\"#Z\", \"z\"], ",
      "-- ", "/*", "*/", "'", ";", "=", "|", "..", "SELECT", "WITH", "T", "Z", "+05:30", "9", "99",
      "NULL", "\u{202E}", "\u{2028}",
    ]
    tokens = texts.map { Array($0.utf8) }
  }

  /// The next input.
  public mutating func next() -> [UInt8] {
    var bytes = pick(seeds)
    for _ in 0..<pick([0, 1, 1, 1, 2, 3, 8]) where !bytes.isEmpty {
      let at = below(bytes.count)
      switch below(7) {
      case 0: bytes[at] ^= 1 << UInt8(below(8))
      case 1: bytes[at] = UInt8(below(256))
      case 2: bytes.insert(contentsOf: pick(tokens), at: at)
      case 3: bytes.removeSubrange(at..<min(bytes.count, at + pick([1, 2, 8])))
      case 4: bytes.removeSubrange(at...)
      case 5: bytes.insert(contentsOf: bytes[at...].prefix(40), at: at)
      default:
        let other = pick(seeds)
        let from = below(max(1, other.count))
        bytes.replaceSubrange(
          at..<min(bytes.count, at + pick([1, 4, 16])), with: other.dropFirst(from).prefix(16))
      }
    }
    return bytes
  }

  private mutating func pick<Value>(_ values: [Value]) -> Value { values[below(values.count)] }

  /// SplitMix64.
  private mutating func below(_ bound: Int) -> Int {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return Int((z ^ (z >> 31)) % UInt64(bound))
  }
}
