import PostStore
import Posts
import StoreFixtures
import TestSupport
import Testing

@Suite struct OffsetsTests {
  private let folder: TemporaryDirectory
  private let writer: StoreWriter
  private let reader: StoreReader
  private let now = Timestamp(microseconds: 77)

  init() throws {
    folder = try TemporaryDirectory()
    writer = try StoreWriter(path: folder.path("store.db"))
    reader = try StoreReader(path: folder.path("store.db"))
  }

  /// A post for each offset of a range, known by it.
  private func posts(
    _ offsets: Range<Int64>, of partition: PartitionID = .only
  ) -> PartitionStretch {
    PartitionStretch(
      offsets.lowerBound, offsets.map { ($0, .post(.sample(ExactString("\(partition) \($0)")))) },
      of: partition)
  }

  @Test func aStretchIsAppliedFromWhereTheStoreIs() throws {
    _ = try writer.apply([posts(10..<15)], now: now)
    let result = try writer.apply([posts(12..<18)], now: now)
    #expect(result.fenced == 3)
    #expect(result.outcomes[.stored] == 3)
    #expect(result.outcomes.total == 3)
    #expect(result.nextOffsets == [.only: 18])
    #expect(try reader.integers("SELECT stored FROM kafka_partitions") == [8])
  }

  @Test(arguments: [10..<15, 11..<14, 3..<15, 3..<5])
  func aStretchThatTheStoreHoldsChangesNothing(_ offsets: Range<Int64>) throws {
    _ = try writer.apply([posts(10..<15)], now: now)
    let result = try writer.apply([posts(offsets)], now: .init(microseconds: 78))
    #expect(result.fenced == Int64(offsets.count))
    #expect(result.outcomes == OutcomeCounts())
    #expect(result.nextOffsets == [.only: 15])
    #expect(try reader.integers("SELECT version FROM store_version") == [1])
    #expect(try reader.integers("SELECT committed_us FROM kafka_partitions") == [77])
  }

  @Test func aStretchPastTheStoreIsLeftOutWhole() throws {
    _ = try writer.apply([posts(0..<5)], now: now)
    let other = PartitionID(topic: "social_media", partition: 1)
    let result = try writer.apply([posts(6..<9), posts(100..<102, of: other)], now: now)
    #expect(result.fenced == 3)
    #expect(result.outcomes[.stored] == 2)
    #expect(result.nextOffsets == [.only: 5, other: 102])
    #expect(try writer.nextOffsets(topic: "social_media") == [.only: 5, other: 102])
    #expect(try writer.nextOffsets(topic: "another") == [:])
  }

  @Test func offsetsWithoutMessagesAreFine() throws {
    var stretch = posts(0..<9)
    stretch.messages.removeAll { [0, 4, 5, 8].contains($0.offset) }
    let result = try writer.apply([stretch], now: now)
    #expect(result.outcomes[.stored] == 5)
    #expect(result.nextOffsets == [.only: 9])
    // Nothing but a marker at the end: the store moves on.
    var marker = PartitionStretch(partition: .only, at: 9)
    marker.end = 10
    #expect(try writer.apply([marker], now: now).nextOffsets == [.only: 10])
    #expect(try reader.integers("SELECT next_offset FROM kafka_partitions") == [10])
  }

