import Foundation
import TestSupport
import Testing

extension ProgramTests {
  /// The flags that say how an answer is written, and where to.
  @Suite struct OutputTests {
    /// The posts of each topic, one of them without a number.
    private static let statement = """
      SELECT topic, SUM(posts) AS posts, NULLIF(topic, 'Food') AS "other" FROM post_facts
      GROUP BY topic ORDER BY topic
      """

    private static let forms: [(format: String, text: String)] = [
      (
        "table",
        """
        topic   posts  other
        ------  -----  ------
        Food       12
        Travel     33  Travel

        """
      ),
      ("csv", "topic,posts,other\nFood,12,\nTravel,33,Travel\n"),
      ("tsv", "topic\tposts\tother\nFood\t12\t\nTravel\t33\tTravel\n"),
      (
        "json",
        """
        [
        {"topic":"Food","posts":12,"other":null},
        {"topic":"Travel","posts":33,"other":"Travel"}
        ]

        """
      ),
      (
        "ndjson",
        """
        {"topic":"Food","posts":12,"other":null}
        {"topic":"Travel","posts":33,"other":"Travel"}

        """
      ),
      (
        "markdown",
        """
        | topic  | posts | other  |
        | ------ | ----: | ------ |
        | Food   |    12 |        |
        | Travel |    33 | Travel |

        """
      ),
      (
        "vertical",
        """
        topic: Food
        posts: 12
        other:\u{20}

        topic: Travel
        posts: 33
        other: Travel

        """
      ),
    ]

    @Test(arguments: forms)
    func aFormatIsNamedByTheFlagOrTheVariable(_ format: String, _ text: String) async throws {
      try await onThread {
        let store = try CommandLineStore()
        let named = try store.socialq("sql", OutputTests.statement, "--format", format)
        #expect(named.status == 0 && named.standardError.isEmpty)
        #expect(named.standardOutput == text)
        let usual = try store.socialq(
          "sql", OutputTests.statement, environment: ["SOCIALQ_FORMAT": format])
        #expect(usual.standardOutput == text)
        let file = store.folder.path("answer")
        let written = try store.socialq(
          "sql", OutputTests.statement, "--format", format, "--output", file)
        #expect(written.status == 0 && written.standardOutput.isEmpty)
        #expect(try store.content("answer") == text)
        #expect(try store.files() == ["answer"])
      }
    }

    @Test(arguments: [
      (["--format", "csv", "--no-header"], "Food,12,\nTravel,33,Travel\n"),
      (["--format", "tsv", "--no-header", "--null", "\\N"], "Food\t12\t\\N\nTravel\t33\tTravel\n"),
      (["--format", "table", "--no-header", "--null", "-"], "Food    12  -\nTravel  33  Travel\n"),
      (
        ["--format", "csv", "--null", "Travel"],
        "topic,posts,other\nFood,12,Travel\n\"Travel\",33,\"Travel\"\n"
      ),
      (
        ["--format", "csv", "--delimiter", "semicolon"],
        "topic;posts;other\nFood;12;\nTravel;33;Travel\n"
      ),
      (["--format", "csv", "--delimiter", "|"], "topic|posts|other\nFood|12|\nTravel|33|Travel\n"),
      (["--excel"], "\u{FEFF}topic,posts,other\r\nFood,12,\r\nTravel,33,Travel\r\n"),
      (
        ["--excel", "--delimiter", "tab", "--no-header"],
        "\u{FEFF}Food\t12\t\r\nTravel\t33\tTravel\r\n"
      ),
    ])
    func flagsChangeTheText(_ flags: [String], _ text: String) async throws {
      try await onThread {
        let store = try CommandLineStore()
        let outcome = try store.run(["sql", OutputTests.statement] + flags)
        #expect(outcome.status == 0, "\(outcome.standardError)")
        // By bytes: to a String a CR LF is one character, and a mark is none.
        #expect(Array(outcome.standardOutput.utf8) == Array(text.utf8))
      }
    }

    @Test(arguments: [
      (["--format", "xml"], "markdown"), (["--excel", "--format", "json"], "csv"),
      (["--delimiter", ";"], "csv"), (["--delimiter", "ab", "--format", "csv"], "semicolon"),
      (["--wide", "--format", "csv"], "table"), (["--no-header", "--format", "json"], "tsv"),
      (["--null", "x", "--format", "ndjson"], "vertical"),
      (["--chart", "--format", "csv"], "--chart"),
      (["--chart", "--excel"], "--excel"), (["--chart", "--wide"], "--wide"),
      (["--color", "sometimes"], "always"), (["--output"], "--output"),
    ])
    func flagsThatMakeNoSenseAreToldApart(_ flags: [String], _ hint: String) async throws {
      try await onThread {
        let store = try CommandLineStore()
        let outcome = try store.run(["kpis"] + flags)
        #expect(outcome.status == 64 && outcome.standardOutput.isEmpty)
        #expect(outcome.standardError.contains(hint), "\(outcome.standardError)")
        #expect(try store.files().isEmpty)
      }
    }

