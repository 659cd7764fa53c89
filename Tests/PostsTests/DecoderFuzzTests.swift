import Fuzzing
import Testing

@testable import Posts

/// Damaged messages of the original producer, judged by the decoder and by Foundation's
/// `JSONSerialization`.
@Suite struct DecoderFuzzTests {
  @Test func damagedMessagesAreJudgedAsFoundationDoes() throws {
    let originals = try Fixture.originalMessages().prefix(200)
    let hostile = Message().with("username", #""é😀\u00e9\ud83d\ude00\n""#)
      .adding("x", "[{\"a\": [1.5e3, null]}, [], {}]").adding("likes", "12.0")
    let seeds = Array(originals) + Array(repeating: Array(hostile.json.utf8), count: 50)
    var damage = Damage(seed: 2026, seeds: seeds)
    var decoder = PostDecoder()
    var read = 0
    var rejectedFields = 0
    for _ in 0..<20_000 {
      let message = damage.next()
      let result = decoder.result(of: message)
      switch result {
      case .success: read += 1
      case .failure(let rejection): rejectedFields += rejection.field == "JSON" ? 0 : 1
      }
      if let fault = FuzzTarget.decoder.fault(in: message) {
        Issue.record("\(String(decoding: message, as: UTF8.self)): \(fault)")
        return
      }
    }
    // Damage that is always fatal, or never, would test nothing.
    #expect(read > 2_000)
    #expect(rejectedFields > 1_000)
  }
}
