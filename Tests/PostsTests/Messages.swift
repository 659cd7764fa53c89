import Foundation

@testable import Posts

/// A valid message whose parts a test changes: keys and values as JSON text, in order.
struct Message {
  var members: [(key: String, value: String)] = [
    ("post_id", #""30eb4d2e-a08""#), ("user_id", #""USER_13304""#), ("username", #""edwardsann""#),
    ("platform", #""Twitter""#), ("post_type", #""reply""#), ("content_type", #""link""#),
    ("topic", #""Travel""#), ("hashtags", ##"["#Travel", "#Adventure"]"##),
    ("sentiment", #""negative""#), ("location", #""Chicago""#), ("likes", "66"), ("shares", "17"),
    ("comments", "7"), ("views", "10606"), ("engagement_rate", "0.1"), ("followers", "86385"),
    ("is_verified", "false"), ("is_influencer", "true"), ("is_viral", "false"),
    ("timestamp", #""2026-11-25T00:34:05.246590""#), ("language", #""en""#),
  ]

  /// The message with another value for one key.
  func with(_ key: String, _ value: String) -> Message {
    var copy = self
    copy.members = members.map { $0.key == key ? (key, value) : $0 }
    return copy
  }

  /// The message without a key.
  func without(_ key: String) -> Message {
    var copy = self
    copy.members.removeAll { $0.key == key }
    return copy
  }

  /// The message with one more member at its end.
  func adding(_ key: String, _ value: String) -> Message {
    var copy = self
    copy.members.append((key, value))
    return copy
  }

  var json: String {
    "{" + members.map { "\"\($0.key)\": \($0.value)" }.joined(separator: ", ") + "}"
  }
}

/// What a decoder makes of some bytes; they get memory of just their size, so that a debug build
/// traps on a read beyond them.
func decode(_ bytes: some Collection<UInt8>) -> Result<Post, Rejection> {
  var decoder = PostDecoder()
  return decoder.result(of: Array(bytes))
}

func decode(_ text: String) -> Result<Post, Rejection> { decode(text.utf8) }

func decode(_ message: Message) -> Result<Post, Rejection> { decode(message.json) }

extension PostDecoder {
  mutating func result(of bytes: [UInt8]) -> Result<Post, Rejection> {
    bytes.withUnsafeBytes { buffer in
      Result { () throws(Rejection) in try decode(buffer) }
    }
  }
}

extension Result where Failure == Rejection {
  /// The reason as text, or nil if there is none.
  var problem: String? {
    switch self {
    case .success: nil
    case .failure(let rejection): "\(rejection.field): \(rejection.problem)"
    }
  }

  var isSuccess: Bool { problem == nil }
}

func encode(_ post: Post) -> [UInt8] {
  var output: [UInt8] = []
  PostEncoder().encode(post, into: &output)
  return output
}

/// Files of `Tests/Fixtures`.
enum Fixture {
  static func lines(_ name: String) throws -> [[UInt8]] {
    let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    let data = try Data(contentsOf: folder.appending(path: "Fixtures/\(name)"))
    return data.split(separator: UInt8(ascii: "\n")).map(Array.init)
  }

  /// Messages as the original producer wrote them.
  static func originalMessages() throws -> [[UInt8]] { try lines("original-5k.ndjson") }
}

/// SplitMix64: the same numbers for the same seed on every machine.
struct SeededGenerator: RandomNumberGenerator {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }

  /// One of a collection that is not empty.
  mutating func pick<C: Collection>(_ choices: C) -> C.Element {
    let offset = Int.random(in: 0..<choices.count, using: &self)
    return choices[choices.index(choices.startIndex, offsetBy: offset)]
  }
}
