import StoreFixtures

/// Makes inputs out of others, the same ones for the same seed.
public struct Damage: Sendable {
  private var random: SplitMix64
  private let seeds: [[UInt8]]
  private let tokens: [[UInt8]]

  /// - Parameters:
  ///   - seed: What everything is derived from.
  ///   - seeds: The inputs to begin with.
  public init(seed: UInt64, seeds: [[UInt8]]) {
    random = SplitMix64(seed: seed)
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
      switch below(8) {
      case 0: bytes[at] ^= 1 << UInt8(below(8))
      case 1: bytes[at] = UInt8(below(256))
      case 2: bytes.insert(contentsOf: pick(tokens), at: at)
      case 3: bytes.removeSubrange(at..<min(bytes.count, at + pick([1, 2, 8])))
      case 4: bytes.removeSubrange(at...)
      case 5: bytes.insert(contentsOf: bytes[at...].prefix(40), at: at)
      case 6: swapValues(&bytes)
      default:
        let other = pick(seeds)
        let from = below(max(1, other.count))
        bytes.replaceSubrange(
          at..<min(bytes.count, at + pick([1, 4, 16])), with: other.dropFirst(from).prefix(16))
      }
    }
    return bytes
  }

  /// Puts a token or the value of another member where some member has its value.
  private mutating func swapValues(_ bytes: inout [UInt8]) {
    let ends = bytes.indices.filter { bytes[$0] == UInt8(ascii: ":") }
    guard ends.count > 2 else { return }
    func value(after end: Int) -> Range<Int> {
      let start = min(end + 2, bytes.count)
      return start..<(bytes[start...].firstIndex(of: UInt8(ascii: ",")) ?? bytes.count)
    }
    let target = value(after: pick(ends))
    let other = below(2) == 0 ? pick(tokens) : Array(bytes[value(after: pick(ends))])
    bytes.replaceSubrange(target, with: other)
  }

  private mutating func pick<Value>(_ values: [Value]) -> Value { values[below(values.count)] }

  private mutating func below(_ bound: Int) -> Int { Int.random(in: 0..<bound, using: &random) }
}
