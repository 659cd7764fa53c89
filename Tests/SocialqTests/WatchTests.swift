import Foundation
import PostStore
import Posts
import StoreFixtures
import TestSupport
import Testing

extension ProgramTests {
  /// `socialq watch`, on a terminal and in a pipe.
  @Suite struct WatchTests {
    private static let takeScreen = "\u{1B}[?1049h"
    private static let giveBack = "\u{1B}[?25h\u{1B}[?1049l"

    @Test func qGivesTheTerminalBack() async throws {
      try await onThread {
        let store = try CommandLineStore()
        let session = try store.terminal(
          ["watch", "posts-by-platform", "--every", "200ms"],
          steps: [["expect", "YouTube"], ["send", "xq"]])
        #expect(session.status == 0 && session.isRestored)
        #expect(session.output.hasPrefix(WatchTests.takeScreen))
        #expect(session.output.hasSuffix(WatchTests.giveBack))
        #expect(session.output.contains("every 200ms"))
      }
    }

    /// Also while a query runs that takes for ever.
    @Test(arguments: [("\u{3}", 130), ("q", 0)] as [(String, Int32)])
    func aRunningQueryIsCancelled(_ key: String, _ status: Int32) async throws {
      try await onThread {
        let store = try CommandLineStore()
        try store.addQuery(
          "slow-later",
          """
          -- title: Slow later
          -- help: Answers at once while the store has its first version.
          -- column: n count
          WITH RECURSIVE n(i) AS (
            VALUES (1) UNION ALL
            SELECT i + 1 FROM n WHERE (SELECT version FROM store_version) > 1 OR i < 7777
          )
          SELECT MAX(i) AS n FROM n
          """)
        let session = try store.terminal(
          ["watch", "slow-later", "--every", "200ms", "--timeout", "90"],
          steps: [
            ["expect", "7,777"],
            ["run", "sqlite3", store.path, "UPDATE store_version SET version = version + 1"],
            ["pause", "0.5"], ["send", key],
          ])
        #expect(session.status == status && session.isRestored)
        #expect(session.output.hasSuffix(WatchTests.giveBack))
      }
    }

    @Test func aNewSizeIsFilled() async throws {
      try await onThread {
        let store = try CommandLineStore()
        let session = try store.terminal(
          ["watch", "top-topics", "--chart", "--color", "never", "--every", "1h"], size: "40x12",
          steps: [
            ["expect", "Travel"], ["pause", "0.3"], ["resize", "100x30"], ["expect", "shares"],
            ["pause", "0.3"], ["send", "q"],
          ])
        #expect(session.status == 0 && session.isRestored)
        let frames = session.output.components(separatedBy: "\u{1B}[?2026h").dropFirst()
        #expect(frames.count == 2)
        let widest = frames.map { frame in
          frame.split(whereSeparator: \.isNewline).filter { $0.contains("█") }
            .map { $0.drop { $0 != "K" }.dropFirst().prefix { $0 != "\u{1B}" && $0 != "\r" }.count }
            .max()
        }
        #expect(widest == [40, 100])
      }
    }

    @Test func anAnswerThatIsTooLongSaysSo() async throws {
      try await onThread {
        let store = try CommandLineStore()
        let session = try store.terminal(
          ["watch", "recent-posts", "--limit", "30", "--every", "1h"], size: "200x10",
          steps: [["expect", "lines more"], ["send", "q"]])
        // Ten lines, of which the last counts the others of 2 + 34.
        #expect(session.output.contains("(27 lines more)"))
        #expect(session.output.filter { $0 == "\r\n" }.count == 9)
      }
    }

    @Test func onlyRowsThatAreNewOrChangedAreWritten() async throws {
      try await onThread {
        let store = try CommandLineStore()
        let program = try store.start(
          "watch", "posts-by-platform", "--changes", "--every", "100ms", "--format", "csv")
        let first =
          "platform,posts,share_pct\nTikTok,15,33.33\nTwitter,15,33.33\nYouTube,15,33.33\n"
        try waitUntil("the first answer") { program.standardOutput == first }
        let writer = try StoreWriter(path: store.path)
        // A version of a post that counts the same changes the store, and no row.
        try writer.store([.sample("post 0") { $0.platform = "Twitter" }])
        Thread.sleep(forTimeInterval: 0.5)
        #expect(program.standardOutput == first)
        try writer.store([.sample("post 0") { $0.platform = "Mastodon" }])
        try waitUntil("the changes") { program.standardOutput.contains("Twitter,14") }
        program.send(signal: SIGINT)
        let outcome = try program.wait()
        #expect(outcome.status == 130 && outcome.standardError.isEmpty)
        #expect(outcome.standardOutput == first + "Twitter,14,31.11\nMastodon,1,2.22\n")
      }
    }

    /// A window that counts back from now moves though the store does not change.
    @Test func aWindowMovesWithTheClock() async throws {
      try await onThread {
        let now = Int64(Date().timeIntervalSince1970 * 1_000_000)
        let store = try CommandLineStore([
          .sample { $0.timestamp = Timestamp(microseconds: now - 56_000_000) }
        ])
        let program = try store.start(
          "watch", "kpis", "--since", "1m", "--changes", "--every", "100ms")
        try waitUntil("the post") { program.standardOutput.contains("\n1\t") }
        try waitUntil("the post goes") { program.standardOutput.contains("\n0\t") }
      }
    }

    @Test(arguments: [
      ([], "--changes"), (["--changes", "--format", "table"], "ndjson"),
      (["--changes", "--output", "x"], "--output"), (["--changes", "--chart"], "--chart"),
      (["--every", "1ms"], "100ms"), (["--every", "soon"], "--every"),
    ])
    func flagsThatMakeNoSenseAreToldApart(_ flags: [String], _ hint: String) async throws {
      try await onThread {
        let store = try CommandLineStore()
        let outcome = try store.run(["watch", "kpis"] + flags)
        #expect(outcome.status == 64 && outcome.standardOutput.isEmpty)
        #expect(outcome.standardError.contains(hint), "\(outcome.standardError)")
      }
    }

    /// What is wrong from the start is told on the terminal as it was.
    @Test func theScreenIsNotTakenForAMistake() async throws {
      try await onThread {
        let store = try CommandLineStore()
        let session = try store.terminal(["watch", "kpi"])
        #expect(session.status == 64 && session.isRestored)
        #expect(session.output.contains("did you mean kpis"))
        #expect(!session.output.contains("\u{1B}"))
      }
    }
  }
}
