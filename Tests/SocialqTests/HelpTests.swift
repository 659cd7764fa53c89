import Foundation
import TestSupport
import Testing

/// What the program tells of itself: to people, to `man` and to other programs.
@Suite struct HelpTests {
  /// A command as the argument parser tells it.
  private struct Command: Decodable {
    let commandName: String
    let subcommands: [Command]?

    /// The words of every command below, and of this one.
    func paths(_ before: [String] = []) -> [[String]] {
      [before] + (subcommands ?? []).flatMap { $0.paths(before + [$0.commandName]) }
    }
  }

  private func commands() throws -> [[String]] {
    struct Dump: Decodable { let command: Command }
    let dump = try socialq(["--experimental-dump-help"]).standardOutput
    return try JSONDecoder().decode(Dump.self, from: Data(dump.utf8)).command.paths()
      .filter { $0 != ["help"] }
  }

  private struct Query: Decodable {
    struct Parameter: Decodable, Equatable {
      struct Schema: Decodable, Equatable { let minimum: Double? }
      let name, type, help: String
      let required: Bool
      let schema: Schema
    }
    struct Column: Decodable { let name, kind: String }
    struct Chart: Decodable { let form: String }
    let name, title, help: String
    let parameters: [Parameter]
    let bucket: String?
    let columns: [Column]
    let chart: Chart?
  }

  private func queries() throws -> [Query] {
    let list = try socialq(["list", "--format", "json"])
    #expect(list.status == 0)
    return try JSONDecoder().decode([Query].self, from: Data(list.standardOutput.utf8))
  }

  @Test func everyCommandHasHelpWithAnExample() throws {
    let commands = try commands()
    #expect(commands.count > 9)
    for path in commands {
      let help = try socialq(path + ["--help"])
      #expect(help.status == 0, "\(path)")
      #expect(help.standardError == "", "\(path)")
      #expect(help.standardOutput.contains("Example"), "\(path)")
      #expect(
        help.standardOutput.contains((["socialq"] + path).joined(separator: " ")), "\(path)")
    }
  }

  @Test func everyQueryHasHelpWithAnExample() throws {
    for query in try queries() {
      let help = try socialq([query.name, "--help"])
      #expect(help.status == 0)
      #expect(help.standardOutput.contains("EXAMPLE: socialq \(query.name)"))
      for parameter in query.parameters {
        #expect(help.standardOutput.contains("  --\(parameter.name) "))
      }
    }
  }

  @Test func theListDescribesEveryQueryToPrograms() throws {
    let queries = try queries()
    let names = try socialq(["list", "--format", "csv"]).standardOutput.split(separator: "\n")
      .dropFirst().map { String($0.prefix { $0 != "," }) }
    #expect(queries.map(\.name) == names)
    #expect(queries.allSatisfy { !$0.title.isEmpty && !$0.columns.isEmpty })
    let tags = try #require(queries.first { $0.name == "top-hashtags" })
    #expect(tags.chart?.form == "bar")
    let limit = try #require(tags.parameters.first { $0.name == "limit" })
    #expect(limit.type == "integer" && limit.schema.minimum == 1 && !limit.required)
    #expect(queries.first { $0.name == "likes-over-time" }?.bucket == "hour")
    #expect(queries.first { $0.name == "account" }?.parameters.first?.required == true)

    let lines = try socialq(["list", "--format", "ndjson"]).standardOutput.split(separator: "\n")
    #expect(
      try lines.map { try JSONDecoder().decode(Query.self, from: Data($0.utf8)).name } == names)
  }

  @Test func aBrokenQueryIsToldAndTheOthersAreListed() throws {
    let files = try TemporaryDirectory()
    try files.write("SELECT 1", to: "broken.sql")
    try files.write("SELECT 2", to: "torn.sql")
    let list = try socialq(["list", "--format", "json", "--queries", files.path])
    #expect(list.status == 1)
    #expect(list.standardError.contains("broken.sql:1"))
    #expect(list.standardError.contains("torn.sql:1"))
    let described = try JSONDecoder().decode([Query].self, from: Data(list.standardOutput.utf8))
    #expect(described.contains { $0.name == "kpis" })
  }

  @Test func theManualTellsEveryCommandAndQuery() throws {
    let files = try TemporaryDirectory()
    let page = try socialq(["--generate-manual"])
    #expect(page.status == 0)
    try files.write(page.standardOutput, to: "socialq.1")
    for path in try commands() where !path.isEmpty {
      #expect(page.standardOutput.contains("\n.SS \(path.joined(separator: " "))\n"), "\(path)")
    }
    for query in try queries() {
      let name = query.name.replacing("-", with: "\\-")
      #expect(page.standardOutput.contains("\n.SS \(name)\n"), "\(name)")
    }
    // groff warns of what it does not know.
    let shown = try Program(
      executable: URL(fileURLWithPath: "/usr/bin/env"),
      ["groff", "-man", "-ww", "-Tutf8", files.path("socialq.1")]
    ).wait()
    #expect(shown.status == 0)
    #expect(shown.standardError == "")
    #expect(shown.standardOutput.contains("SOCIALQ_DB"))
  }

  @Test(arguments: [
    (["top-hashtag"], "top-hashtags"), (["exprot"], "export"), (["lst"], "list"),
    (["kpis", "--platfrom", "x"], "--platform"), (["top-hashtags", "--limt", "3"], "--limit"),
    (["export", "--outptu", "x"], "--output"), (["explain", "kpi"], "kpis"),
  ])
  func aMistypedNameIsAnsweredWithTheNearest(_ words: [String], _ nearest: String) throws {
    let outcome = try socialq(words)
    #expect(outcome.status == 64)
    #expect(outcome.standardError.contains(nearest), "\(outcome.standardError)")
    #expect(outcome.standardOutput == "")
  }
}
