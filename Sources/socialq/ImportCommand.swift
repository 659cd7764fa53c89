import ArgumentParser
import Foundation
import Interchange
import PostStore
import Posts
import Rendering
import Signals
import StandardStreams

/// Takes posts from a file into the store.
struct ImportCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "import",
    abstract: "Take posts from NDJSON or CSV into the store.",
    discussion: """
      A line of NDJSON is a message as the topic has it. CSV has the columns of the original \
      'social_posts' by name, in any order, as PostgreSQL's '\\copy social_posts to … csv header' writes \
      them. Both may be compressed with gzip or zstd. Posts are held to the rules for messages, so that \
      a line can be rejected; all others are stored, and the status is 1. To import a file again \
      changes nothing, and a later version that came from Kafka stands. Where reading from Kafka goes \
      on is not touched.

      Examples:
        socialq import social_posts.csv.gz
        zcat archive/*.gz | socialq import - --format ndjson
      """)

  @Argument(
    help: ArgumentHelp("The file; - is standard input.", valueName: "file"), completion: .file())
  var file: String

  @Option(
    help: ArgumentHelp(
      "The form. Default: what the name or else the content says.", valueName: "format"))
  var format: PostFormat?

  @OptionGroup var store: StoreOption

  /// So many rejected lines are told one by one.
  private static let shownLimit = 20

  func run() throws {
    StopSignal.install()
    let source = try FileSource(path: file, isStopped: isStopped)
    var reader: PostReader
    do {
      reader = try PostReader(source, format: format ?? PostFormat(path: file))
    } catch {
      throw InterchangeError("\(name): \(error)")
    }
    let importer = PostImporter(
      writer: try StoreWriter(path: store.path), now: { Timestamp.now })
    var progress = TerminalProgress()
    var rejected = 0
    var reached = 0
    let summary: PostImporter.Summary
    do {
      summary = try importer.run(
        &reader, shouldStop: { StopSignal.isReceived },
        progress: {
          reached = $0.line
          progress.show("\(reached) lines read")
        },
        rejected: { rejection, line in
          rejected += 1
          guard rejected <= Self.shownLimit else { return }
          progress.clear()
          StandardError.say("\(name):\(line): \(TerminalText.visible("\(rejection)"))")
        })
    } catch let error as InterchangeError {
      progress.clear()
      guard !isStopped() else {
        StandardError.say(
          "socialq: stopped while waiting for \(name); what came before is stored, up to line \(reached)"
        )
        throw OutputError.interrupted
      }
      throw InterchangeError(
        "\(name): \(error); what came before is stored, up to line \(reached)")
    }
    progress.clear()
    if rejected > Self.shownLimit {
      StandardError.say("… and \(rejected - Self.shownLimit) more lines rejected")
    }
    StandardError.say(text(of: summary))
    guard !isStopped() else {
      StandardError.say(
        "socialq: stopped after line \(summary.line) of \(name): import it again to go on")
      throw OutputError.interrupted
    }
    if summary.rejected > 0 { throw ExitCode.failure }
  }

  private var name: String { file == "-" ? "standard input" : file }

  private func text(of summary: PostImporter.Summary) -> String {
    var counts: [(Int64, String)] = Outcome.allCases.map { (summary.outcomes[$0], "\($0)") }
    counts.append((summary.rejected, "rejected"))
    let shown = counts.filter { $0.0 > 0 || $0.1 == "stored" }
    return shown.map { "\($0.0) \($0.1)" }.joined(separator: ", ")
  }
}
