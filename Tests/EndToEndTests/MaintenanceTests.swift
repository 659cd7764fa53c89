import Foundation
import GRDB
import PostStore
import Posts
import StoreFixtures
import TestSupport
import Testing

/// The commands that watch a store and look after it.
@Suite struct MaintenanceTests {
  /// A store with a viral post of 2026-11-20 and another post of 2026-11-24.
  private func store() throws -> TemporaryDirectory {
    let files = try TemporaryDirectory()
    let times = try ["2026-11-20T10:20:00Z", "2026-11-24T08:00:00Z"].map {
      try Timestamp(iso8601: $0)
    }
    try StoreWriter(path: files.path("store.db")).store([
      .sample("a") {
        $0.timestamp = times[0]
        $0.isViral = true
      },
      .sample("b") { $0.timestamp = times[1] },
    ])
    return files
  }

  @Test func checkTellsByItsStatusWhetherThereAreRows() async throws {
    try await onThread {
      let files = try store()
      let path = files.path("store.db")
      let found = try socialq(["check", "viral-posts", "--format", "csv"], store: path)
      #expect(found.status == 2)
      #expect(found.standardOutput.contains("a,ada,Twitter"))
      let none = try socialq(
        ["check", "viral-posts", "--since", "2026-11-21", "--until", "2026-11-25"],
        store: path)
      #expect(none.status == 0)
    }
  }

  @Test func verifyFindsARollupThatIsWrongAndRebuildMendsIt() async throws {
    try await onThread {
      let files = try store()
      let path = files.path("store.db")
      #expect(try socialq(["rollups", "verify"], store: path).status == 0)
      try otherConnection(path).write { db in
        try db.execute(sql: "UPDATE rollup_base_day SET likes = likes + 1")
        try db.execute(sql: "DELETE FROM rollup_location_day")
      }
      let wrong = try socialq(["rollups", "verify"], store: path)
      #expect(wrong.status == 2)
      #expect(wrong.standardOutput.contains("rollup_base_day"))
      #expect(wrong.standardOutput.contains("rollup_location_day"))
      #expect(wrong.standardOutput.split(separator: "\n").count == 4)
      #expect(try socialq(["rollups", "rebuild"], store: path).status == 0)
      #expect(try socialq(["rollups", "verify"], store: path).status == 0)
    }
  }

  /// Cut short after any day, a rebuilding goes on there; until it is done the rollups of the days
  /// before it are right and those after it as they were.
  @Test func aRebuildingThatWasCutShortGoesOn() async throws {
    try await onThread {
      let files = try TemporaryDirectory()
      let path = files.path("store.db")
      let day = try Timestamp(iso8601: "2026-11-20T12:00:00Z").microseconds
      let writer = try StoreWriter(path: path)
      try writer.store(
        (0..<4).map { index in
          .sample(ExactString("p\(index)")) {
            $0.timestamp = Timestamp(microseconds: day + Int64(index) * 86_400_000_000)
          }
        })
      try otherConnection(path).write {
        try $0.execute(sql: "UPDATE rollup_base_day SET likes = 7")
      }
      var days: [String] = []
      try writer.rebuildRollups { day in
        days.append(day.iso8601())
        return days.count < 2
      }
      #expect(days == ["2026-11-20T00:00:00Z", "2026-11-21T00:00:00Z"])
      let likes = "SELECT likes FROM rollup_base_day ORDER BY start_s"
      #expect(try StoreReader(path: path).integers(likes) == [10, 10, 7, 7])

      let rebuilt = try socialq(["rollups", "rebuild"], store: path)
      #expect(rebuilt.status == 0 && rebuilt.standardError.contains("2 days rebuilt"))
      #expect(try StoreReader(path: path).integers(likes) == [10, 10, 10, 10])
    }
  }

  /// What is asked for while a rebuilding is under way is done besides what was left of that.
  @Test func aRebuildingOfOtherDaysIsJoined() throws {
    let files = try TemporaryDirectory()
    let path = files.path("store.db")
    let first = try Timestamp(iso8601: "2026-11-20T00:00:00Z")
    func day(_ number: Int64) -> Timestamp {
      Timestamp(microseconds: first.microseconds + number * 86_400_000_000)
    }
    let writer = try StoreWriter(path: path)
    try writer.store(
      (0..<6).map { index in
        .sample(ExactString("p\(index)")) { $0.timestamp = day(Int64(index)) }
      })
    let likes = "SELECT likes FROM rollup_base_day ORDER BY start_s"
    let cases: [(since: Int64?, until: Int64?, result: [Int64])] = [
      (nil, nil, [10, 10, 10, 10, 10, 10]), (0, 1, [10, 7, 10, 10, 7, 7]),
      (5, nil, [7, 7, 7, 10, 10, 10]), (2, 3, [7, 7, 10, 10, 7, 7]),
      (2, 4, [7, 7, 7, 10, 7, 7]),
    ]
    for asked in cases {
      // Of the days 2 and 3 the first is done, and damaged after that.
      try writer.rebuildRollups(since: day(2), until: day(4)) { _ in false }
      try otherConnection(path).write {
        try $0.execute(sql: "UPDATE rollup_base_day SET likes = 7")
      }
      try writer.rebuildRollups(since: asked.since.map(day), until: asked.until.map(day))
      let found = try StoreReader(path: path).integers(likes)
      // Days between the two ranges are made anew, too.
      for (found, expected) in zip(found, asked.result) where expected == 10 {
        #expect(found == 10, "\(asked)")
      }
      try writer.rebuildRollups()
    }
  }

