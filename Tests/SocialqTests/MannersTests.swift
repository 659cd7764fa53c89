import Foundation
import TestSupport
import Testing

extension ProgramTests {
  /// How the program behaves among others.
  @Suite struct MannersTests {
    private static let endless = """
      WITH RECURSIVE n(i) AS (VALUES (1) UNION ALL SELECT i + 1 FROM n) SELECT i FROM n
      """

    @Test(arguments: ["csv", "ndjson", "tsv"])
    func aReaderThatHasEnoughEndsIt(_ format: String) async throws {
      try await onThread {
        let store = try CommandLineStore()
        let socialq = TestFiles.products.appendingPathComponent("socialq").path
        let outcome = try Program(
          executable: URL(fileURLWithPath: "/bin/bash"),
          [
            "-c",
            "\"$0\" sql \"$1\" --format \(format) --timeout 60 | head -n 2; exit ${PIPESTATUS[0]}",
            socialq, MannersTests.endless,
          ], environment: ["SOCIALQ_DB": store.path]
        ).wait(timeout: .seconds(60))
        #expect(outcome.status == 0 && outcome.standardError.isEmpty, "\(outcome.standardError)")
        #expect(outcome.standardOutput.split(separator: "\n").count == 2)
      }
    }

    @Test func ctrlCCancelsTheQuery() async throws {
      try await onThread {
        let store = try CommandLineStore()
        let session = try store.terminal(
          ["sql", "SELECT MAX(i) FROM (\(MannersTests.endless))", "--timeout", "90"],
          steps: [["caught", "SIGINT"], ["send", "\u{3}"]])
        #expect(session.status == 130 && session.isRestored)
        // What the terminal itself shows of the key.
        #expect(session.output == "^C")
      }
    }

    /// A request to stop is heard, too, while a slow reader holds the answer up.
    @Test func aBlockedWriteIsGivenUp() async throws {
      try await onThread {
        let store = try CommandLineStore()
        let socialq = TestFiles.products.appendingPathComponent("socialq").path
        // The reader takes nothing for so long that only a write that is given up ends before it.
        let script = """
          "$0" sql "$1" --format csv --timeout 90 > >(sleep 15) & pid=$!
          sleep 2; kill -TERM $pid; wait $pid; echo "$? $((SECONDS < 12))"
          """
        let outcome = try Program(
          executable: URL(fileURLWithPath: "/bin/bash"),
          ["-c", script, socialq, MannersTests.endless],
          environment: ["SOCIALQ_DB": store.path]
        ).wait(timeout: .seconds(60))
        #expect(outcome.standardOutput == "143 1\n", "\(outcome)")
      }
    }

    /// A job in the background of a script is not for the keys of its terminal; a terminal that is
    /// closed ends what ran on it.
    @Test func ignoredSignalsStayIgnoredAndAHangupEndsIt() async throws {
      try await onThread {
        let store = try CommandLineStore()
        let socialq = TestFiles.products.appendingPathComponent("socialq").path
        let script = """
          cd "$1"
          env --default-signal=HUP "$0" watch kpis --changes --every 1s > out & pid=$!
          for _ in $(seq 100); do [ -s out ] && break; sleep 0.1; done
          kill -INT $pid; sleep 0.5; kill -0 $pid && echo lives
          kill -HUP $pid; (sleep 20; kill -KILL $pid) 2> /dev/null & wait $pid; echo $?
          """
        let outcome = try Program(
          executable: URL(fileURLWithPath: "/bin/bash"),
          ["-c", script, socialq, store.folder.path],
          environment: ["SOCIALQ_DB": store.path, "SOCIALQ_FORMAT": ""]
        ).wait(timeout: .seconds(60))
        #expect(outcome.standardOutput == "lives\n129\n", "\(outcome)")
      }
    }

    @Test func anOutputThatTakesNothingIsAFailure() async throws {
      try await onThread {
        let store = try CommandLineStore()
        let socialq = TestFiles.products.appendingPathComponent("socialq").path
        for words in [
          "kpis", "explain kpis", "kpis --help", "list", "--generate-manual",
          "--generate-completion-script bash", "export", "rollups prune --keep 1d --dry-run", "",
        ] {
          let outcome = try Program(
            executable: URL(fileURLWithPath: "/bin/bash"),
            ["-c", "\"$0\" \(words) > /dev/full", socialq],
            environment: ["SOCIALQ_DB": store.path]
          ).wait()
          #expect(outcome.status == 1, "\(words)")
          #expect(outcome.standardError.contains("No space left"), "\(words)")
        }
      }
    }

    @Test func dataAndTalkAreApart() async throws {
      try await onThread {
        let store = try CommandLineStore()
        let none = try store.socialq(
          "top-topics", "--until", "2020-01-01", "--format", "csv")
        #expect(
          none.status == 0
            && none.standardOutput == "topic,posts,likes,comments,shares,avg_engagement_rate\n")
        #expect(none.standardError == "(no rows)\n")
        let wrong = try store.socialq("top-topics", "--limit", "none")
        #expect(wrong.status == 64 && wrong.standardOutput.isEmpty && !wrong.standardError.isEmpty)
        let piped = try store.socialq("top-topics")
        #expect(piped.standardOutput.utf8.allSatisfy { $0 < 0x80 && $0 != 0x1B })
      }
    }

    /// A bound for a debug build; what a user waits is a small part of it. Time on a processor is
    /// counted, since that does not depend on what else the machine does.
    @Test func itAnswersSoon() async throws {
      try await onThread {
        let store = try CommandLineStore()
        let socialq = TestFiles.products.appendingPathComponent("socialq").path
        let script = "TIMEFORMAT='%U %S'; time \"$0\" kpis --db \"$1\" > /dev/null"
        let durations = try (0..<3).map { _ in
          let outcome = try Program(
            executable: URL(fileURLWithPath: "/bin/bash"), ["-c", script, socialq, store.path]
          ).wait()
          #expect(outcome.status == 0)
          return outcome.standardError.split(separator: " ").compactMap {
            Double($0.trimmingCharacters(in: .whitespacesAndNewlines))
          }.reduce(0, +)
        }
        let fastest = try #require(durations.min())
        #expect(fastest > 0 && fastest < 0.5)
      }
    }
  }
}
