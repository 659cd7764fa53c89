import ArgumentParser
import Foundation
import NamedQueries
import PostStore
import Posts
import Rendering
import StandardStreams

/// Looks after the messages that are no posts.
struct RejectedCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "rejected",
    abstract: "List, show or try again the messages that were no posts.",
    discussion: """
      social-consumer --rejected-keep says how many of them are kept.

      Example:
        socialq rejected list --reason likes
      """,
    subcommands: [ListCommand.self, ShowCommand.self, ReplayCommand.self])

  /// Lists them.
  struct ListCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "list",
      abstract: "List the rejected messages that are kept, the latest first.",
      discussion: """
        Examples:
          socialq rejected list
          socialq rejected list --reason 'likes: missing' --limit 1000 --format csv
        """)

    @Option(help: ArgumentHelp("Only those whose reason has these words.", valueName: "text"))
    var reason: String?

    @Option(help: ArgumentHelp("How many at most.", valueName: "count"))
    var limit = 50

    @OptionGroup var store: StoreOption
    @OptionGroup(title: "Output") var output: OutputOptions

    func validate() throws {
      guard limit > 0 else { throw ValidationError("--limit is a number from 1 on.") }
    }

    func run() throws {
      let (shown, count) = try StoreReader(path: store.path)
        .rejectedMessages(reason: reason, limit: limit)
      let answer = try output.answer(zone: .utc, of: "rejected list", groupsThousands: false)
      try answer.begin([
        Column(name: "id", kind: .count), Column(name: "part", kind: .text),
        Column(name: "offset", kind: .count), Column(name: "recorded", kind: .time),
        Column(name: "reason", kind: .text), Column(name: "bytes", kind: .count),
        Column(name: "rejected", kind: .time),
      ])
      for message in shown {
        try answer.row([
          .integer(message.id), .text("\(message.partition)"), .integer(message.offset),
          .integer(message.recorded.microseconds), .text(message.reason), .integer(message.size),
          .integer(message.rejected.microseconds),
        ])
      }
      _ = try answer.finish()
      if count > shown.count {
        StandardError.say("(\(count) in all; --limit \(count) shows them)")
      }
    }
  }

  /// Shows one.
  struct ShowCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "show",
      abstract: "Show a rejected message with its bytes.",
      discussion: """
        What is not a printable character of ASCII is written \\xHH, a backslash \\\\. --raw writes the \
        bytes of the value as they came, to a file or a pipe.

        Examples:
          socialq rejected show 17
          socialq rejected show 17 --raw | jq .
        """)

    @Argument(help: ArgumentHelp("The message's id, as 'list' shows it.", valueName: "id"))
    var id: Int64

    @Flag(help: "Write the bytes of the value, and nothing else.")
    var raw = false

    @OptionGroup var store: StoreOption

    func run() throws {
      let (message, key, value) = try StoreReader(path: store.path).rejectedMessage(id)
      let sink = FileDescriptorSink(isStopped: isStopped)
      if raw {
        guard isatty(STDOUT_FILENO) == 0 else {
          throw QueryError(
            .usage, "--raw does not write to a terminal, which the bytes may steer: add '| cat -v'")
        }
        try sink.write(value ?? [])
        return try sink.flush()
      }
      let lines = [
        "id        \(message.id)", "message   offset \(message.offset) of \(message.partition)",
        "recorded  \(message.recorded.iso8601())", "rejected  \(message.rejected.iso8601())",
        "reason    \(message.reason)", "key       \(Self.described(key))",
        "value     \(Self.described(value))",
      ]
      // A reason and a topic are of ASCII, too, but nothing here says so.
      try sink.write(
        Array(lines.map { TerminalText.visible($0) + "\n" }.joined().utf8))
      try sink.flush()
    }

    private static func described(_ bytes: [UInt8]?) -> String {
      guard let bytes else { return "(none)" }
      return bytes.isEmpty ? "(empty)" : escaped(bytes)
    }

    private static func escaped(_ bytes: [UInt8]) -> String {
      var text = ""
      for byte in bytes {
        switch byte {
        case UInt8(ascii: "\\"): text += "\\\\"
        case 0x20...0x7E: text.unicodeScalars.append(Unicode.Scalar(byte))
        default: text += "\\x" + (byte < 16 ? "0" : "") + String(byte, radix: 16)
        }
      }
      return text
    }
  }

  /// Tries them again.
  struct ReplayCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "replay",
      abstract: "Decode rejected messages again, and store what is a post by now.",
      discussion: """
        For after an update of this program. Each message is stored as the version that it was, in the \
        transaction that takes it out of the rejected ones, so that it is there once however often \
        this is run.

        Examples:
          socialq rejected replay
          socialq rejected replay 17 18
        """)

    @Argument(help: ArgumentHelp("The messages; without any, all.", valueName: "id"))
    var ids: [Int64] = []

    @OptionGroup var store: StoreOption

    func run() throws {
      var progress = TerminalProgress()
      let outcomes = try store.writer().replayRejected(ids.isEmpty ? nil : ids, now: .now) {
        progress.show("\($0) messages tried")
      }
      progress.clear()
      let counts = Outcome.allCases.filter { $0 != .rejected }
        .filter { outcomes[$0] > 0 || $0 == .stored }.map { "\(outcomes[$0]) \($0)" }
      let all = counts + ["\(outcomes[.rejected]) still rejected"]
      try writeOut(all.joined(separator: ", ") + "\n")
    }
  }
}

extension RejectedMessage {
  /// The record time, which a producer may have made up, within what can be shown.
  fileprivate var recorded: Timestamp {
    Timestamp(microseconds: min(max(recordMilliseconds, 0), 253_402_300_799_999) * 1000)
  }
}