  /// Rollups of pruned days are all that is left of them.
  @Test func rebuildingAndPruningKeepOutOfEachOthersWay() throws {
    let files = try store()
    let path = files.path("store.db")
    let writer = try StoreWriter(path: path)
    let horizon = try Timestamp(iso8601: "2026-11-22T00:00:00Z")
    try writer.rebuildRollups { _ in false }
    #expect(throws: StoreError.self) { try writer.prune(before: horizon) }
    try writer.rebuildRollups()
    #expect(try writer.prune(before: horizon) == 1)
    // As a program would leave it that was cut short before the pruning.
    try otherConnection(path).write {
      try $0.execute(
        sql: """
          UPDATE rollup_state SET rebuild_since_us = 0, rebuild_next_us = 0,
            rebuild_until_us = 9000000000000000000
          """)
    }
    try writer.rebuildRollups(since: horizon)
    #expect(
      try StoreReader(path: path).integers("SELECT posts FROM rollup_base_day") == [1, 1])
  }

  @Test func pruneDeletesOnlyWhenItIsNotADryRun() async throws {
    try await onThread {
      let files = try store()
      let path = files.path("store.db")
      let keep = ["rollups", "prune", "--keep", "2026-11-22"]
      let dry = try socialq(keep + ["--dry-run"], store: path)
      #expect(dry.status == 0 && dry.standardOutput.hasPrefix("1 posts before 2026-11-22"))
      let reader = try StoreReader(path: path)
      #expect(try reader.integers("SELECT count(*) FROM posts") == [2])
      #expect(try socialq(keep, store: path).status == 0)
      #expect(try reader.integers("SELECT count(*) FROM posts") == [1])

      let day = ["kpis", "--since", "2026-11-20", "--until", "2026-11-21", "--format", "csv"]
      let whole = try socialq(day, store: path)
      #expect(whole.standardOutput.contains("\n1,10,"))
      let part = try socialq(
        ["kpis", "--since", "2026-11-20T10:05:00Z", "--until", "2026-11-21"], store: path)
      #expect(part.status == 1)
      #expect(part.standardError.contains("2026-11-22T00:00:00Z"))
      #expect(try socialq(day + ["--no-rollups"], store: path).status == 1)
    }
  }

  @Test func theExplainedStatementGivesTheAnswerInAnyShell() async throws {
    try await onThread {
      let files = try store()
      let path = files.path("store.db")
      let outcome = try socialq(
        ["explain", "posts-by-platform", "--since", "2026-11-20T10:10:00Z"], store: path)
      #expect(outcome.status == 0)
      let sections = outcome.standardOutput.components(separatedBy: "\n\n")
      #expect(sections[0].contains("rollup_base_day") && sections[0].contains("posts "))
      let sql = try #require(
        outcome.standardOutput.components(separatedBy: "\nSQL\n").last?
          .components(separatedBy: "\n;").first)
      #expect(try StoreReader(path: path).strings(sql) == ["Twitter"])
      #expect(outcome.standardOutput.contains("\nPlan\n"))
    }
  }

  @Test func aQueryFileIsACommandWithHelp() async throws {
    try await onThread {
      let files = try store()
      let queries = files.url.appendingPathComponent("queries")
      try FileManager.default.createDirectory(at: queries, withIntermediateDirectories: true)
      let file = queries.appendingPathComponent("busy-users.sql")
      let text = """
        -- title: Busy users
        -- help: Users with at least so many posts.
        -- param: min-posts integer 1..100 = 1 | how many posts
        -- column: username text
        -- column: posts count
        SELECT username, COUNT(*) AS posts FROM scoped_posts
        GROUP BY username HAVING COUNT(*) >= :min_posts ORDER BY username
        """
      try Data(text.utf8).write(to: file)
      // In `./queries` of the folder where the program runs.
      func inFolder(_ arguments: [String]) throws -> Program.Outcome {
        try Program(
          executable: URL(fileURLWithPath: "/usr/bin/env"),
          ["-C", files.url.path, TestFiles.products.appendingPathComponent("socialq").path]
            + arguments + ["--db", files.path("store.db")]
        ).wait()
      }
      let answer = try inFolder(["busy-users", "--min-posts", "2", "--format", "csv"])
      #expect(answer.standardOutput.hasSuffix("username,posts\nada,2\n"), "\(answer)")
      #expect(try inFolder(["list"]).standardOutput.contains("Busy users"))
      let help = try inFolder(["busy-users", "--help"]).standardOutput
      #expect(help.contains("Users with at least so many posts."))
      #expect(help.contains("--min-posts") && help.contains("--since"))
      let tooMany = try inFolder(["busy-users", "--min-posts", "101"])
      #expect(tooMany.status == 64 && tooMany.standardError.contains("100"))

      try Data(text.replacingOccurrences(of: ":min_posts", with: ":least").utf8).write(to: file)
      let broken = try inFolder(["busy-users"])
      #expect(broken.status == 1)
      #expect(broken.standardError.contains("busy-users.sql:7"), "\(broken.standardError)")
    }
  }
}
