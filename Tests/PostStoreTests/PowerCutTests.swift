import Foundation
import GRDB
import PostStore
import Posts
import StoreFixtures
import SyntheticPosts
import TestSupport
import Testing

/// What a power cut leaves of a store: the database and its write-ahead log as they were at some instant,
/// the log cut off anywhere, with rubbish behind. What opens must be some prefix of the messages.
@Suite struct PowerCutTests {
  /// Every transaction of a history, and what the store must show after each.
  private struct History {
    /// By offset.
    var messages: [Message] = []
    var batches: [PartitionStretch] = []

    init(seed: UInt64, posts: Int, perBatch: Int) throws {
      var stream = MessageStream(
        generator: PostGenerator(seed: seed, accounts: 50),
        faults: FaultRates(
          duplicates: 0.1, late: 0.1, updates: 0.3, stale: 0.1, deletes: 0.1, malformed: 0.05))
      let start: Int64 = 1_764_000_000_000
      for index in 0..<posts {
        let time = start + Int64(index) * 60_000
        let moment = Moment(timestamp: Timestamp(microseconds: time * 1000), recordTime: time)
        stream.next(at: moment) { message in
          messages.append(message)
          return true
        }
      }
      var begin = 0
      while begin < messages.count {
        let end = min(begin + perBatch, messages.count)
        batches.append(
          PartitionStretch(
            Int64(begin),
            messages[begin..<end].map { ($0.recordTime, $0.incoming) }))
        begin = end
      }
    }

    /// Holds a store against the messages before its offset.
    ///
    /// - Returns: The offset.
    @discardableResult
    func expectPrefix(_ path: String, _ note: String) throws -> Int64 {
      // As `social-consumer` opens it, which also takes the log back.
      let next = try StoreWriter(path: path).nextOffsets(topic: PartitionID.only.topic)[.only] ?? 0
      let reader = try StoreReader(path: path)
      #expect(try reader.strings("PRAGMA integrity_check") == ["ok"], "\(note)")
      var expected = ExpectedStore()
      for message in messages.prefix(Int(next)) { expected.apply(message) }
      #expect(try reader.shownPosts() == expected.posts.map(shownRow), "\(note): \(next)")
      for outcome in ExpectedStore.Outcome.allCases {
        let sum = try reader.integers(
          "SELECT IFNULL(SUM(\(outcome.rawValue)), 0) FROM kafka_partitions")
        #expect(sum == [Int64(expected.count(of: outcome))], "\(note): \(outcome)")
      }
      #expect(try reader.verifyRollups().differences.isEmpty, "\(note)")
      return next
    }
  }

  /// The bytes of a log before its first frame, and of a frame before its page.
  private let headers = (log: 32, frame: 24)

  /// A copy of a store's files, its log replaced by some bytes.
  private func copy(
    _ store: String, log: some DataProtocol, to path: String
  ) throws {
    for end in ["", "-wal", "-shm"] { try? FileManager.default.removeItem(atPath: path + end) }
    try FileManager.default.copyItem(atPath: store, toPath: path)
    try Data(log).write(to: URL(fileURLWithPath: path + "-wal"))
  }

  @Test(arguments: [1, 2] as [UInt64])
  func aLogThatEndsAnywhereIsAPrefix(_ seed: UInt64) throws {
    let history = try History(seed: seed, posts: 60, perBatch: 20)
    let folder = try TemporaryDirectory()
    let path = folder.path("store.db")
    let writer = try StoreWriter(path: path)
    // The schema is in the database, and in the log are the transactions alone.
    try otherConnection(path).inDatabase { _ = try $0.checkpoint(.truncate) }
    for batch in history.batches { _ = try writer.apply([batch], now: .init(microseconds: 5)) }
    let log = try Data(contentsOf: URL(fileURLWithPath: path + "-wal"))
    let page = 4096 + headers.frame
    let frames = (log.count - headers.log) / page
    #expect(frames > 100)

    var random = StoreFixtures.SplitMix64(seed: seed)
    let torn = folder.path("torn.db")
    var reached: [Int64] = []
    for frame in 0...frames {
      let end = headers.log + frame * page
      try copy(path, log: log[..<end], to: torn)
      reached.append(try history.expectPrefix(torn, "\(frame) frames"))
    }
    #expect(reached == reached.sorted())
    #expect(Set(reached) == Set([0] + history.batches.map(\.end)))

    for _ in 0..<40 {
      let end = Int.random(in: 0..<log.count, using: &random)
      var bytes = Data(log[..<end])
      // What a file system leaves of sectors that never came: nothing, zeros, or what was there before.
      switch Int.random(in: 0..<3, using: &random) {
      case 0: break
      case 1: bytes += Data(count: log.count - end)
      default:
        bytes += Data((end..<log.count).map { _ in UInt8(truncatingIfNeeded: random.next()) })
      }
      try copy(path, log: bytes, to: torn)
      let next = try history.expectPrefix(torn, "\(end) bytes")
      // No transaction is lost that was wholly in the log.
      #expect(next == reached[max(0, (end - headers.log) / page)], "\(end) bytes")
    }
  }

