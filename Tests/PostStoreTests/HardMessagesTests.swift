import PostStore
import Posts
import StoreFixtures
import TestSupport
import Testing

@Suite struct HardMessagesTests {
  @Test func everyMessageComesToItsOutcome() throws {
    let folder = try TemporaryDirectory()
    let writer = try StoreWriter(path: folder.path("store.db"))
    let partition = PartitionID(topic: "t", partition: 0)
    var decoder = PostDecoder()
    for (index, envelope) in try Envelope.all().enumerated() {
      var stretch = PartitionStretch(partition: partition, at: Int64(index))
      stretch.end += 1
      stretch.messages = [
        IncomingMessage(
          offset: Int64(index), recordMilliseconds: envelope.milliseconds,
          content: content(key: envelope.key, bytes: envelope.bytes, decoder: &decoder))
      ]
      let result = try writer.apply([stretch], now: Timestamp(microseconds: 0))
      let outcome = Outcome.allCases.first { result.outcomes[$0] == 1 }
      #expect("\(outcome.map { "\($0)" } ?? "none")" == envelope.expect, "\(envelope.name)")
      #expect(result.outcomes.total == 1)
    }
  }
}

private func content(
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
