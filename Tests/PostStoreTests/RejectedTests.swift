import Foundation
import GRDB
import Posts
import StoreFixtures
import TestSupport
import Testing

@testable import PostStore

/// The messages that are no posts: how many are kept, and what becomes of them when they are tried again.
@Suite struct RejectedTests {
  private let folder: TemporaryDirectory
  private let path: String
  private let writer: StoreWriter

  init() throws {
    folder = try TemporaryDirectory()
    path = folder.path("store.db")
    writer = try StoreWriter(path: path)
  }

  private let reason = Rejection(field: "likes", problem: "missing")

  private func json(_ post: Post) -> [UInt8] {
    var bytes: [UInt8] = []
    PostEncoder().encode(post, into: &bytes)
    return bytes
  }

  /// Rejects a message as an older version of the program did.
  private func reject(
    _ value: [UInt8]?, key: [UInt8]? = nil, at milliseconds: Int64 = 5, now: Int64 = 0
  ) throws {
    let begin = try writer.nextOffsets(topic: "social_media")[.only] ?? 0
    _ = try writer.apply(
      [PartitionStretch(begin, [(milliseconds, .rejected(reason, key: key, value: value))])],
      now: Timestamp(microseconds: now))
  }

  private func integers(_ sql: String) throws -> [Int64] {
    try StoreReader(path: path).integers(sql)
  }

