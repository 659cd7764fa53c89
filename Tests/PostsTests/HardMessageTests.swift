import TestSupport
import Testing

@testable import Posts

/// Messages made to break a consumer, each with what has to become of it.
@Suite struct HardMessageTests {
  @Test func eachIsReadOrRejected() throws {
    let envelopes = try Envelope.all()
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
