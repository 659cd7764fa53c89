import ArgumentParser
import Foundation
import Interchange
import NamedQueries
import PostStore
import Posts
import Signals

/// Answers a statement that somebody has typed.
struct SQLCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "sql",
    abstract: "Run one SELECT on the relations of the queries.",
    discussion: """
      The statement can only read, and reads what window and filters leave of: \
      \(NamedQuery.relationNames.joined(separator: ", ")). In all but scoped_posts and post_hashtags a \
      row is a sum of posts, so add them up. Times are microseconds since 1970.

      Examples:
        socialq sql 'SELECT topic, SUM(posts) AS n FROM post_facts GROUP BY topic' --since 7d
        socialq sql --format csv < question.sql
      """)

  @Argument(help: "The statement; without one, or with '-', it is read from standard input.")
  var statement: String?

  @OptionGroup var store: StoreOption
  @OptionGroup(title: "Scope") var scope: ScopeOptions
  @OptionGroup(title: "Output") var output: OutputOptions

  /// More than anybody types, and as much as SQLite takes.
  private static let longestStatement = 1_000_000

  func run() throws {
    let query = NamedQuery(adHoc: try text())
    let scope = try self.scope.scope(of: query, now: .now)
    let answer = try output.answer(zone: scope.zone, groupsThousands: false)
    let runner = self.scope.runner(on: try StoreReader(path: store.path))
    var columns = GuessedColumns(answer)
    try runner.run(
      query, scope: scope, columns: { columns.names = $0 }, row: { try columns.row($0) })
    try columns.finish()
    _ = try answer.finish()
  }

  private func text() throws -> String {
    let text = try given()
    guard text.contains(where: { !$0.isWhitespace }) else {
      throw QueryError(.usage, "there is no statement: give one, as in socialq sql 'SELECT 1'")
    }
    return text
  }

  private func given() throws -> String {
    if let statement, statement != "-" { return statement }
    // Nobody who left the statement out by mistake is kept waiting.
    guard statement != nil || isatty(STDIN_FILENO) == 0 else { return "" }
    StopSignal.install()
    let source = try FileSource(path: "-", isStopped: isStopped)
    var bytes: [UInt8] = []
    while bytes.count <= Self.longestStatement {
      let more = try source.next()
      guard !more.isEmpty else {
        guard let text = String(validating: bytes, as: UTF8.self), !bytes.contains(0) else {
          throw QueryError(.usage, "the statement on standard input is not text in UTF-8")
        }
        return text
      }
      bytes += more
    }
    throw QueryError(
      .usage, "the statement on standard input is longer than \(Self.longestStatement) bytes")
  }
}

/// Columns of an answer that nobody has declared: the first rows show which of them hold numbers.
///
/// More is not guessed. Whether a whole number is a time, an identifier or a year only the one who
/// wrote the statement knows.
private struct GuessedColumns {
  /// The names, known before the first row.
  var names: [String] = []
  private let answer: Answer
  private var waiting: [[Cell]] = []
  private var isBegun = false

  /// So many rows are looked at, and kept until then.
  private static let sample = 100

  init(_ answer: Answer) { self.answer = answer }

  mutating func row(_ cells: [Cell]) throws {
    guard !isBegun else { return try answer.row(cells) }
    waiting.append(cells)
    if waiting.count == GuessedColumns.sample { try begin() }
  }

  mutating func finish() throws {
    if !isBegun { try begin() }
  }

  private mutating func begin() throws {
    isBegun = true
    try answer.begin(names.indices.map { Column(name: names[$0], kind: kind(of: $0)) })
    for row in waiting { try answer.row(row) }
    waiting = []
  }

  private func kind(of column: Int) -> Column.Kind {
    var kind: Column.Kind?
    for row in waiting {
      switch row[column] {
      case .null: break
      case .text: return .text
      case .integer: kind = kind ?? .count
      case .real: kind = .number
      }
    }
    return kind ?? .text
  }
}
