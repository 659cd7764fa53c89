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
    if output.format == .json || output.format == .ndjson { return try describe(catalog) }
    let writer = output.options(zone: .utc).makeWriter(to: FileDescriptorSink())
    try writer.begin([Column(name: "query", kind: .id), Column(name: "answers", kind: .text)])
    var broken: [QueryError] = []
    for name in catalog.names {
      do {
        try writer.row([.text(name), .text(catalog.query(name).title)])
      } catch let error as QueryError {
        broken.append(error)
      }
    }
    try writer.finish()
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
    let isArray = output.format == .json
    let text = lines.joined(separator: isArray ? ",\n" : "\n") + "\n"
    let sink = FileDescriptorSink()
    try sink.write(Array((isArray ? "[\n\(text)]\n" : text).utf8))
    try sink.flush()
    if let first = broken.first { throw first }
  }
}