  /// Whoever shows how the ingest does asks again when the version moves, and only then.
  @Test func theVersionMovesWithWhatIsToldOfTheIngest() throws {
    var version: Int64 = 0
    func apply(_ stretch: PartitionStretch, moves: Bool, _ what: Comment) throws {
      let time = Timestamp(microseconds: now.microseconds + version)
      _ = try writer.apply([stretch], now: time)
      version += moves ? 1 : 0
      #expect(try reader.integers("SELECT version FROM store_version") == [version], what)
      if moves {
        #expect(
          try reader.integers("SELECT changed_us FROM store_version") == [time.microseconds], what)
      }
    }
    var stretch = PartitionStretch(partition: .only, at: 0)
    try apply(stretch, moves: true, "a partition that was not known")
    try apply(stretch, moves: false, "the same again")
    stretch.logEnd = 30
    try apply(stretch, moves: true, "the log goes further")
    try apply(stretch, moves: false, "the log goes as far as before")
    #expect(try reader.integers("SELECT end_offset FROM kafka_partitions") == [30])
    stretch.end = 5
    try apply(stretch, moves: true, "offsets without a message")
    try apply(stretch, moves: false, "what the store holds already")
    stretch.begin = 5
    stretch.end = 9
    stretch.missing = [5..<9]
    try apply(stretch, moves: true, "messages that expired")
    stretch = PartitionStretch(partition: .only, at: 9)
    try apply(stretch, moves: false, "nothing")
    stretch = PartitionStretch(partition: .only, at: 20)
    stretch.end = 25
    try apply(stretch, moves: false, "a stretch past the store")
    _ = try writer.apply([(post: Post, milliseconds: Int64)](), now: now)
    #expect(try reader.integers("SELECT version FROM store_version") == [version])
  }

  @Test func anEmptyStretchRecordsWhereAPartitionBegins() throws {
    let start = PartitionStretch(partition: .only, at: 40)
    #expect(try writer.apply([start], now: now).nextOffsets == [.only: 40])
    #expect(try writer.nextOffsets(topic: "social_media") == [.only: 40])
    // A second consumer that thinks otherwise has to follow.
    let later = PartitionStretch(partition: .only, at: 50)
    #expect(try writer.apply([later], now: now).nextOffsets == [.only: 40])
    let result = try writer.apply([posts(45..<46)], now: now)
    #expect(result.nextOffsets == [.only: 40])
    #expect(result.fenced == 1)
  }

  @Test func missingMessagesAreCountedOnce() throws {
    var stretch = posts(100..<103)
    stretch.begin = 0
    stretch.missing = [0..<60, 70..<100]
    _ = try writer.apply([stretch], now: now)
    #expect(try reader.integers("SELECT missing FROM kafka_partitions") == [90])
    // Another consumer missed the same messages, and ten more.
    var other = posts(100..<105)
    other.begin = 0
    other.missing = [0..<100, 105..<115]
    other.end = 115
    let result = try writer.apply([other], now: now)
    #expect(result.fenced == 3)
    #expect(result.missing == 10)
    #expect(try reader.integers("SELECT missing FROM kafka_partitions") == [100])
  }

  @Test func theLatestRecordTimeIsKept() throws {
    func newest() throws -> [Int64] {
      try reader.integers("SELECT ifnull(newest_ms, -7) FROM kafka_partitions")
    }
    _ = try writer.apply([PartitionStretch(partition: .only, at: 0)], now: now)
    #expect(try newest() == [-7])
    _ = try writer.apply(
      [PartitionStretch(0, [(9, .post(.sample())), (5, .post(.sample()))])], now: now)
    #expect(try newest() == [9])
    _ = try writer.apply([PartitionStretch(2, [(8, .post(.sample()))])], now: now)
    #expect(try newest() == [9])
  }

  @Test(arguments: 0..<6 as Range<UInt64>)
  func twoWritersNeverStoreAMessageTwice(seed: UInt64) throws {
    var random = SplitMix64(seed: seed)
    let end: Int64 = 400
    let writers = [writer, try StoreWriter(path: folder.path("store.db"))]
    var positions: [Int64] = [0, 0]
    var outcomes = OutcomeCounts()
    var fenced: Int64 = 0
    while positions.min() ?? end < end {
      let index = Int.random(in: 0...1, using: &random)
      let begin = positions[index]
      let stop = min(end, begin + Int64.random(in: 0...25, using: &random))
      let result = try writers[index].apply([posts(begin..<stop)], now: now)
      outcomes += result.outcomes
      fenced += result.fenced
      let next = try #require(result.nextOffsets[.only])
      #expect(next >= begin)
      // Sometimes a consumer starts again from an older place.
      positions[index] = random.happens(0.1) ? max(0, next - 30) : next
    }
    #expect(fenced > 0)
    #expect(outcomes[.stored] == end)
    #expect(outcomes.total == end)
    #expect(try reader.integers("SELECT COUNT(*) FROM posts") == [end])
    #expect(try reader.integers("SELECT stored FROM kafka_partitions") == [end])
    #expect(try reader.integers("SELECT next_offset FROM kafka_partitions") == [end])
  }

  @Test func aRejectedMessageIsKeptWhole() throws {
    let bytes: [[UInt8]?] = [nil, [], [0], [0xFF, 0x00, 0x61], Array("{\"likes\": -1}".utf8)]
    var messages: [(Int64, IncomingMessage.Content)] = []
    for (key, value) in bytes.flatMap({ key in bytes.map { (key, $0) } }) {
      messages.append(
        (
          Int64(messages.count) * 10,
          .rejected(Rejection(field: "likes", problem: "out of range"), key: key, value: value)
        ))
    }
    let result = try writer.apply([PartitionStretch(50, messages)], now: now)
    #expect(result.outcomes[.rejected] == 25)
    let table = "FROM rejected_messages ORDER BY id"
    let keys = bytes.flatMap { key in bytes.map { _ in key } }
    #expect(try reader.bytes("SELECT key \(table)") == keys)
    #expect(try reader.bytes("SELECT value \(table)") == bytes.flatMap { _ in bytes })
    #expect(try reader.integers("SELECT \"offset\" \(table)") == Array(50..<75))
    #expect(try reader.integers("SELECT record_ms \(table)") == (0..<25).map { $0 * 10 })
    #expect(
      try reader.strings(
        """
        SELECT DISTINCT topic || ' ' || "partition" || ' ' || field || ': ' || problem || ' ' || rejected_us
        FROM rejected_messages
        """) == ["social_media 0 likes: out of range 77"])
  }
}
