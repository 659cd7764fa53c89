import Foundation
import GRDB
import Posts
import StoreFixtures
import TestSupport
import Testing

@testable import PostStore

/// Accounts that lie packed: nothing that is written is read back as anything else, whatever came and went,
/// and stores that kept them as rows are brought up to date.
@Suite struct PackedAccountsTests {
  private let folder: TemporaryDirectory
  private let path: String

  init() throws {
    folder = try TemporaryDirectory()
    path = folder.path("store.db")
  }

  @Test func rowsAreReadBackAsTheyWereWritten() {
    var random = SplitMix64(seed: 5)
    for width in [1, 2, 10] {
      for count in [0, 1, 2, 300] {
        var rows = PackedRows(width: width)
        let keys = (0..<count).map { _ in Int64.random(in: 0...100_000, using: &random) }.sorted()
        for key in keys {
          let others = (1..<width).map { _ in
            [0, 1, 127, 128, Int64.random(in: 0...(1 << 40), using: &random), .max, .min, -1]
              .randomElement(using: &random) ?? 0
          }
          rows.append([key] + others)
        }
        let bytes = rows.bytes
        #expect(bytes.withUnsafeBytes { PackedRows($0, width: width) } == rows)
        let columns = [width - 1, 0, width - 1]
        var reader = PackedReader(width: width, columns: columns)
        for _ in 0..<2 {
          #expect(bytes.withUnsafeBytes { reader.read($0) } && reader.count == count)
          let expected = stride(from: 0, to: rows.values.count, by: width).flatMap { place in
            columns.map { rows.values[place + $0] }
          }
          #expect(reader.values == expected)
        }
      }
    }
  }

  /// Whatever is cut off or changed, nothing is read beyond the value, and nothing crashes.
  @Test func aDamagedValueIsNoneOrOther() {
    var rows = PackedRows(width: 3)
    for number in 0..<40 as Range<Int64> { rows.append([number * 3, number * 1000, 7]) }
    let bytes = rows.bytes
    for count in 0..<bytes.count {
      #expect(bytes.prefix(count).withUnsafeBytes { PackedRows($0, width: 3) } == nil)
    }
    var random = SplitMix64(seed: 9)
    for _ in 0..<20_000 {
      var damaged = bytes
      for _ in 0..<Int.random(in: 1...3, using: &random) {
        damaged[Int.random(in: damaged.indices, using: &random)] = .random(
          in: 0...255, using: &random)
      }
      let read = damaged.withUnsafeBytes { PackedRows($0, width: 3) }
      #expect(read.map { $0.count <= damaged.count } ?? true)
    }
  }

  @Test func changesAreAddedAsToADictionary() {
    var random = SplitMix64(seed: 3)
    var rows = PackedRows(width: 4)
    var expected: [[Int64]: [Int64]] = [:]
    for _ in 0..<200 {
      var changed: [[Int64]: [Int64]] = [:]
      for _ in 0..<Int.random(in: 0...20, using: &random) {
        let key = [Int64.random(in: 0...9, using: &random), .random(in: 0...3, using: &random)]
        let posts = expected[key].map { -$0[0] } ?? 0
        changed[key] = [
          random.happens(0.3) && posts != 0 ? posts : Int64.random(in: 1...3, using: &random),
          .random(in: -50...50, using: &random),
        ]
      }
      var changes = PackedRows(width: 4)
      for (key, sums) in changed.sorted(by: { $0.key.lexicographicallyPrecedes($1.key) }) {
        changes.append(key + sums)
        let before = expected[key] ?? [0, 0]
        let after = [before[0] + sums[0], before[1] + sums[1]]
        expected[key] = after[0] == 0 ? nil : after
      }
      rows.add(changes, keyCount: 2)
      let sorted = expected.sorted { $0.key.lexicographicallyPrecedes($1.key) }
      #expect(rows.values == sorted.flatMap { $0.key + $0.value })
    }
  }

