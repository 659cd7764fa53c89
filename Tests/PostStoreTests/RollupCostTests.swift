import Foundation
import GRDB
import Posts
import StoreFixtures
import SyntheticPosts
import TestSupport
import Testing

@testable import PostStore

/// What each rollup table costs, which `script/bench rollups` asks for.
///
/// The posts come at 231 a minute, as ten million in thirty days do, in order of time.
@Suite(.enabled(if: ProcessInfo.processInfo.environment["SOCIALQ_MEASURE_POSTS"] != nil))
struct RollupCostTests {
  @Test func ofEachTable() throws {
    let environment = ProcessInfo.processInfo.environment
    let count = try #require(environment["SOCIALQ_MEASURE_POSTS"].flatMap { UInt64($0) })
    let folder = try TemporaryDirectory()
    let writer = try StoreWriter(path: folder.path("store.db"))
    let start = try Timestamp(iso8601: "2026-11-01T00:00:00Z").microseconds
    let generator = PostGenerator(seed: 1)
    let batch: UInt64 = 20_000
    var times: [String: Duration] = [:]
    var counting = Duration.zero
    let clock = ContinuousClock()
    for first in stride(from: 0, to: count, by: Int(batch)) {
      try writer.write { db in
        let connection = try #require(db.sqliteConnection)
        let encoding = try PostEncoding(connection: connection, path: "")
        let posts = try (first..<min(count, first + batch)).map { sequence in
          let time = Timestamp(microseconds: start + Int64(sequence) * 60_000_000 / 231)
          return try encoding.encode(generator.post(sequence, at: time))
        }
        var deltas = RollupDeltas()
        counting += clock.measure {
          for post in posts { deltas.count(post.row, hashtags: post.hashtags, sign: 1) }
        }
        for table in try RollupTables(connection: connection, path: "").tables {
          times[table.rollup.table(table.level), default: .zero] += try clock.measure {
            try table.apply(deltas)
          }
        }
      }
    }
    func perPost(_ time: Duration) -> String {
      String(format: "%.2f", time / .microseconds(1) / Double(count))
    }
    let sizes = try otherConnection(folder.path("store.db")).read { db in
      try Row.fetchAll(
        db,
        sql: """
          SELECT name, SUM(pgsize) AS bytes FROM dbstat
          WHERE name LIKE 'rollup%\\_%' ESCAPE '\\' AND name <> 'rollup_state' GROUP BY name
          """
      ).map { row in
        let name: String = row["name"]
        let rows = try Int.fetchOne(db, sql: "SELECT COUNT(*) FROM \(name)") ?? 0
        return (name: name, rows: rows, bytes: row["bytes"] as Int)
      }
    }
    #expect(sizes.count == times.count)
    let scale = 1_000_000 / Double(count)
    print("| rollup table | rows | MB | µs a post |\n|---|---:|---:|---:|")
    for (name, rows, bytes) in sizes {
      print(
        "| `\(name)` | \(Int(Double(rows) * scale)) | \(String(format: "%.1f", Double(bytes) * scale / 1e6)) | \(perPost(times[name] ?? .zero)) |"
      )
    }
    print(
      "| all | \(Int(Double(sizes.map(\.rows).reduce(0, +)) * scale)) | "
        + "\(String(format: "%.1f", Double(sizes.map(\.bytes).reduce(0, +)) * scale / 1e6)) | "
        + "\(perPost(times.values.reduce(counting, +))) |")
    print("gathering the changes of all tables: \(perPost(counting)) µs a post, part of the sum")
  }
}
