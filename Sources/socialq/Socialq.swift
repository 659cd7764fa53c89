import ArgumentParser
import Dashboard
import Foundation
import Interchange
import NamedQueries
import PostStore
import Rendering
import Signals
import StandardStreams

/// The command that answers named queries.
///
/// Built-in subcommands are few; every other name is a query, whose own options come from the header of
/// its file.
@main
struct Socialq: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "socialq",
    abstract: "Answers questions about the posts in a store.",
    discussion: """
      socialq QUERY answers the named query QUERY; 'socialq list' shows all of them, and \
      'socialq QUERY --help' what one takes.

      Examples:
        socialq kpis
        socialq top-hashtags --since 1h
        socialq likes-over-time --since 7d --bucket day --chart
        socialq top-influencers --excel --output influencers.csv
        socialq watch kpis --every 2s
        socialq sql 'SELECT topic, SUM(posts) FROM post_facts GROUP BY topic' --since 24h

      Status: 0 answered, 1 failed, 2 found something ('check', 'doctor', 'rollups verify'), 64 a mistake in the \
      command, 130 stopped by Ctrl-C.

      --generate-completion-script bash|zsh|fish and --generate-manual print what script/install puts \
      in place.

      Environment:
      \(Variable.help)
      """,
    version: programVersion,
    subcommands: [
      ListCommand.self, QueryCommand.self, CheckCommand.self, WatchCommand.self, SQLCommand.self,
      ExplainCommand.self, ExportCommand.self, ImportCommand.self, RollupsCommand.self,
      ServeCommand.self, StatusCommand.self, DoctorCommand.self, BackupCommand.self,
      RejectedCommand.self,
    ],
    defaultSubcommand: QueryCommand.self)

  static func main() {
    StandardStreams.secure()
    let arguments = words(Array(CommandLine.arguments.dropFirst()))
    if arguments.isEmpty {
      exit(reporting: { try writeOut(helpMessage(columns: nil) + "\n") })
    }
    if let text = setupText(arguments) {
      exit(reporting: { try writeOut(try text()) })
    }
    if let name = queryAskedForHelp(arguments) {
      exit(reporting: { try QueryHelp.show(name, arguments: arguments) })
    }
    do {
      var command = try parseAsRoot(arguments)
      exit(reporting: { try command.run() })
    } catch {
      exit(withError: error)
    }
  }

  /// The words of a command line as they are meant: a statement may begin with a comment, which is no
  /// option, and `help NAME` may be about a query.
  private static func words(_ arguments: [String]) -> [String] {
    if arguments.first == "sql" {
      return arguments.map { word in
        word.hasPrefix("--") && word.contains(where: \.isWhitespace) && !word.contains("=")
          || word.hasPrefix("-- ") ? " " + word : word
      }
    }
    if arguments.count == 2, arguments[0] == "help", !arguments[1].hasPrefix("-"),
      !commandNames.contains(arguments[1])
    {
      return [arguments[1], "--help"]
    }
    return arguments
  }

  /// What is printed for a shell or for `man`, if they are what the command line is about.
  private static func setupText(_ arguments: [String]) -> (() throws -> String)? {
    switch arguments.first {
    case CompletionScript.request:
      guard arguments.count > 1, let shell = CompletionScript(rawValue: arguments[1]) else {
        return nil
      }
      return { try shell.reply(to: Array(arguments.dropFirst(2))) }
    case "--generate-completion-script":
      guard arguments.count > 1, let shell = CompletionScript(rawValue: arguments[1]) else {
        let shells = CompletionScript.allCases.map(\.rawValue).joined(separator: ", ")
        return { throw QueryError(.usage, "--generate-completion-script takes one of \(shells)") }
      }
      return { shell.text }
    case "--generate-manual": return { try ManualPage.text() }
    default: return nil
    }
  }

  /// The name of the query that `QUERY --help` asks about. The argument parser itself could only tell
  /// what all queries have in common.
  private static func queryAskedForHelp(_ arguments: [String]) -> String? {
    guard arguments.contains("--help") || arguments.contains("-h") else { return nil }
    var words = arguments[...]
    // Those that take a query and its options: `check QUERY --help` asks about the query.
    if let first = words.first, ["query", "check", "explain"].contains(first) {
      words.removeFirst()
    }
    guard let name = words.first, !name.hasPrefix("-"),
      words.count < arguments.count || !commandNames.contains(name)
    else { return nil }
    return name
  }

  /// The names of commands, which no query can have.
  static let commandNames = Set(
    configuration.subcommands.compactMap { $0.configuration.commandName } + ["help"])

  /// Ends the process with the status that the outcome of `body` stands for: 0 fine, 1 failed, 64 a
  /// mistake in the command. A reader that went away is nobody's failure.
  private static func exit(reporting body: () throws -> Void) -> Never {
    do {
      try body()
      Foundation.exit(EXIT_SUCCESS)
    } catch  where StopSignal.isReceived {
      // As a shell reports a program that a signal has ended.
      Foundation.exit(128 + (StopSignal.number ?? 0))
    } catch OutputError.readerGone {
      Foundation.exit(EXIT_SUCCESS)
    } catch let error as QueryError {
      complain(error)
      switch error.code {
      case .usage, .unknownQuery: Foundation.exit(64)
      case .queryFile, .timeout, .failed: Foundation.exit(EXIT_FAILURE)
      }
    } catch let error as StoreError {
      complain(error)
      Foundation.exit(EXIT_FAILURE)
    } catch let error as OutputError {
      complain(error)
      Foundation.exit(EXIT_FAILURE)
    } catch let error as InterchangeError {
      complain(error)
      Foundation.exit(EXIT_FAILURE)
    } catch let error as DashboardError {
      complain(error)
      Foundation.exit(EXIT_FAILURE)
    } catch {
      exit(withError: error)
    }
  }

  /// Says on standard error what went wrong.
  static func complain(_ error: any Error) {
    StandardError.say("socialq: \(TerminalText.visible("\(error)"))")
  }
}