  private func posts() throws -> [Post] {
    let start = try Timestamp(iso8601: "2026-03-01T22:00:00Z").microseconds
    return (0..<400).map { index in
      .sample(ExactString("p\(index)")) { post in
        post.timestamp = Timestamp(microseconds: start + Int64(index) * 600_000_000)
        post.userID = ExactString("u\(index * index % 29)")
        post.followers = Int64(index % 5)
        post.platform = index % 3 == 0 ? "Twitter" : "Reddit"
      }
    }
  }

  @Test func aValueThatCannotBeReadIsToldAndMadeAnew() throws {
    let writer = try StoreWriter(path: path)
    try writer.store(try posts())
    try DatabaseQueue(path: path).write {
      try $0.execute(sql: "UPDATE rollup_account_day SET accounts = x'05ff' WHERE is_viral = 0")
    }
    let reader = try StoreReader(path: path)
    #expect { _ = try reader.verifyRollups() } throws: { error in
      "\(error)".contains("rollups rebuild")
    }
    try writer.rebuildRollups()
    #expect(try reader.verifyRollups().differences == [])
  }

  @Test func aGroupThatIsThereTwiceIsFound() throws {
    let writer = try StoreWriter(path: path)
    try writer.store(try posts())
    try DatabaseQueue(path: path).write { db in
      let cell = try #require(
        try Row.fetchOne(db, sql: "SELECT start_s, platform, accounts FROM rollup_account_day"))
      let bytes: Data = cell["accounts"]
      var rows = try #require(bytes.withUnsafeBytes { PackedRows($0, width: 10) })
      rows.append(Array(rows.values.suffix(10)))
      try db.execute(
        sql: "UPDATE rollup_account_day SET accounts = ? WHERE start_s = ? AND platform = ?",
        arguments: [Data(rows.bytes), cell["start_s"] as Int64, cell["platform"] as Int64])
    }
    #expect(try StoreReader(path: path).verifyRollups().differenceCount > 0)
  }

  @Test func aGroupThatDiffersIsFound() throws {
    let writer = try StoreWriter(path: path)
    try writer.store(try posts())
    let reader = try StoreReader(path: path)
    #expect(try reader.verifyRollups().differences == [])
    try DatabaseQueue(path: path).write {
      try $0.execute(sql: "UPDATE posts SET followers = 6 WHERE post_id = 'p7'")
    }
    let tables = try reader.verifyRollups().differences.map(\.table)
    #expect(
      tables.sorted() == [
        "rollup_account_day", "rollup_account_day", "rollup_account_hour", "rollup_account_hour",
        "rollup_account_total_day", "rollup_account_total_day",
      ])
  }

  /// A store from before account totals whose accounts are damaged is refused, or brought up to date, and no trap.
  @Test func damagedAccountsAreNoTrapForTheirTotals() throws {
    var huge = PackedRows(width: 10)
    huge.append([1, 1, 0, 0, .max, 1, .max, .max, .max, .max])
    for (bytes, isRefused) in [([0xFF], true), (huge.bytes, false)] as [([UInt8], Bool)] {
      let path = "\(self.path)-\(isRefused)"
      try StoreWriter(path: path).store(
        try posts() + [.sample("viral") { $0.isViral = true }, .sample("not")])
      try DatabaseQueue(path: path).write { db in
        try db.execute(
          sql: """
            DROP TABLE rollup_account_total_day;
            DELETE FROM schema_migrations WHERE name >= '0012';
            """)
        try db.execute(
          sql: "UPDATE rollup_account_day SET accounts = ?, start_s = start_s + 4611686018427388",
          arguments: [Data(bytes)])
      }
      if isRefused {
        let error = #expect(throws: StoreError.self) { _ = try StoreWriter(path: path) }
        #expect(error?.code == .corrupt)
      } else {
        _ = try StoreWriter(path: path)
        #expect(
          try StoreReader(path: path).integers("SELECT COUNT(*) > 0 FROM rollup_account_total_day")
            == [1])
      }
    }
  }

  /// A store of the earlier kind, of which a day was pruned: its day is kept, its hours are not claimed.
  @Test func rowsOfAnEarlierStoreArePacked() throws {
    var writer: StoreWriter? = try StoreWriter(path: path)
    try writer?.store(try posts())
    var before: [String: [[Int64]]] = [:]
    for rollup in Rollup.allCases {
      for level in rollup.levels where rollup.isPacked(level) {
        before[rollup.table(level)] = try StoreReader(path: path).packed(rollup, level)
      }
    }
    try DatabaseQueue(path: path).write { db in try db.keepRows() }
    let day = try Timestamp(iso8601: "2026-03-02T00:00:00Z")
    // Only the rows tell of the first day now.
    try DatabaseQueue(path: path).write { db in
      try db.execute(
        sql: """
          DELETE FROM posts WHERE created_us < \(day.microseconds);
          UPDATE rollup_state SET pruned_us = \(day.microseconds);
          """)
    }
    writer = try StoreWriter(path: path)
    let reader = try StoreReader(path: path)
    #expect(try reader.verifyRollups().differences == [])
    #expect(
      try reader.integers("SELECT COUNT(*) FROM sqlite_schema WHERE name LIKE '%_rows'") == [0])
    for rollup in Rollup.allCases where rollup != .account {
      for level in rollup.levels where rollup.isPacked(level) {
        #expect(try reader.packed(rollup, level) == before[rollup.table(level)])
      }
    }
    let first = "FROM rollup_account_hour WHERE start_s < \(day.microseconds / 1_000_000)"
    #expect(try reader.integers("SELECT COUNT(*) \(first)") == [0])
    #expect(try reader.read { try RollupState($0).accountHoursFrom } == day)
    let packed = try reader.read { db in
      try Data.fetchAll(
        db,
        sql:
          "SELECT accounts FROM rollup_account_day WHERE start_s < \(day.microseconds / 1_000_000)")
    }
    let counts = packed.compactMap { $0.withUnsafeBytes { PackedRows($0, width: 10) } }.map {
      rows in
      stride(from: 5, to: rows.values.count, by: 10).reduce(0) { $0 + rows.values[$1] }
    }
    #expect(counts.reduce(0, +) == 12)
    _ = writer
  }
}

