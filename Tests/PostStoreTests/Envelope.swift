import Foundation
import PostStore
import Posts

/// The envelopes of `hard-messages.jsonl`, each with the outcome that it must come to.
struct Envelope: Decodable {
  let name: String
  let expect: String
  let key: String?
  let value: String?
  let valueBase64: Data?
  let milliseconds: Int64

  enum CodingKeys: String, CodingKey {
    case name, expect, key, value
    case valueBase64 = "value_b64"
    case milliseconds = "ts_ms"
  }

  /// The bytes of the message; nil is a tombstone.
  var bytes: [UInt8]? { valueBase64.map { Array($0) } ?? value.map { Array($0.utf8) } }

  static func all() throws -> [Envelope] {
    try String(contentsOf: fixture("hard-messages.jsonl"), encoding: .utf8)
      .split(separator: "\n").map { try JSONDecoder().decode(Envelope.self, from: Data($0.utf8)) }
  }
}

func fixture(_ name: String) -> URL {
  URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .appending(path: "Fixtures/\(name)")
}

func content(
  key: String?, bytes: [UInt8]?, decoder: inout PostDecoder
) -> IncomingMessage.Content {
  guard let bytes else {
    guard let key else { return .rejected(.tombstoneWithoutKey, key: nil, value: nil) }
    return .tombstone(postID: ExactString(key))
  }
  let result = bytes.withUnsafeBytes { buffer in
    Result { () throws(Rejection) in try decoder.decode(buffer) }
  }
  switch result {
  case .success(let post): return .post(post)
  case .failure(let rejection): return .rejected(rejection, key: nil, value: bytes)
  }
}
