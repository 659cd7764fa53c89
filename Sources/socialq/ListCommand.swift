import ArgumentParser
import Foundation
import NamedQueries
import Rendering

/// Lists the named queries.
struct ListCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "list",
    abstract: "List the named queries.",
    discussion: """
      As JSON or NDJSON, each query is described whole for other programs: its parameters with their \
      types, bounds and defaults, its columns with their kinds, and its chart.

      Examples:
        socialq list
        socialq list --format json
      """)

  @OptionGroup var catalog: CatalogOptions
  @OptionGroup(title: "Output") var output: OutputOptions

  func run() throws {
    let catalog = try catalog.catalog()
    var queries: [NamedQuery] = []
    var broken: [QueryError] = []
    for name in catalog.names {
      do throws(QueryError) {
        queries.append(try catalog.query(name))
      } catch {
        broken.append(error)
      }
    }
    if try [.json, .ndjson].contains(output.settings(zone: .utc).format) {
      try describe(queries)
    } else {
      let answer = try output.answer(zone: .utc)
      try answer.begin([Column(name: "query", kind: .id), Column(name: "answers", kind: .text)])
      for query in queries { try answer.row([.text(query.name), .text(query.title)]) }
      _ = try answer.finish()
    }
    for problem in broken.dropLast() { Socialq.complain(problem) }
    if let last = broken.last { throw last }
  }

  private func describe(_ queries: [NamedQuery]) throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    let lines = try queries.map {
      String(decoding: try encoder.encode($0.description), as: UTF8.self)
    }
    let isArray = try output.settings(zone: .utc).format == .json
    let text = lines.joined(separator: isArray ? ",\n" : "\n") + "\n"
    let file = try output.output.map { try OutputFile($0, isStopped: isStopped) }
    let sink: any ByteSink = file ?? FileDescriptorSink(isStopped: isStopped)
    try sink.write(Array((isArray ? "[\n\(text)]\n" : text).utf8))
    try sink.flush()
    try file?.commit()
  }
}
