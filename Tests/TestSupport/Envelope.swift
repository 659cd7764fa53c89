import Foundation

/// A message of `hard-messages.jsonl`, with the outcome that it must come to.
public struct Envelope: Decodable, Sendable {
  /// What is hard about it.
  public let name: String
  /// The outcome, by its name.
  public let expect: String
  /// The key of the record.
  public let key: String?
  /// The time of the record, in milliseconds since 1970.
  public let milliseconds: Int64
  private let value: String?
  private let valueBase64: Data?

  private enum CodingKeys: String, CodingKey {
    case name, expect, key, value
    case valueBase64 = "value_b64"
    case milliseconds = "ts_ms"
  }

  /// The bytes of the message; nil is a tombstone.
  public var bytes: [UInt8]? { valueBase64.map { Array($0) } ?? value.map { Array($0.utf8) } }

  /// All of them, in order.
  public static func all() throws -> [Envelope] {
    try String(contentsOf: TestFiles.fixture("hard-messages.jsonl"), encoding: .utf8)
      .split(separator: "\n").map { try JSONDecoder().decode(Envelope.self, from: Data($0.utf8)) }
  }
}
