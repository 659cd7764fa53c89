import PostStore
import Posts
import StoreFixtures
import Testing

@testable import Ingest

/// What is told of the rejected messages of a batch.
@Suite struct RejectedMessagesTests {
  @Test func eachReasonOfAPartitionIsToldOnceWithItsFirst() {
    let missing = Rejection(field: "likes", problem: "missing")
    func cut(_ byte: Int) -> Rejection {
      Rejection(field: "JSON", problem: "cut short", offset: byte)
    }
    let one = PartitionStretch(
      7,
      [
        (0, .tombstone(postID: "p")), (0, .rejected(cut(3), key: [1], value: nil)),
        (0, .rejected(missing, key: nil, value: nil)), (0, .rejected(cut(99), key: [2], value: [])),
      ])
    var other = PartitionStretch(partition: PartitionID(topic: "t", partition: 9), at: 0)
    other.messages = [
      IncomingMessage(
        offset: 4, recordMilliseconds: 0, content: .rejected(missing, key: [3], value: nil))
    ]
    let all = RejectedMessages.all(in: [one, other])
    #expect(all.map(\.count) == [2, 1, 1])
    #expect(all.map(\.offset) == [8, 9, 4])
    #expect(all.map(\.key) == [[1], nil, [3]])
    #expect(
      all.map { "\($0.reason)" } == ["JSON: cut short", "likes: missing", "likes: missing"])
    #expect(all.map(\.partition) == [one.partition, one.partition, other.partition])
  }
}
