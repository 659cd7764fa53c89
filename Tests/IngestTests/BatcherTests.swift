import PostStore
import Posts
import StoreFixtures
import Testing

@testable import Ingest

@Suite struct BatcherTests {
  private let start = ContinuousClock.now
  private let first = PartitionID(topic: "t", partition: 0)
  private let second = PartitionID(topic: "t", partition: 1)

  private func batcher(
    messages: Int = 100, bytes: Int = 1000, delay: Duration = .milliseconds(200)
  ) -> Batcher {
    Batcher(limits: Batcher.Limits(messages: messages, bytes: bytes, delay: delay))
  }

  private func message(_ offset: Int64) -> IncomingMessage {
    IncomingMessage(
      offset: offset, recordMilliseconds: 0,
      content: .tombstone(postID: ExactString("post \(offset)")))
  }

  private func add(
    _ offsets: [Int64], of partition: PartitionID, to batcher: inout Batcher, size: Int = 1,
    after delay: Duration = .zero
  ) {
    for offset in offsets {
      batcher.add(message(offset), of: partition, size: size, now: start + delay)
    }
  }

  /// What a test compares of a stretch.
  private struct Shape: Equatable {
    var partition: PartitionID
    var offsets: [Int64]
    var extent: Range<Int64>
    var missing: [Range<Int64>] = []
  }

  private func take(_ batcher: inout Batcher) -> [Shape] {
    batcher.take().map {
      Shape(
        partition: $0.partition, offsets: $0.messages.map(\.offset), extent: $0.begin..<$0.end,
        missing: $0.missing)
    }
  }