  /// A checkpoint that was begun has written some pages of the database while the log still has all: any
  /// subset of them may be on the disk.
  @Test func aCheckpointThatIsCutOffLosesNothing() throws {
    let history = try History(seed: 3, posts: 60, perBatch: 20)
    let folder = try TemporaryDirectory()
    let path = folder.path("store.db")
    let writer = try StoreWriter(path: path)
    try otherConnection(path).inDatabase { _ = try $0.checkpoint(.truncate) }
    let before = try Data(contentsOf: URL(fileURLWithPath: path))
    for batch in history.batches { _ = try writer.apply([batch], now: .init(microseconds: 5)) }
    let log = try Data(contentsOf: URL(fileURLWithPath: path + "-wal"))
    try otherConnection(path).inDatabase { _ = try $0.checkpoint(.truncate) }
    let after = try Data(contentsOf: URL(fileURLWithPath: path))
    var random = StoreFixtures.SplitMix64(seed: 3)
    let torn = folder.path("torn.db")
    for _ in 0..<30 {
      // Some pages are new, one of them in part, and the file has grown already or not.
      var bytes = before
      if random.happens(0.5) { bytes += Data(count: after.count - before.count) }
      for start in stride(from: 0, to: bytes.count, by: 512) where random.happens(0.5) {
        bytes[start..<start + 512] = after[start..<start + 512]
      }
      try copy(path, log: log, to: torn)
      try bytes.write(to: URL(fileURLWithPath: torn))
      #expect(try history.expectPrefix(torn, "a checkpoint") == history.batches.last?.end)
    }
  }

  /// Copies that are taken while a writer writes, without a thought of what it is at.
  @Test func copiesTakenMidWriteArePrefixes() async throws {
    try await onThread {
      let history = try History(seed: 4, posts: 600, perBatch: 5)
      let folder = try TemporaryDirectory()
      let path = folder.path("store.db")
      let keeper = try StoreWriter(path: path)
      let thread = Thread {
        guard let writer = try? StoreWriter(path: path) else { return }
        for batch in history.batches { _ = try? writer.apply([batch], now: .init(microseconds: 5)) }
      }
      thread.start()
      var copies: [String] = []
      while !thread.isFinished {
        // The log is taken back into the database only at 64 MiB, which this history never has.
        let log = try Data(contentsOf: URL(fileURLWithPath: path + "-wal"))
        copies.append(folder.path("copy-\(copies.count).db"))
        try copy(path, log: log, to: copies[copies.count - 1])
        Thread.sleep(forTimeInterval: 0.02)
      }
      let sample = stride(from: 0, to: copies.count, by: max(1, copies.count / 20))
      let reached = try sample.map { try history.expectPrefix(copies[$0], copies[$0]) }
      #expect(reached == reached.sorted() && Set(reached).count > 5, "\(reached)")
      #expect(try history.expectPrefix(path, "the store itself") == history.batches.last?.end)
      withExtendedLifetime(keeper) {}
    }
  }
}

extension Message {
  /// The message as a store is given it.
  fileprivate var incoming: IncomingMessage.Content {
    switch content {
    case .post(let post): .post(post)
    case .tombstone:
      key.map { .tombstone(postID: $0) } ?? .rejected(.tombstoneWithoutKey, key: nil, value: nil)
    case .malformed(let bytes): .rejected(.tombstoneWithoutKey, key: nil, value: bytes)
    }
  }
}
