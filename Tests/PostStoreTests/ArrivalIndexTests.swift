import GRDB
import Posts
import StoreFixtures
import TestSupport
import Testing

@testable import PostStore

@Suite struct ArrivalIndexTests {
  private let folder: TemporaryDirectory
  private let path: String

  init() throws {
    folder = try TemporaryDirectory()
    path = folder.path("store.db")
  }

  private func hashes(_ count: Int, seed: UInt64) -> [PostIDHash] {
    var random = SplitMix64(seed: seed)
    return (0..<count).map { _ in PostIDHash(ExactString(String(random.next(), radix: 36))) }
  }

  @Test func aFilterHoldsWhatItWasGivenAndLittleElse() throws {
    var filter = PostIDFilter()
    let held = hashes(Int(ArrivalIndex.stretchLength), seed: 1)
    for hash in held { filter.insert(hash) }
    #expect(held.allSatisfy(filter.mayHold))
    let others = hashes(50_000, seed: 2)
    #expect(others.count(where: filter.mayHold) < others.count / 300)

    let copy = try #require(filter.bytes.withUnsafeBytes { PostIDFilter($0) })
    #expect(copy.bytes == filter.bytes)
    #expect(held.prefix(1000).allSatisfy(copy.mayHold))
    let empty = try #require(PostIDFilter(UnsafeRawBufferPointer(start: nil, count: 0)))
    #expect(!others.contains(where: empty.mayHold))
    #expect([UInt8](repeating: 0, count: 31).withUnsafeBytes { PostIDFilter($0) } == nil)
  }