  @Test func stretchesFollowOneAnother() {
    var batcher = batcher()
    batcher.start(second, at: 70)
    batcher.start(first, at: 5)
    add([5, 6], of: first, to: &batcher)
    add([70], of: second, to: &batcher)
    add([7], of: first, to: &batcher)
    #expect(batcher.count == 4)
    #expect(batcher.position(of: first) == 8)
    #expect(
      take(&batcher) == [
        Shape(partition: first, offsets: [5, 6, 7], extent: 5..<8),
        Shape(partition: second, offsets: [70], extent: 70..<71),
      ])
    add([8], of: first, to: &batcher)
    #expect(take(&batcher) == [Shape(partition: first, offsets: [8], extent: 8..<9)])
  }

  @Test func aGapBelongsToTheStretch() {
    var batcher = batcher()
    batcher.start(first, at: 0)
    add([3, 9], of: first, to: &batcher)
    #expect(take(&batcher) == [Shape(partition: first, offsets: [3, 9], extent: 0..<10)])
    add([20], of: first, to: &batcher)
    #expect(take(&batcher) == [Shape(partition: first, offsets: [20], extent: 10..<21)])
  }

  @Test func onlyWhatComesNextIsExpected() {
    var batcher = batcher()
    #expect(!batcher.expects(0, of: first))
    #expect(batcher.position(of: first) == nil)
    batcher.start(first, at: 5)
    #expect(!batcher.expects(4, of: first))
    #expect(batcher.expects(5, of: first))
    #expect(batcher.expects(1000, of: first))
    add([5], of: first, to: &batcher)
    #expect(!batcher.expects(5, of: first))
    #expect(batcher.expects(6, of: first))
    #expect(!batcher.expects(6, of: second))
    _ = batcher.take()
    #expect(!batcher.expects(5, of: first))
    batcher.stop(first)
    #expect(!batcher.expects(6, of: first))
  }

  @Test func stoppingDropsWhatWaits() {
    var batcher = batcher(messages: 3)
    batcher.start(first, at: 0)
    batcher.start(second, at: 0)
    add([0, 1], of: first, to: &batcher)
    add([0], of: second, to: &batcher)
    #expect(batcher.partitions == [first, second])
    #expect(batcher.room == 0)
    batcher.stop(first)
    #expect(batcher.partitions == [second])
    #expect(batcher.count == 1)
    #expect(batcher.room == 2)
    #expect(!batcher.isDue(at: start))
    batcher.stop(first)
    #expect(batcher.count == 1)
    #expect(take(&batcher) == [Shape(partition: second, offsets: [0], extent: 0..<1)])
  }

  @Test func startingAgainDropsWhatWaits() {
    var batcher = batcher()
    batcher.start(first, at: 0)
    add([0, 1], of: first, to: &batcher)
    batcher.start(first, at: 1)
    #expect(batcher.count == 0)
    add([1], of: first, to: &batcher)
    #expect(take(&batcher) == [Shape(partition: first, offsets: [1], extent: 1..<2)])
  }

  @Test func nothingIsDueOnceAllWasDropped() {
    var batcher = batcher(messages: 10, bytes: 100)
    batcher.start(first, at: 0)
    batcher.start(second, at: 0)
    add([0], of: first, to: &batcher, size: 100)
    #expect(batcher.isDue(at: start))
    batcher.stop(first)
    #expect(!batcher.isDue(at: start + .seconds(60)))
    #expect(batcher.due == nil)
    // What comes next waits for as long as any other, and counts its own bytes alone.
    add([0], of: second, to: &batcher, size: 99, after: .seconds(60))
    #expect(!batcher.isDue(at: start + .seconds(60) + .milliseconds(199)))
    #expect(batcher.due == start + .seconds(60) + .milliseconds(200))
    batcher.stopAll()
    #expect(batcher.partitions == [])
    #expect(batcher.count == 0)
    #expect(batcher.due == nil)
    #expect(batcher.take().isEmpty)
  }

  @Test func itIsDueWithEnoughMessages() {
    var batcher = batcher(messages: 3)
    batcher.start(first, at: 0)
    add([0, 1], of: first, to: &batcher)
    #expect(!batcher.isDue(at: start))
    #expect(batcher.room == 1)
    add([2], of: first, to: &batcher)
    #expect(batcher.isDue(at: start))
    add([3], of: first, to: &batcher)
    #expect(batcher.room == 0)
  }

  @Test func itIsDueWithEnoughBytes() {
    var batcher = batcher(bytes: 100)
    batcher.start(first, at: 0)
    batcher.start(second, at: 0)
    add([0], of: first, to: &batcher, size: 60)
    add([0], of: second, to: &batcher, size: 39)
    #expect(!batcher.isDue(at: start))
    add([1], of: second, to: &batcher, size: 1)
    #expect(batcher.isDue(at: start))
  }

  @Test func itIsDueOnceTheOldestHasWaited() {
    var batcher = batcher(delay: .milliseconds(200))
    #expect(batcher.due == nil)
    #expect(!batcher.isDue(at: start + .seconds(60)))
    batcher.start(first, at: 0)
    batcher.start(second, at: 0)
    #expect(batcher.due == nil)
    add([0], of: first, to: &batcher)
    add([0], of: second, to: &batcher, after: .milliseconds(150))
    #expect(batcher.due == start + .milliseconds(200))
    #expect(!batcher.isDue(at: start + .milliseconds(199)))
    #expect(batcher.isDue(at: start + .milliseconds(200)))
    // The first of them goes: the other has come later.
    batcher.stop(first)
    #expect(batcher.due == start + .milliseconds(350))
  }

  @Test func takingBeginsAnew() {
    var batcher = batcher(messages: 2, bytes: 100)
    batcher.start(first, at: 0)
    add([0, 1], of: first, to: &batcher, size: 60)
    #expect(batcher.take().count == 1)
    #expect(batcher.count == 0)
    #expect(batcher.room == 2)
    #expect(batcher.due == nil)
    #expect(!batcher.isDue(at: start + .seconds(60)))
    #expect(batcher.take().isEmpty)
    #expect(batcher.position(of: first) == 2)
    add([2], of: first, to: &batcher, size: 60)
    #expect(!batcher.isDue(at: start))
  }

  @Test func skippedOffsetsAreHandedOver() {
    var batcher = batcher()
    batcher.start(first, at: 10)
    batcher.skip(to: 10, of: first, now: start)
    batcher.skip(to: 4, of: first, now: start)
    #expect(batcher.due == nil)
    #expect(batcher.take().isEmpty)
    batcher.skip(to: 12, of: first, now: start)
    #expect(batcher.count == 0)
    #expect(batcher.due == start + .milliseconds(200))
    add([12], of: first, to: &batcher)
    batcher.skip(to: 20, of: first, missing: true, now: start)
    batcher.skip(to: 22, of: first, now: start)
    batcher.skip(to: 25, of: first, missing: true, now: start)
    #expect(
      take(&batcher) == [
        Shape(partition: first, offsets: [12], extent: 10..<25, missing: [13..<20, 22..<25])
      ])
    // The next stretch has nothing missing.
    add([25], of: first, to: &batcher)
    #expect(take(&batcher) == [Shape(partition: first, offsets: [25], extent: 25..<26)])
    // A partition that is not read is not skipped in.
    batcher.skip(to: 99, of: second, missing: true, now: start)
    #expect(batcher.take().isEmpty)
  }
}
