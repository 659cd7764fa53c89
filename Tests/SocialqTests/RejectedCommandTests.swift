import Foundation
import PostStore
import Posts
import StoreFixtures
import TestSupport
import Testing

extension ProgramTests {
  /// `socialq rejected` on messages that are meant to do harm.
  @Suite struct RejectedCommandTests {
    private let hostile: [UInt8] = Array("a\\\u{1B}[31m\u{202E}\0\n".utf8) + [0xFF]

    private func store() throws -> CommandLineStore {
      let store = try CommandLineStore([])
      var post: [UInt8] = []
      PostEncoder().encode(.sample("good"), into: &post)
      let reason = Rejection(field: "likes", problem: "missing")
      _ = try StoreWriter(path: store.path).apply(
        [
          PartitionStretch(
            0,
            [
              (1_764_000_000_000, .rejected(reason, key: nil, value: hostile)),
              (-1, .rejected(.tombstoneWithoutKey, key: [], value: nil)),
              (3, .rejected(reason, key: Array("good".utf8), value: post)),
            ])
        ], now: Timestamp(microseconds: 1_764_000_001_000_000))
      return store
    }

    @Test func theyAreListed() async throws {
      try await onThread {
        let store = try store()
        let list = try store.socialq("rejected", "list", "--format", "csv")
        #expect(list.status == 0 && list.standardError.isEmpty)
        let lines = list.standardOutput.split(separator: "\n")
        #expect(lines.first == "id,part,offset,recorded,reason,bytes,rejected")
        #expect(
          lines.last
            == "1,social_media[0],0,2025-11-24T16:00:00Z,likes: missing,\(hostile.count),2025-11-24T16:00:01Z"
        )
        #expect(lines.count == 4)
        let some = try store.socialq("rejected", "list", "--reason", "likes", "--limit", "1")
        #expect(some.standardOutput.split(separator: "\n").count == 3)
        #expect(some.standardError == "(2 in all; --limit 2 shows them)\n")
        #expect(try store.socialq("rejected", "list", "--limit", "0").status == 64)
      }
    }

    @Test func theirBytesAreShownWithoutHarm() async throws {
      try await onThread {
        let store = try store()
        let shown = try store.socialq("rejected", "show", "1")
        #expect(shown.status == 0)
        #expect(shown.standardOutput.utf8.allSatisfy { $0 == 0x0A || (0x20...0x7E).contains($0) })
        #expect(
          shown.standardOutput.contains(
            #"value     a\\\x1b[31m\xe2\x80\xae\x00\x0a\xff"#), "\(shown.standardOutput)")
        #expect(shown.standardOutput.contains("key       (none)"))
        let empty = try store.socialq("rejected", "show", "2").standardOutput
        #expect(empty.contains("key       (empty)") && empty.contains("value     (none)"))

        let product = TestFiles.products.appendingPathComponent("socialq").path
        let raw = try store.tool(
          ["bash", "-c", "\"$0\" rejected show 1 --raw | od -An -v -tx1 | tr -d ' \\n'", product],
          ["SOCIALQ_DB": store.path])
        let digits = hostile.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }
        #expect(raw == digits.joined())
        let terminal = try store.terminal(["rejected", "show", "1", "--raw"])
        #expect(terminal.status == 64 && !terminal.output.contains("\u{1B}[31m"))
        let none = try store.socialq("rejected", "show", "9")
        #expect(none.status == 1 && none.standardError.contains("rejected list"))
      }
    }

    @Test func whatIsAPostByNowIsStored() async throws {
      try await onThread {
        let store = try store()
        let replay = try store.socialq("rejected", "replay")
        #expect(replay.status == 0)
        #expect(replay.standardOutput == "1 stored, 2 still rejected\n")
        #expect(
          try store.socialq("kpis", "--format", "csv").standardOutput.contains("\n1,10,"))
        #expect(
          try store.socialq("rejected", "replay").standardOutput == "0 stored, 2 still rejected\n")
        #expect(try store.socialq("rejected", "replay", "3").status == 1)
        #expect(try store.socialq("doctor").status == 0)
        #expect(
          try store.socialq("rejected", "list", "--format", "ndjson").standardOutput
            .contains("JSON: "))
      }
    }
  }
}