    /// The name of a file says its form, unless --format does.
    @Test func theNameOfTheFileSaysTheForm() async throws {
      try await onThread {
        let store = try CommandLineStore()
        for ending in ["csv", "tsv", "json", "ndjson", "md"] {
          let name = store.folder.path("out.\(ending)")
          let format = ending == "md" ? "markdown" : ending
          #expect(try store.socialq("top-topics", "--output", name).status == 0)
          #expect(
            try store.content("out.\(ending)")
              == store.socialq("top-topics", "--format", format).standardOutput, "\(ending)")
        }
        let other = store.folder.path("out.csv")
        #expect(try store.socialq("top-topics", "--output", other, "--format", "json").status == 0)
        #expect(try store.content("out.csv").hasPrefix("["))
        for name in ["out.xlsx", ""] {
          #expect(try store.socialq("top-topics", "--output", name).status == 64)
          #expect(try store.socialq("export", "--output", name).status == 64)
        }
      }
    }

    @Test func variablesStandForOptions() async throws {
      try await onThread {
        let store = try CommandLineStore()
        let help = try store.socialq("--help").standardOutput
        for name in ["SOCIALQ_DB", "SOCIALQ_TZ", "SOCIALQ_QUERIES", "SOCIALQ_FORMAT", "NO_COLOR"] {
          #expect(help.contains("\n  \(name) "), "\(name)")
        }
        func days(_ environment: [String: String], _ flags: [String] = []) throws -> String {
          try store.run(
            ["sentiment-trend", "--bucket", "day", "--format", "csv"] + flags,
            environment: environment
          ).standardOutput
        }
        #expect(try days([:]).contains("2026-03-01T00:00:00Z"))
        #expect(try days(["SOCIALQ_TZ": "Asia/Kolkata"]).contains("2026-03-01T00:00:00+05:30"))
        #expect(
          try days(["SOCIALQ_TZ": "Asia/Kolkata"], ["--tz", "UTC"]).contains("2026-03-01T00:00:00Z")
        )
        #expect(
          try store.socialq("kpis", environment: ["SOCIALQ_TZ": "Mars/Olympus"]).status == 64)
        let format = try store.socialq("kpis", environment: ["SOCIALQ_FORMAT": "xml"])
        #expect(format.status == 64 && format.standardError.contains("SOCIALQ_FORMAT"))

        #expect(try store.socialq("one").status == 64)
        try store.addQuery(
          "one", "-- title: One\n-- help: One.\n-- column: one count\nSELECT 1 AS one")
        let folders = store.folder.path + ":" + store.folder.path("queries")
        let one = try store.socialq(
          "one", "--format", "csv", environment: ["SOCIALQ_QUERIES": folders])
        #expect(one.standardOutput == "one\n1\n", "\(one.standardError)")
        #expect(try store.socialq("one", "--help").standardOutput.contains("One."))
        let missing = try store.socialq("kpis", environment: ["SOCIALQ_QUERIES": "/nowhere"])
        #expect(missing.status == 1 && missing.standardError.contains("/nowhere"))
      }
    }

    @Test func aFileIsReplacedWholeOrNotAtAll() async throws {
      try await onThread {
        let store = try CommandLineStore()
        let manager = FileManager.default
        let file = try store.folder.write("before", to: "answer.csv")
        try manager.setAttributes([.posixPermissions: 0o640], ofItemAtPath: file)
        let link = store.folder.path("link.csv")
        try manager.createSymbolicLink(atPath: link, withDestinationPath: "answer.csv")

        // A row comes before the time is up.
        let endless = """
          WITH RECURSIVE n(i) AS (VALUES (1) UNION ALL SELECT i + 1 FROM n)
          SELECT i FROM n WHERE i = 1 OR i < 0
          """
        let late = try store.socialq(
          "sql", endless, "--format", "csv", "--timeout", "200ms", "--output", link)
        #expect(late.status == 1)
        #expect(try store.content("answer.csv") == "before")
        #expect(try store.files() == ["answer.csv", "link.csv"])

        let stopped = try store.start("sql", endless, "--format", "csv", "--output", file)
        try waitUntil("the file is being written") {
          try store.files().contains { $0.hasSuffix(".partial") }
        }
        stopped.send(signal: SIGINT)
        #expect(try stopped.wait().status == 130)
        #expect(try store.content("answer.csv") == "before")
        #expect(try store.files() == ["answer.csv", "link.csv"])

        let done = try store.socialq("sql", "SELECT 1 AS a", "--format", "csv", "--output", link)
        #expect(done.status == 0)
        #expect(try store.content("answer.csv") == "a\n1\n")
        #expect(try manager.attributesOfItem(atPath: file)[.posixPermissions] as? Int == 0o640)
        #expect(try manager.destinationOfSymbolicLink(atPath: link) == "answer.csv")
        #expect(try store.files() == ["answer.csv", "link.csv"])
      }
    }

    @Test func aPlaceThatCannotBeWrittenIsNamed() async throws {
      try await onThread {
        let store = try CommandLineStore()
        for (path, reason) in [
          ("/nowhere/answer.csv", "No such file"), (store.folder.path, "directory"),
          ("/dev/full", "No space"),
        ] {
          let outcome = try store.socialq("kpis", "--output", path)
          #expect(outcome.status == 1)
          #expect(
            outcome.standardError.contains(path) && outcome.standardError.contains(reason),
            "\(outcome.standardError)")
        }
        #expect(try store.socialq("kpis", "--output", "/dev/null").status == 0)
      }
    }
  }
}