extension StoreReader {
  /// All groups of a level of a rollup, each after what its cell is known by.
  fileprivate func packed(_ rollup: Rollup, _ level: Rollup.Level) throws -> [[Int64]] {
    try read { db in
      let columns = rollup.cellColumns.joined(separator: ", ")
      let cells = try Row.fetchAll(
        db,
        sql:
          "SELECT \(columns), \(rollup.packedColumn) FROM \(rollup.table(level)) ORDER BY \(columns)"
      )
      return try cells.flatMap { cell in
        let bytes: Data = cell[rollup.packedColumn]
        let rows = try #require(bytes.withUnsafeBytes { PackedRows($0, width: rollup.packedWidth) })
        let place: [Int64] = rollup.cellColumns.map { cell[$0] }
        return stride(from: 0, to: rows.values.count, by: rows.width).map {
          place + rows.values[$0..<$0 + rows.width]
        }
      }
    }
  }
}

extension Database {
  /// Makes a store what it was before rollups lay packed: accounts by the day, and no hours of them.
  func keepRows() throws {
    let made = Migration.all.first { $0.name.hasPrefix("0002") }?.sql ?? ""
    for rollup in Rollup.allCases {
      for level in rollup.levels where rollup.isPacked(level) {
        let name = rollup.table(level)
        try execute(sql: "DROP TABLE \(name)")
        guard let start = made.range(of: "CREATE TABLE \(name) (") else { continue }
        let end = made[start.lowerBound...].firstIndex(of: ";") ?? made.endIndex
        try execute(sql: String(made[start.lowerBound..<end]))
        try execute(sql: "INSERT INTO \(name) \(rollup.recomputation(level, where: "1 = 1"))")
      }
    }
    try execute(
      sql: """
        ALTER TABLE rollup_state DROP COLUMN account_hours_from_us;
        ALTER TABLE kafka_partitions DROP COLUMN last_offset;
        ALTER TABLE kafka_partitions DROP COLUMN last_ms;
        ALTER TABLE kafka_partitions DROP COLUMN last_digest;
        DELETE FROM schema_migrations WHERE name >= '0008';
        """)
  }
}