  /// Filters side by side say what each says alone, however many come and go.
  @Test func filtersTogetherAreEachAlone() {
    var random = SplitMix64(seed: 3)
    var alone: [PostIDFilter] = []
    var together = PostIDFilters()
    for step in 0..<20 {
      var filter = PostIDFilter()
      for hash in hashes(2000, seed: UInt64(step)) { filter.insert(hash) }
      alone.append(filter)
      together.append(filter)
      if step % 7 == 6 {
        alone.removeLast(2)
        together.removeLast(2)
      }
      #expect(together.count == alone.count)
      for hash in hashes(50, seed: .random(in: 0...UInt64(step), using: &random)) {
        for end in 0...alone.count {
          #expect(
            together.last(before: end, thatMayHold: hash)
              == alone[..<end].lastIndex { $0.mayHold(hash) })
        }
      }
    }
  }

  @Test func theHashOfATextNeverChanges() {
    // Of the first version; filters of stores were made with it.
    let known: [(ExactString, UInt64)] = [
      ("a", 0xe5a0_6cb6_f964_e188), ("p1", 0x373f_a86a_21aa_d82b),
      ("3c7f138f-a0c", 0x0d05_fccc_82a9_f980), ("Zähler\0", 0xaa97_79c1_2e48_5b7b),
      ("0123456789abcdef0123456789abcdef", 0x3025_ee34_3a42_f3bc),
    ]
    for (text, hash) in known { #expect(PostIDHash(text).value == hash, "\(text)") }
    #expect(PostIDHash("a").value != PostIDHash("a\0").value)
  }

  private func post(_ number: Int, likes: Int64 = 1) -> Post {
    .sample(ExactString("p\(number)")) { $0.likes = likes }
  }

  /// Moves the ids of all posts up, so that the next ones are in another stretch.
  private func shift(by distance: Int64) throws {
    try otherConnection(path).write { db in
      try db.execute(sql: "UPDATE posts SET id = -id - \(distance)")
      try db.execute(sql: "UPDATE posts SET id = -id")
    }
  }

  private func apply(_ posts: [Post], to writer: StoreWriter, at time: Int64) throws
    -> OutcomeCounts
  {
    try writer.apply(posts.map { ($0, time) }, now: Timestamp(microseconds: 0))
  }

  /// Six posts in three stretches, the last two posts in the one that is not full.
  private func storeOfThreeStretches() throws -> StoreWriter {
    let writer = try StoreWriter(path: path)
    _ = try apply((0..<4).map { post($0) }, to: writer, at: 5)
    let length = ArrivalIndex.stretchLength
    try otherConnection(path).write { db in
      for (name, id) in [("p3", 2 * length - 1), ("p2", length)] {
        try db.execute(
          sql: "UPDATE posts SET id = ? WHERE post_id = ?", arguments: [id, name])
      }
    }
    _ = try apply([post(4), post(5)], to: writer, at: 5)
    return writer
  }

  private func stretches() throws -> [Int64] {
    try StoreReader(path: path).integers("SELECT id >> 18 FROM posts ORDER BY post_id")
  }

  @Test func aPostIsFoundInWhateverStretchItIs() throws {
    var writer = try storeOfThreeStretches()
    let stretches = try stretches()
    #expect(Set(stretches).count == 3)
    for again in 0..<2 {
      let time = Int64(6 + again)
      let duplicates = try apply(
        (0..<6).map { post($0, likes: Int64(again + 1)) }, to: writer, at: 5)
      #expect(duplicates[again == 0 ? .duplicate : .stale] == 6)
      let updated = try apply(
        (0..<6).map { post($0, likes: Int64(again + 2)) }, to: writer, at: time)
      #expect(updated[.updated] == 6)
      // The filters are in the store now.
      writer = try StoreWriter(path: path)
    }
    #expect(try self.stretches() == stretches)
    let reader = try StoreReader(path: path)
    #expect(try reader.integers("SELECT likes FROM posts") == [3, 3, 3, 3, 3, 3])
    #expect(try reader.verifyRollups().differenceCount == 0)
  }

  @Test func anotherWriterFillsAStretchMeanwhile() throws {
    let first = try StoreWriter(path: path)
    _ = try apply([post(0)], to: first, at: 5)
    try shift(by: ArrivalIndex.stretchLength - 3)
    let second = try StoreWriter(path: path)
    _ = try apply((1..<5).map { post($0) }, to: second, at: 5)
    #expect(try apply((0..<6).map { post($0) }, to: first, at: 5)[.duplicate] == 5)
    #expect(try apply((0..<6).map { post($0) }, to: second, at: 5)[.duplicate] == 6)
    #expect(try stretches() == [0, 0, 1, 1, 1, 1])
  }

  @Test func aRollbackTakesFiltersBack() throws {
    let writer = try StoreWriter(path: path)
    _ = try apply([post(0)], to: writer, at: 5)
    try shift(by: ArrivalIndex.stretchLength - 3)
    let other = try otherConnection(path)
    try other.write {
      try $0.execute(
        sql: """
          CREATE TRIGGER refuse BEFORE INSERT ON posts WHEN NEW.post_id = 'p4'
          BEGIN SELECT RAISE(ABORT, 'refused'); END
          """)
    }
    #expect(throws: StoreError.self) {
      _ = try apply((1..<5).map { post($0) }, to: writer, at: 5)
    }
    try other.write { try $0.execute(sql: "DROP TRIGGER refuse") }
    // Not the posts that the filter was made of at first.
    #expect(try apply((5..<9).map { post($0) }, to: writer, at: 5)[.stored] == 4)
    #expect(try apply((0..<9).map { post($0) }, to: writer, at: 5)[.duplicate] == 5)
    let reader = try StoreReader(path: path)
    #expect(try reader.integers("SELECT COUNT(*) FROM posts") == [9])
    // Whoever opens the store next counts its filters from the first stretch on.
    #expect(try reader.integers("SELECT stretch FROM post_filters") == [0])
  }

  @Test func aFullStretchGetsNoPostAgainWhenTheNewestGo() throws {
    let writer = try StoreWriter(path: path)
    _ = try apply([post(0)], to: writer, at: 5)
    try shift(by: ArrivalIndex.stretchLength - 3)
    _ = try apply((1..<4).map { post($0) }, to: writer, at: 5)
    for number in [1, 2, 3] {
      let tombstone = IncomingMessage.Content.tombstone(postID: ExactString("p\(number)"))
      _ = try writer.apply(
        [PartitionStretch(Int64(number), [(6, tombstone)])], now: Timestamp(microseconds: 0))
    }
    _ = try apply([post(7)], to: writer, at: 7)
    #expect(try stretches() == [0, 1])
    #expect(try apply([post(7)], to: writer, at: 7)[.duplicate] == 1)
    #expect(try apply([post(2)], to: writer, at: 5)[.stale] == 1)
    #expect(try apply([post(2)], to: writer, at: 7)[.stored] == 1)
  }

  @Test func aFilledStoreWithTheEarlierIndexIsBroughtUp() throws {
    _ = try storeOfThreeStretches()
    try otherConnection(path).write { db in
      try db.keepRows()
      try db.execute(
        sql: """
          DROP INDEX posts_by_arrival;
          DROP TABLE post_filters;
          DELETE FROM sqlite_stat1;
          CREATE UNIQUE INDEX posts_by_post_id ON posts (post_id);
          DELETE FROM schema_migrations WHERE name >= '0007';
          """)
    }
    let writer = try StoreWriter(path: path)
    #expect(try apply((0..<7).map { post($0) }, to: writer, at: 5)[.duplicate] == 6)
    #expect(try StoreReader(path: path).integers("SELECT stretch FROM post_filters") == [0, 1])
  }

  @Test func onePostIsLookedUpInTheIndex() throws {
    let writer = try storeOfThreeStretches()
    let sql = "EXPLAIN QUERY PLAN SELECT * FROM posts WHERE post_id = 'p1'"
    let plans = [
      try writer.read { try Row.fetchAll($0, sql: sql) },
      try StoreReader(path: path).read { try Row.fetchAll($0, sql: sql) },
    ]
    for plan in plans {
      #expect(plan.map { $0["detail"] as String }.contains { $0.contains("posts_by_arrival") })
    }
  }

  @Test func aFilterThatIsNoneIsCorruption() throws {
    _ = try StoreWriter(path: path)
    try otherConnection(path).write {
      try $0.execute(sql: "INSERT INTO post_filters (stretch, bits) VALUES (0, x'0102')")
    }
    let writer = try StoreWriter(path: path)
    let error = #expect(throws: StoreError.self) { _ = try apply([post(1)], to: writer, at: 5) }
    #expect(error?.code == .corrupt)
  }
}
