import ArgumentParser
import Foundation
import NamedQueries
import Rendering

/// Lists the named queries.
struct ListCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "list", abstract: "List the named queries.")

  @OptionGroup var catalog: CatalogOptions
  @OptionGroup(title: "Output") var output: OutputOptions

  func run() throws {
    let catalog = try catalog.catalog()
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
}
