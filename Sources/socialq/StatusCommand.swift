import ArgumentParser
import NamedQueries
import PostStore
import Posts
import StandardStreams

/// Tells what a store holds and how far it has read.
struct StatusCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "status",
    abstract: "Tell what the store holds, how far behind it is, and what was rejected.",
    discussion: """
      The lag of a partition is the one of its last commit. Rejected messages are counted since the \
      store was made, however many of them are kept. Sizes are in bytes.

      Examples:
        socialq status
        socialq status --format json
      """)

  @OptionGroup var store: StoreOption

  @Option(
    help: ArgumentHelp("The time zone of shown times, such as Europe/Paris.", valueName: "zone"))
  var tz = Variable.zone.value ?? "UTC"

  @OptionGroup(title: "Output") var output: OutputOptions

  func run() throws {
    let overview = try StoreReader(path: store.path).overview()
    let answer = try output.answer(
      zone: try Zone(tz), of: "status")
    try answer.begin([
      Column(name: "measure", kind: .text), Column(name: "part", kind: .text),
      Column(name: "value", kind: .text), Column(name: "at", kind: .time),
    ])
    for line in StatusLine.all(of: overview, path: store.path) {
      try answer.row([.text(line.measure), line.part, line.value, line.at])
    }
    _ = try answer.finish()
  }
}

/// One line of the answer.
private struct StatusLine {
  let measure: String
  var part: Cell = .null
  var value: Cell = .null
  var at: Cell = .null

  static func all(of overview: StoreOverview, path: String) -> [StatusLine] {
    var lines = [
      StatusLine(measure: "store", value: .text(path)),
      StatusLine(measure: "posts", value: .integer(overview.posts)),
      StatusLine(measure: "oldest post", at: time(overview.oldest)),
      StatusLine(measure: "newest post", at: time(overview.newest)),
    ]
    if let pruned = overview.prunedBefore {
      lines.append(StatusLine(measure: "pruned before", at: time(pruned)))
    }
    lines.append(StatusLine(measure: "file size", value: .integer(overview.fileBytes)))
    lines.append(StatusLine(measure: "log size", value: .integer(overview.logBytes)))
    lines.append(StatusLine(measure: "last commit", at: time(overview.lastCommit)))
    for partition in overview.partitions {
      lines.append(
        StatusLine(
          measure: "lag", part: .text("\(partition.partition)"),
          value: partition.lag.map { .integer($0) } ?? .null, at: time(partition.committed)))
    }
    for rejected in overview.rejected {
      lines.append(
        StatusLine(
          measure: "rejected", part: .text(rejected.reason), value: .integer(rejected.messages)))
    }
    for (part, version) in [
      ("socialq", programVersion), ("schema", overview.schema), ("SQLite", overview.sqlite),
    ] {
      lines.append(StatusLine(measure: "version", part: .text(part), value: .text(version)))
    }
    return lines
  }

  private static func time(_ time: Timestamp?) -> Cell {
    time.map { .integer($0.microseconds) } ?? .null
  }
}
