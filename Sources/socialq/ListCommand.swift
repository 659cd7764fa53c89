import ArgumentParser
import Foundation
import NamedQueries

/// Lists the named queries.
struct ListCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "list", abstract: "List the named queries.")

  @OptionGroup var catalog: CatalogOptions
  @OptionGroup(title: "Output") var output: OutputOptions

  func run() throws {
    let catalog = try catalog.catalog()
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
}
