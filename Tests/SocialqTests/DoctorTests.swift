import Foundation
import GRDB
import PostStore
import Posts
import StoreFixtures
import TestSupport
import Testing

extension ProgramTests {
  /// `socialq doctor` and `socialq backup` as an operator runs them.
  @Suite struct DoctorTests {
    private struct Check: Decodable {
      let check, result, meaning: String
    }

    @Test func aWholeStoreIsWell() async throws {
      try await onThread {
        let store = try CommandLineStore()
        let outcome = try store.socialq("doctor", "--format", "json")
        #expect(outcome.status == 0 && outcome.standardError.isEmpty, "\(outcome)")
        let checks = try JSONDecoder().decode(
          [Check].self, from: Data(outcome.standardOutput.utf8))
        #expect(
          checks.count == 10 && checks.allSatisfy { $0.result == "ok" && !$0.meaning.isEmpty })
        #expect(try store.socialq("doctor").standardOutput.split(separator: "\n").count == 12)
      }
    }

    @Test func aDamagedPageIsToldByDoctorAndQueries() async throws {
      try await onThread {
        let store = try CommandLineStore()
        try otherConnection(store.path).writeWithoutTransaction {
          try $0.execute(sql: "PRAGMA wal_checkpoint(TRUNCATE)")
        }
        let page = try StoreReader(path: store.path).integers(
          "SELECT rootpage FROM sqlite_schema WHERE name = 'posts'")
        let handle = try #require(FileHandle(forUpdatingAtPath: store.path))
        let start = UInt64(try #require(page.first) - 1) * 4096
        try handle.seek(toOffset: start)
        let bytes = try #require(try handle.read(upToCount: 4096))
        try handle.seek(toOffset: start)
        try handle.write(contentsOf: Data(bytes.map { ~$0 }))
        try handle.close()
        let doctor = try store.socialq("doctor", "--format", "csv")
        #expect(doctor.status == 2 && doctor.signal == nil)
        #expect(doctor.standardOutput.contains("integrity,finding,"), "\(doctor)")
        #expect(doctor.standardOutput.contains("restore a backup"))
        let query = try store.socialq("kpis", "--no-rollups")
        #expect(query.status == 1 && query.standardError.contains("'socialq doctor'"), "\(query)")
        let backup = try store.socialq("backup", store.folder.path("b.db"))
        #expect(backup.status == 1)
        #expect(try store.files() == [])
      }
    }

    @Test func whatIsNoStoreIsSaid() async throws {
      try await onThread {
        let store = try CommandLineStore()
        try store.folder.write("", to: "empty")
        try store.folder.write("text", to: "text")
        for (file, status, words) in [
          ("empty", 2, "is empty"), ("text", 2, "is not an SQLite database"),
          ("none", 1, "there is no store"), ("", 1, "is a folder"),
        ] as [(String, Int32, String)] {
          let outcome = try store.socialq("doctor", "--db", store.folder.path(file))
          #expect(outcome.status == status, "\(file)")
          #expect((outcome.standardOutput + outcome.standardError).contains(words), "\(outcome)")
        }
        try otherConnection(store.path).write {
          try $0.execute(sql: "INSERT INTO schema_migrations VALUES ('9999-later', '0', 0)")
        }
        let newer = try store.socialq("doctor", "--format", "ndjson")
        #expect(newer.status == 2)
        #expect(newer.standardOutput.contains("update this program"))
      }
    }

    @Test func aBackupIsMadeOnce() async throws {
      try await onThread {
        let store = try CommandLineStore()
        let file = store.folder.path("b.db")
        let made = try store.socialq("backup", file)
        #expect(made.status == 0 && made.standardOutput.isEmpty)
        #expect(made.standardError.hasSuffix(" bytes written to \(file) and verified\n"))
        #expect(try store.files() == ["b.db"])
        #expect(
          try store.socialq("kpis", "--format", "csv").standardOutput
            == store.socialq("kpis", "--format", "csv", "--db", file).standardOutput)
        let again = try store.socialq("backup", file)
        #expect(again.status == 1 && again.standardError.contains("--force"))
        #expect(try store.socialq("backup", file, "--force").status == 0)
        let shown = try store.terminal(["backup", file, "--force"])
        #expect(shown.status == 0 && shown.output.contains("reading it back"))
        // A reader leaves files of its own beside what it reads.
        #expect(try store.files().allSatisfy { $0.hasPrefix("b.db") })
      }
    }
  }
}
