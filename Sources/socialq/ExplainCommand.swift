import ArgumentParser
import Foundation
import NamedQueries
import Posts
import Rendering

/// Shows how a named query is answered.
struct ExplainCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "explain",
    abstract: "Show what a named query reads, its SQL, and SQLite's plan.",
    discussion: """
      The statement holds all values and runs in the sqlite3 shell on the store.

      Example:
        socialq explain top-hashtags --since 7d --platform Twitter
      """)

  @OptionGroup var question: Question

  func run() throws {
    let (query, arguments, scope) = try question.parsed()
    let explanation = try question.runner().explain(query, arguments: arguments, scope: scope)
    let writer = RenderingOptions.forStandardOutput(.table, zone: scope.zone)
      .makeWriter(to: FileDescriptorSink(isStopped: isStopped))
    try writer.begin([
      Column(name: "relation", kind: .id), Column(name: "table", kind: .id),
      Column(name: "since", kind: .time), Column(name: "until", kind: .time),
      Column(name: "rows", kind: .count),
    ])
    for part in explanation.parts {
      try writer.row([
        .text(part.relation), .text(part.table),
        part.since.map { .integer($0.microseconds) } ?? .null,
        part.until.map { .integer($0.microseconds) } ?? .null, .integer(part.rows),
      ])
    }
    try writer.finish()
    let plan = explanation.plan.joined(separator: "\n")
    try writeOut("\nSQL\n\(explanation.sql)\n;\n\nPlan\n\(plan)\n")
  }
}