  private func expectTotals() throws {
    #expect(
      try integers("SELECT messages FROM rejected_totals")
        == integers("SELECT COUNT(*) FROM rejected_messages"))
    #expect(
      try integers("SELECT bytes FROM rejected_totals")
        == integers(
          "SELECT COALESCE(SUM(IFNULL(LENGTH(key), 0) + IFNULL(LENGTH(value), 0)), 0) FROM rejected_messages"
        ))
    #expect(
      try integers("SELECT COALESCE(SUM(messages), 0) FROM rejection_counts")
        == integers("SELECT SUM(rejected) FROM kafka_partitions"))
  }

  @Test(arguments: [
    ("all", "all"), ("100", "100"), ("0", "0"), ("64MB", "64MB"), ("1500kB", "1500kB"),
    ("30d", "30d"), ("100,1GB,2w", "100,1GB,2w"), ("2w,100", "100,2w"), ("60s", "1m"),
  ])
  func limitsAreReadAndWritten(_ text: String, _ written: String) {
    let retention = RejectedRetention(text)
    #expect(retention?.description == written)
    #expect(RejectedRetention(written) == retention)
    #expect(RejectedRetention("\(RejectedRetention.standard)") == .standard)
  }

  @Test(arguments: [
    "", "1,2", "1MB,2MB", "1d,2d", "-1", "1.5MB", "all,1", "1,", "9999999999GB", "x",
  ])
  func whatIsNoLimitIsRefused(_ text: String) {
    #expect(RejectedRetention(text) == nil)
  }

  @Test func theOldestGoFirst() throws {
    writer.rejectedRetention = try #require(RejectedRetention("3"))
    for number in 0..<10 {
      try reject([UInt8(number)])
      try expectTotals()
    }
    #expect(try integers("SELECT \"offset\" FROM rejected_messages ORDER BY id") == [7, 8, 9])
    #expect(try integers("SELECT rejected FROM kafka_partitions") == [10])

    writer.rejectedRetention = try #require(RejectedRetention("1kB"))
    try reject([UInt8](repeating: 1, count: 600), key: [UInt8](repeating: 2, count: 398))
    #expect(try integers("SELECT \"offset\" FROM rejected_messages ORDER BY id") == [8, 9, 10])
    try reject([1])
    #expect(try integers("SELECT \"offset\" FROM rejected_messages ORDER BY id") == [9, 10, 11])
    // One that is larger than all there may be is not kept.
    try reject([UInt8](repeating: 1, count: 1001))
    #expect(try integers("SELECT COUNT(*) FROM rejected_messages") == [0])
    try expectTotals()
  }

  @Test func theyGoWithTime() throws {
    writer.rejectedRetention = try #require(RejectedRetention("1h"))
    let hour: Int64 = 3_600_000_000
    try reject([1], now: 0)
    try reject([2], now: hour / 2)
    #expect(try integers("SELECT COUNT(*) FROM rejected_messages") == [2])
    // A batch of which nothing is rejected bounds them, too.
    let next = try #require(try writer.nextOffsets(topic: "social_media")[.only])
    _ = try writer.apply(
      [PartitionStretch(next, [(0, .post(.sample()))])], now: Timestamp(microseconds: hour + 1))
    #expect(try integers("SELECT \"offset\" FROM rejected_messages") == [1])
    try expectTotals()
  }

  @Test func aStoreOfBeforeIsCounted() throws {
    let old = folder.path("old.db")
    let before = Array(Migration.all.prefix { !$0.name.hasSuffix("rejected-totals") })
    #expect(before.count < Migration.all.count)
    try otherConnection(old).writeWithoutTransaction { db in
      try Migrator(path: old, migrations: before).migrate(db)
      try db.execute(
        sql: """
          INSERT INTO rejected_messages
          VALUES (1, 't', 0, 0, 0, x'01', NULL, 'f', 'p', 0), (2, 't', 0, 1, 0, NULL, x'0203', 'f', 'p', 0)
          """)
    }
    _ = try StoreWriter(path: old)
    let reader = try StoreReader(path: old)
    #expect(try reader.integers("SELECT messages FROM rejected_totals") == [2])
    #expect(try reader.integers("SELECT bytes FROM rejected_totals") == [3])
  }

  /// What a message is replayed on, what it says, and what it comes to.
  @Test func aMessageIsReplayedAsTheVersionThatItIs() throws {
    func post(_ id: ExactString, _ likes: Int64) -> Post { .sample(id) { $0.likes = likes } }
    let first: [(Int64, IncomingMessage.Content)] = [
      (4, .post(post("older", 1))), (5, .post(post("equal", 1))), (6, .post(post("newer", 1))),
      (4, .post(post("gone", 1))), (6, .tombstone(postID: "dead")), (4, .tombstone(postID: "back")),
    ]
    _ = try writer.apply([PartitionStretch(0, first)], now: Timestamp(microseconds: 0))
    for id in ["fresh", "older", "equal", "newer", "dead", "back"] as [ExactString] {
      try reject(json(post(id, 7)))
    }
    try reject(nil, key: Array("gone".utf8))
    try reject(nil, key: Array("none".utf8))
    try reject(Array("{".utf8))
    try reject(nil)
    try reject([])

    let outcomes = try writer.replayRejected(now: Timestamp(microseconds: 9))
    let expected: [Outcome: Int64] = [
      .stored: 2, .updated: 1, .stale: 3, .deleted: 1, .ignored: 1, .rejected: 3,
    ]
    for outcome in Outcome.allCases {
      #expect(outcomes[outcome] == expected[outcome] ?? 0, "\(outcome)")
    }
    let reader = try StoreReader(path: path)
    #expect(
      try reader.strings("SELECT post_id || ' ' || likes FROM posts ORDER BY post_id")
        == ["back 7", "equal 1", "fresh 7", "newer 1", "older 7"])
    #expect(try reader.verifyRollups().differences.isEmpty)
    // Every message is counted once, as what it came to in the end.
    #expect(
      try reader.integers(
        """
        SELECT stored + duplicate + updated + stale + deleted + ignored + rejected
        FROM kafka_partitions
        """) == [17])
    #expect(try reader.integers("SELECT rejected FROM kafka_partitions") == [3])
    #expect(
      try reader.integers("SELECT SUM(messages) FROM lateness_counts") == [4 + 6])
    // Those that stay say why they would be rejected today.
    #expect(
      try reader.strings(
        "SELECT field || ': ' || problem FROM rejected_messages WHERE field = 'likes'") == [])
    try expectTotals()
    var checks: [StoreCheck] = []
    try StoreExamination(path: path, now: Timestamp(microseconds: 9)).run { checks.append($0) }
    #expect(checks.allSatisfy { $0.result == .ok }, "\(checks)")

    let version = try reader.version()
    let again = try writer.replayRejected(now: Timestamp(microseconds: 10))
    #expect(again.total == 3 && again[.rejected] == 3)
    #expect(try reader.shownPosts().count == 5)
    #expect(try reader.version() >= version)
  }

  @Test func onlyTheMessagesThatAreNamedAreReplayed() throws {
    for number in 0..<4 { try reject(json(.sample(ExactString("p\(number)")))) }
    let unknown = #expect(throws: StoreError.self) {
      try writer.replayRejected([2, 9], now: Timestamp(microseconds: 0))
    }
    #expect(unknown?.message.contains("rejected message 9") == true)
    #expect(try integers("SELECT COUNT(*) FROM rejected_messages") == [4])
    let outcomes = try writer.replayRejected([2, 3, 2], now: Timestamp(microseconds: 0))
    #expect(outcomes[.stored] == 2)
    #expect(try integers("SELECT id FROM rejected_messages ORDER BY id") == [1, 4])
  }

  /// More than one transaction takes.
  @Test func manyAreReplayedInSteps() throws {
    let messages = (0..<1201).map { number -> (Int64, IncomingMessage.Content) in
      (0, .rejected(reason, key: nil, value: json(.sample(ExactString("p\(number)")))))
    }
    _ = try writer.apply([PartitionStretch(0, messages)], now: Timestamp(microseconds: 0))
    var steps: [Int64] = []
    let outcomes = try writer.replayRejected(now: Timestamp(microseconds: 0)) { steps.append($0) }
    #expect(steps == [500, 1000, 1201] && outcomes[.stored] == 1201)
    #expect(try StoreReader(path: path).verifyRollups().differences.isEmpty)
    try expectTotals()
  }

  @Test func aReplayThatFailsChangesNothing() throws {
    for number in 0..<3 { try reject(json(.sample(ExactString("p\(number)")))) }
    try otherConnection(path).write {
      try $0.execute(
        sql: """
          CREATE TRIGGER no BEFORE INSERT ON posts WHEN NEW.post_id = 'p2'
          BEGIN SELECT RAISE(ABORT, 'no'); END
          """)
    }
    #expect(throws: StoreError.self) {
      try writer.replayRejected(now: Timestamp(microseconds: 0))
    }
    #expect(try integers("SELECT COUNT(*) FROM rejected_messages") == [3])
    #expect(try integers("SELECT COUNT(*) FROM posts") == [0])
    try expectTotals()
  }

  @Test func theyAreListedByReason() throws {
    try reject([1, 2], key: [3])
    try reject(nil)
    let reader = try StoreReader(path: path)
    let all = try reader.rejectedMessages()
    #expect(all.count == 2 && all.shown.map(\.id) == [2, 1])
    #expect(all.shown.map(\.size) == [0, 3] && all.shown[1].reason == "likes: missing")
    #expect(try reader.rejectedMessages(limit: 1).shown.map(\.id) == [2])
    #expect(try reader.rejectedMessages(reason: "LIKES: m").count == 2)
    #expect(try reader.rejectedMessages(reason: "views").shown.isEmpty)
    let one = try reader.rejectedMessage(1)
    #expect(one.key == [3] && one.value == [1, 2])
    #expect(throws: StoreError.self) { try reader.rejectedMessage(3) }
  }
}
