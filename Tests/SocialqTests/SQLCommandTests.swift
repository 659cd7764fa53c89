import Foundation
import TestSupport
import Testing

extension ProgramTests {
  /// Statements that somebody types.
  @Suite struct SQLCommandTests {
    @Test func aStatementReadsTheScope() async throws {
      try await onThread {
        let store = try CommandLineStore()
        let count = "SELECT SUM(posts) AS posts FROM post_facts"
        let scopes: [([String], String)] = [
          ([], "45"), (["--until", "2026-03-02"], "10"), (["--platform", "TikTok"], "15"),
          (["--viral", "--no-rollups"], "5"),
          (["--topic", "Food", "--sentiment", "positive"], "4"),
        ]
        for (flags, number) in scopes {
          let outcome = try store.run(["sql", count, "--format", "csv", "--no-header"] + flags)
          #expect(outcome.standardOutput == number + "\n", "\(flags) \(outcome.standardError)")
        }
        let bucket = """
          SELECT bucket, SUM(posts) FROM post_facts GROUP BY bucket ORDER BY bucket
          """
        let days = try store.socialq(
          "sql", bucket, "--bucket", "day", "--tz", "Asia/Kolkata", "--format", "csv", "--no-header"
        )
        #expect(days.standardOutput.hasPrefix("1772303400000000,"))
      }
    }

    @Test func aStatementComesFromStandardInput() async throws {
      try await onThread {
        let store = try CommandLineStore()
        let statement =
          "-- how many\nWITH n AS (SELECT COUNT(*) AS c FROM scoped_posts)\nSELECT c FROM n;\n"
        for words in [["sql"], ["sql", "-"]] {
          let outcome = try store.run(words + ["--format", "csv"], standardInput: statement)
          #expect(outcome.standardOutput == "c\n45\n", "\(outcome.standardError)")
        }
      }
    }

    /// Numbers line up as numbers; what they mean nobody has said, so that none is grouped.
    @Test func columnsOfNumbersAreSeenAsSuch() async throws {
      try await onThread {
        let store = try CommandLineStore()
        let session = try store.terminal([
          "sql",
          "SELECT NULL AS n, 'a' AS t, 1772323200000000 AS created_us, 'x' AS m UNION ALL SELECT 5, 'b', 7, 1",
        ])
        #expect(session.output.contains("│ n │ t │       created_us │ m │"))
        #expect(session.output.contains("│   │ a │ 1772323200000000 │ x │"))
        #expect(session.output.contains("│ 5 │ b │                7 │ 1 │"))
      }
    }

    /// A table of the store by its bare name would be read whole, whatever the filters.
    @Test(arguments: [
      "SELECT COUNT(*) FROM posts", "SELECT 1 FROM scoped_posts JOIN \"Posts\" ON 1",
      "SELECT SUM(posts) FROM rollup_base_day", "SELECT name FROM sqlite_master",
    ])
    func whatNoFilterNarrowsIsNotReadByAccident(_ statement: String) async throws {
      try await onThread {
        let store = try CommandLineStore()
        let outcome = try store.socialq("sql", statement)
        #expect(outcome.status == 64 && outcome.standardOutput.isEmpty)
        #expect(outcome.standardError.contains("scoped_posts"), "\(outcome.standardError)")
        let own = try store.socialq(
          "sql", "-- mine\nWITH posts AS (SELECT 7 AS n) SELECT n FROM posts", "--format", "csv")
        #expect(own.standardOutput == "n\n7\n")
      }
    }

    /// What cannot be stopped within one step is kept small.
    @Test(arguments: [
      "SELECT length(replace(hex(zeroblob(20000000)), '0', 'abcdefgh'))",
      "SELECT hex(zeroblob(16000000)) LIKE '%' || hex(zeroblob(1000)) || '%'",
    ])
    func hugeTextIsRefused(_ statement: String) async throws {
      try await onThread {
        let store = try CommandLineStore()
        let outcome = try store.socialq("sql", statement, "--timeout", "1s")
        #expect(outcome.status == 1, "\(outcome)")
        #expect(outcome.standardOutput.isEmpty)
        // What a function does not make is NULL.
        let none = try store.socialq(
          "sql", "SELECT printf('%.*c', 900000000, 'x') AS x", "--format", "csv", "--null", "-")
        #expect(none.standardOutput == "x\n-\n")
      }
    }

    @Test func aStatementOnStandardInputIsWholeText() async throws {
      try await onThread {
        let store = try CommandLineStore()
        let cut = try store.socialq(
          "sql", standardInput: "SELECT 1 FROM post_facts\0 WHERE topic = 'Food'")
        #expect(cut.status == 64 && cut.standardError.contains("not text"))
        let long = try store.socialq(
          "sql", standardInput: "SELECT 1" + String(repeating: " ", count: 1_000_001))
        #expect(long.status == 64 && long.standardError.contains("longer than"))
        let closed = try Program(
          executable: URL(fileURLWithPath: "/bin/bash"),
          ["-c", "\"$0\" sql - <&-", TestFiles.products.appendingPathComponent("socialq").path],
          environment: ["SOCIALQ_DB": store.path]
        ).wait()
        #expect(closed.status == 1 && closed.standardError.contains("standard input"), "\(closed)")
      }
    }

    @Test(arguments: [
      ("DELETE FROM posts", 1, "not allowed"), ("PRAGMA user_version = 3", 1, "not allowed"),
      ("ATTACH 'other.db' AS o", 1, "not allowed"), ("SELECT * FROM nowhere", 1, "nowhere"),
      ("SELECT 1; SELECT 2", 1, "more than one"),
      ("SELECT load_extension('x')", 1, "not authorized"),
      ("SELECT :limit", 64, ":limit"), ("SELECT ?", 64, "?"), ("", 64, "no statement"),
      (" \n", 64, "no statement"), ("/* nothing */", 1, "no statement"),
    ])
    func onlyASelectIsRun(_ statement: String, _ status: Int32, _ hint: String) async throws {
      try await onThread {
        let store = try CommandLineStore()
        let outcome = try store.socialq("sql", statement)
        #expect(outcome.status == status && outcome.standardOutput.isEmpty)
        #expect(outcome.standardError.contains(hint), "\(outcome.standardError)")
        #expect(
          try store.socialq("sql", "SELECT COUNT(*) AS n FROM main.posts", "--format", "csv")
            .standardOutput == "n\n45\n")
      }
    }

    @Test func timeIsLimited() async throws {
      try await onThread {
        let store = try CommandLineStore()
        let endless =
          "WITH RECURSIVE n(i) AS (VALUES (1) UNION ALL SELECT i + 1 FROM n) SELECT MAX(i) FROM n"
        let outcome = try store.socialq("sql", endless, "--timeout", "300ms")
        #expect(outcome.status == 1 && outcome.standardError.contains("--timeout"))
      }
    }
  }
}
