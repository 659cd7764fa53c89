import ArgumentParser
import Foundation
import Interchange
import NamedQueries
import PostStore
import Posts
import Rendering
import Signals
import StandardStreams

/// Writes all posts of a scope.
struct ExportCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "export",
    abstract: "Write all posts, or those of a scope, as NDJSON or CSV.",
    discussion: """
      NDJSON is in the form of the topic's messages, CSV in that of PostgreSQL's \
      '\\copy social_posts to … csv header'; 'socialq import' takes both. Posts come by time. The number \
      of posts is told at the end: an export without it is incomplete, and the status then is not 0, \
      unless it was the reader that left. \
      --output leaves no incomplete file behind.

      Examples:
        socialq export --since 7d --output week.ndjson
        socialq export --platform Twitter --format csv | gzip > twitter.csv.gz
      """)

  @OptionGroup var store: StoreOption
  @OptionGroup(title: "Scope") var filter: FilterOptions

  @Option(
    help: ArgumentHelp(
      "The form. Default: what the name of --output says, else ndjson.", valueName: "format"))
  var format: PostFormat?

  @Option(
    help: ArgumentHelp(
      "The file to write, which appears when it is whole.", valueName: "file"),
    completion: .file())
  var output: String?

  func validate() throws {
    if output?.isEmpty == true { throw ValidationError("--output '' names no file.") }
    let ending = output?.split(separator: "/").last?.split(separator: ".").dropFirst().last
    if let output, format == nil, PostFormat(path: output) == nil,
      let ending, ["json", "xlsx", "xls", "ods", "tsv", "parquet"].contains(ending)
    {
      throw ValidationError(
        "--output \(output): an export is CSV or NDJSON: name it so, or say which with --format.")
    }
    if let output, [".gz", ".zst"].contains(where: output.hasSuffix) {
      throw ValidationError(
        "--output does not compress: write to standard output and pipe it through gzip or zstd.")
    }
  }

  func run() throws {
    let scope = try filter.request.scope(now: .now)
    StopSignal.install()
    let runner = QueryRunner(
      reader: try StoreReader(path: store.path), timeLimit: Self.timeLimit, isUnwanted: isStopped)
    let file = try output.map { try OutputFile($0, isStopped: isStopped) }
    var export = Export(
      sink: file ?? FileDescriptorSink(isStopped: isStopped),
      format: format ?? output.flatMap { PostFormat(path: $0) } ?? .ndjson)
    if isatty(STDERR_FILENO) == 1 { export.expected = try runner.postCount(in: scope) }
    do {
      try export.begin()
      try runner.posts(in: scope) { post in
        guard !StopSignal.isReceived else { throw QueryError(.failed, "stopped by a signal") }
        try export.write(post)
      }
      try export.finish()
      try file?.commit()
    } catch OutputError.readerGone {
      throw OutputError.readerGone
    } catch {
      export.progress.clear()
      let place = output.map { "\($0) is not written" } ?? "what was written is incomplete"
      StandardError.say("socialq: the export ended after \(export.count) posts; \(place)")
      throw error
    }
    StandardError.say("\(export.count) posts exported")
  }

  /// A hundred years in seconds: the user ends what takes too long.
  private static let timeLimit: TimeInterval = 3_155_760_000
}

/// Posts on their way out.
private struct Export {
  let sink: any ByteSink
  let format: PostFormat
  /// How many posts there are to be, if somebody watches.
  var expected: Int64?
  var count: Int64 = 0
  var progress = TerminalProgress()
  private var line: [UInt8] = []
  private var shown = ContinuousClock.now

  init(sink: any ByteSink, format: PostFormat) {
    self.sink = sink
    self.format = format
  }

  func begin() throws(OutputError) {
    if format == .csv { try sink.write(CSVPostEncoder().header) }
  }

  mutating func write(_ post: Post) throws(OutputError) {
    line.removeAll(keepingCapacity: true)
    switch format {
    case .csv:
      CSVPostEncoder().encode(post, into: &line)
    case .ndjson:
      PostEncoder().encode(post, into: &line)
      line.append(UInt8(ascii: "\n"))
    }
    try sink.write(line)
    count += 1
    if let expected, count % 512 == 0, ContinuousClock.now - shown > .milliseconds(200) {
      shown = .now
      let share = min(1, Double(count) / Double(max(1, expected)))
      let bar = String(repeating: "#", count: Int(share * 30))
        .padding(toLength: 30, withPad: "·", startingAt: 0)
      progress.show("[\(bar)] \(Int(share * 100)) %, \(count) of \(expected) posts")
    }
  }

  mutating func finish() throws(OutputError) {
    try sink.flush()
    progress.clear()
  }
}

extension PostFormat: ExpressibleByArgument {}
