import Foundation
import PostStore
import Posts
import StoreFixtures
import TestSupport
import Testing

extension ProgramTests {
  /// `socialq status` on stores whose state is known.
  @Suite struct StatusTests {
    private struct Line: Decodable {
      let measure: String
      let part: String?
      let value: Value?
      let at: String?

      enum Value: Decodable, Equatable {
        case number(Int64)
        case text(String)

        init(from decoder: any Decoder) throws {
          let container = try decoder.singleValueContainer()
          if let number = try? container.decode(Int64.self) {
            self = .number(number)
          } else {
            self = .text(try container.decode(String.self))
          }
        }
      }
    }

    private func lines(_ store: CommandLineStore, _ words: String...) throws -> [Line] {
      let outcome = try store.run(["status", "--format", "json"] + words)
      #expect(outcome.status == 0 && outcome.standardError.isEmpty, "\(outcome)")
      return try JSONDecoder().decode([Line].self, from: Data(outcome.standardOutput.utf8))
    }

    @Test func itTellsWhatTheStoreHoldsAndHowFarItHasRead() async throws {
      try await onThread {
        let store = try CommandLineStore()
        let writer = try StoreWriter(path: store.path)
        var stretch = PartitionStretch(
          0,
          [
            (5, .post(.sample("late") { $0.timestamp = Timestamp(microseconds: 1_000_000) })),
            (
              6,
              .rejected(
                Rejection(field: "likes", problem: "missing", offset: 3), key: nil, value: nil)
            ),
            (7, .rejected(.tombstoneWithoutKey, key: nil, value: nil)),
            (8, .rejected(Rejection(field: "likes", problem: "missing"), key: nil, value: nil)),
          ], of: PartitionID(topic: "other", partition: 3))
        stretch.logEnd = 104
        _ = try writer.apply([stretch], now: Timestamp(microseconds: 1_780_000_000_000_000))

        let lines = try lines(store)
        func values(_ measure: String) -> [Line.Value?] {
          lines.filter { $0.measure == measure }.map(\.value)
        }
        func times(_ measure: String) -> [String?] {
          lines.filter { $0.measure == measure }.map(\.at)
        }
        #expect(values("store") == [.text(store.path)])
        #expect(values("posts") == [.number(46)])
        #expect(times("oldest post") == ["1970-01-01T00:00:01Z"])
        #expect(times("newest post") == ["2026-03-03T22:00:00Z"])
        #expect(times("last commit") == ["2026-05-28T20:26:40Z"])
        #expect(times("pruned before").isEmpty)
        let size = try FileManager.default.attributesOfItem(atPath: store.path)[.size] as? Int64
        #expect(values("file size") == [try .number(#require(size))])
        let log = try FileManager.default.attributesOfItem(atPath: store.path + "-wal")[.size]
        #expect(values("log size") == [try .number(#require(log as? Int64))])
        // The first partition's end was never told.
        #expect(
          lines.filter { $0.measure == "lag" }.map(\.part) == ["other[3]", "social_media[0]"])
        #expect(values("lag") == [.number(100), nil])
        #expect(
          lines.filter { $0.measure == "rejected" }.map(\.part)
            == ["likes: missing", "tombstone without key: names no post to delete"])
        #expect(values("rejected") == [.number(2), .number(1)])
        let schema = try #require(Migration.all.last?.name)
        let sqlite = try store.tool(["sqlite3", "--version"]).prefix { $0 != " " }
        let version = try store.socialq("--version").standardOutput
          .trimmingCharacters(in: .whitespacesAndNewlines)
        #expect(
          values("version") == [.text(version), .text(schema), .text(String(sqlite))])
      }
    }

    @Test func itTellsWhatWasPruned() async throws {
      try await onThread {
        let store = try CommandLineStore()
        #expect(try store.socialq("rollups", "prune", "--keep", "2026-03-02").status == 0)
        let lines = try lines(store, "--tz", "Europe/Paris")
        #expect(
          lines.filter { $0.measure == "pruned before" }.map(\.at) == ["2026-03-02T01:00:00+01:00"])
        #expect(lines.first { $0.measure == "posts" }?.value == .number(35))
      }
    }

    @Test func anEmptyStoreAndOneThatIsNotThere() async throws {
      try await onThread {
        let store = try CommandLineStore([])
        let lines = try lines(store)
        #expect(lines.first { $0.measure == "posts" }?.value == .number(0))
        #expect(lines.first { $0.measure == "newest post" }?.at == nil)
        let none = try store.socialq("status", "--db", store.folder.path("none.db"))
        #expect(none.status == 1 && none.standardOutput.isEmpty)
        #expect(none.standardError.contains("there is no store at"))
      }
    }
  }
}
