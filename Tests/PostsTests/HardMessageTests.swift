import Foundation
import Testing

@testable import Posts

/// Messages made to break a consumer, each with what has to become of it.
@Suite struct HardMessageTests {
  struct Envelope: Decodable {
    let name: String
    let key: String?
    let expect: String
    /// The value as bytes, nil for a tombstone.
    let bytes: [UInt8]?

    enum CodingKeys: String, CodingKey {
      case name, key, expect, value
      case base64 = "value_b64"
    }

    init(from decoder: any Decoder) throws {
      let container = try decoder.container(keyedBy: CodingKeys.self)
      name = try container.decode(String.self, forKey: .name)
      key = try container.decodeIfPresent(String.self, forKey: .key)
      expect = try container.decode(String.self, forKey: .expect)
      if let base64 = try container.decodeIfPresent(Data.self, forKey: .base64) {
        bytes = Array(base64)
      } else {
        bytes = try container.decodeIfPresent(String.self, forKey: .value).map { Array($0.utf8) }
      }
    }
  }

  @Test func eachIsReadOrRejected() throws {
    let envelopes = try Fixture.lines("hard-messages.jsonl").map {
      try JSONDecoder().decode(Envelope.self, from: Data($0))
    }
    #expect(envelopes.count == 97)
    for envelope in envelopes {
      // A tombstone never comes to the decoder.
      guard let bytes = envelope.bytes else { continue }
      let result = decode(bytes)
      #expect(
        result.isSuccess == (envelope.expect != "rejected"),
        "\(envelope.name): \(result.problem ?? "read")")
    }
  }
}
