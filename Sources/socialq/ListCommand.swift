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
    if try [.json, .ndjson].contains(output.settings(zone: .utc).format) {
      return try describe(catalog)
    }
    let answer = try output.answer(zone: .utc)
    try answer.begin([Column(name: "query", kind: .id), Column(name: "answers", kind: .text)])
    var broken: [QueryError] = []
    for name in catalog.names {
      do {
        try answer.row([.text(name), .text(catalog.query(name).title)])
      } catch let error as QueryError {
        broken.append(error)
      }
    }
    _ = try answer.finish()
    if let first = broken.first { throw first }
  }

  private func describe(_ catalog: QueryCatalog) throws {
    var described: [QueryDescription] = []
    var broken: [QueryError] = []
    for name in catalog.names {
      do {
        described.append(QueryDescription(try catalog.query(name)))
      } catch {
        broken.append(error)
      }
    }
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    let lines = try described.map { String(decoding: try encoder.encode($0), as: UTF8.self) }
    let isArray = try output.settings(zone: .utc).format == .json
    let text = lines.joined(separator: isArray ? ",\n" : "\n") + "\n"
    let file = try output.output.map { try OutputFile($0, isStopped: isStopped) }
    let sink: any ByteSink = file ?? FileDescriptorSink(isStopped: isStopped)
    try sink.write(Array((isArray ? "[\n\(text)]\n" : text).utf8))
    try sink.flush()
    try file?.commit()
    if let first = broken.first { throw first }
  }
}
