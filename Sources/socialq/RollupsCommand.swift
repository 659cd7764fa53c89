import ArgumentParser
import Foundation
import NamedQueries
import PostStore
import Posts
import Rendering
import Signals
import StandardStreams

/// Looks after the rollups of a store.
struct RollupsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "rollups",
    abstract: "Verify or rebuild the rollups, or prune the posts that they sum up.",
    discussion: """
      Example:
        socialq rollups verify
      """,
    subcommands: [VerifyCommand.self, RebuildCommand.self, PruneCommand.self])

  /// Recomputes the rollups from the posts and compares.
  struct VerifyCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "verify",
      abstract: "Recompute the rollups from the posts; report what differs and end with status 2.",
      discussion: """
        Example:
          socialq rollups verify --db posts.db
        """)

    @OptionGroup var store: StoreOption

    func run() throws {
      var progress = TerminalProgress()
      let verification = try StoreReader(path: store.path).verifyRollups { day in
        progress.show("verifying \(day.iso8601())")
      }
      progress.clear()
      for difference in verification.differences { try writeOut("\(difference)\n") }
      if verification.differenceCount > verification.differences.count { try writeOut("…\n") }
      var summary =
        "\(verification.rows) rows of \(verification.days) days compared, "
        + "\(verification.differenceCount) differ"
      if let from = verification.comparedFrom {
        summary += "; days before \(from.iso8601()) have no posts left to compare with"
      }
      StandardError.say(summary)
      if !verification.differences.isEmpty { throw ExitCode(2) }
    }
  }

  /// Makes the rollups anew.
  struct RebuildCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "rebuild",
      abstract: "Make the rollups anew from the posts, while others read and write.",
      discussion: """
        A rebuilding that was cut short goes on where it stopped.

        Example:
          socialq rollups rebuild --since 7d
        """)

    @OptionGroup var store: StoreOption

    @Option(help: ArgumentHelp("The first day; default: all.", valueName: "time"))
    var since: String?

    @Option(help: ArgumentHelp("The day after the last; default: all.", valueName: "time"))
    var until: String?

    func run() throws {
      StopSignal.install()
      let writer = try store.writer()
      let window = try Window(since: since, until: until, now: .now, zone: .utc)
      var progress = TerminalProgress()
      var days = 0
      try writer.rebuildRollups(
        since: window.since, until: until == nil ? nil : window.until
      ) { day in
        days += 1
        progress.show("rebuilt \(day.iso8601())")
        return !isStopped()
      }
      progress.clear()
      if isStopped() {
        StandardError.say("stopped; 'socialq rollups rebuild' goes on with the other days")
        throw OutputError.interrupted
      }
      StandardError.say(days == 1 ? "1 day rebuilt" : "\(days) days rebuilt")
    }
  }

  /// Deletes old posts.
  struct PruneCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "prune",
      abstract: "Delete old posts; the rollups go on counting them.",
      discussion: """
        Whole days of UTC are deleted. Windows that whole buckets of the rollups cover are answered as \
        before; others say from when posts are missing. A later version of a deleted post is dropped.

        Example:
          socialq rollups prune --keep 30d --dry-run
        """)

    @OptionGroup var store: StoreOption

    @Option(help: ArgumentHelp("How far back posts are kept: 24h, 30d, 4w.", valueName: "time"))
    var keep: String

    @Flag(help: "Only say what would be deleted.")
    var dryRun = false

    func run() throws {
      let now = Timestamp.now
      let horizon = try Window.instant(keep, option: "--keep", from: now, now: now, zone: .utc)
        .startOfDayUTC
      StopSignal.install()
      let writer = try store.writer()
      let count = try writer.postCount(before: horizon)
      guard !dryRun else {
        try writeOut("\(count) posts before \(horizon.iso8601()) would be deleted\n")
        return
      }
      var progress = TerminalProgress()
      let deleted = try writer.prune(before: horizon) { deleted in
        progress.show("deleted \(deleted) of \(count) posts")
        return !isStopped()
      }
      progress.clear()
      if isStopped() {
        StandardError.say("stopped after \(deleted) posts; to prune again goes on")
        throw OutputError.interrupted
      }
      try writeOut("\(deleted) posts before \(horizon.iso8601()) deleted\n")
    }
  }
}

/// Which store.
struct StoreOption: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "The store. Default: $SOCIALQ_DB, else socialq/socialq.db in the user's data folder.",
      valueName: "file"))
  var db: String?

  var path: String { db ?? StoreLocation.path(environment: ProcessInfo.processInfo.environment) }

  /// Opens a store that is there, and brings it up to date. Only a reader refuses a path without one; a
  /// writer would make it.
  func writer() throws -> StoreWriter {
    do {
      _ = try StoreReader(path: path)
    } catch let error where error.code == .older {}
    return try StoreWriter(path: path)
  }
}

/// A line of progress on standard error, if that is a terminal.
struct TerminalProgress {
  private var line = ProgressLine()

  mutating func show(_ text: String) { if line.isTerminal { line.show(text) } }

  mutating func clear() { line.clear() }
}
