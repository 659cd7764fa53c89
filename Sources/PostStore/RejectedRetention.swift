import Posts

/// How much is kept of messages that are no posts; the oldest go first.
public struct RejectedRetention: Hashable, Sendable, CustomStringConvertible {
  /// How many at most; nil for any number.
  public var messages: Int64?
  /// How many bytes of keys and values at most; nil for any number.
  public var bytes: Int64?
  /// For how long; nil for ever.
  public var age: TimeSpan?

  /// Everything is kept for ever.
  public static let all = RejectedRetention()

  /// Enough to see what is wrong with a producer, and too little to fill a disk.
  public static let standard: RejectedRetention = {
    var retention = RejectedRetention()
    retention.messages = 100_000
    retention.bytes = 64_000_000
    retention.age = TimeSpan("30d")
    return retention
  }()

  private init() {}

  /// Limits as a user writes them, with commas between: a number of messages, of bytes with `kB`, `MB` or
  /// `GB`, and a length of time such as `30d`, each at most once; or `all`. Nil for anything else.
  public init?(_ text: String) {
    if text == "all" { return }
    let parts = text.split(separator: ",", omittingEmptySubsequences: false)
    for part in parts.map(String.init) {
      if let number = Int64(part) {
        guard messages == nil, number >= 0 else { return nil }
        messages = number
      } else if let number = Self.bytes(part) {
        guard bytes == nil else { return nil }
        bytes = number
      } else if let span = TimeSpan(part) {
        guard age == nil else { return nil }
        age = span
      } else {
        return nil
      }
    }
  }

  private static let units: [(name: String, bytes: Int64)] = [
    ("GB", 1_000_000_000), ("MB", 1_000_000), ("kB", 1000),
  ]

  private static func bytes(_ text: String) -> Int64? {
    for unit in units where text.hasSuffix(unit.name) {
      guard let number = Int64(text.dropLast(unit.name.count)), number >= 0 else { return nil }
      let (product, overflow) = number.multipliedReportingOverflow(by: unit.bytes)
      return overflow ? nil : product
    }
    return nil
  }

  /// As it would be written.
  public var description: String {
    var parts: [String] = []
    if let messages { parts.append("\(messages)") }
    if let bytes {
      let unit = Self.units.first { bytes % $0.bytes == 0 && bytes > 0 } ?? ("kB", 1000)
      parts.append("\(bytes / unit.bytes)\(unit.name)")
    }
    if let age { parts.append("\(age)") }
    return parts.isEmpty ? "all" : parts.joined(separator: ",")
  }
}
