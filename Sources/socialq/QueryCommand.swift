import ArgumentParser
import Foundation
import NamedQueries
import PostStore
import Posts
import Rendering

/// Runs one named query.
struct QueryCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "query",
    abstract: "Answer a named query; the word 'query' may be left out.")

  @Argument(help: "The name of the query; 'socialq list' shows all.")
  var name: String

  @OptionGroup var catalog: CatalogOptions
  @OptionGroup(title: "Scope") var scope: ScopeOptions
  @OptionGroup(title: "Output") var output: OutputOptions

  @Argument(parsing: .allUnrecognized, help: .hidden)
  var rest: [String] = []

  func run() throws {
    let query = try catalog.catalog().query(name)
    let arguments = try QueryArguments.parse(rest, of: query)
    let now = Timestamp.now
    let scope = try scope.scope(of: query, now: now)
    let reader = try StoreReader(path: catalog.database)
    let writer = output.options(zone: scope.zone).makeWriter(to: FileDescriptorSink())
    try writer.begin(query.columns)
    try QueryRunner(reader: reader, timeLimit: self.scope.timeout)
      .run(query, arguments: arguments, scope: scope) { try writer.row($0) }
    try writer.finish()
    for note in writer.notes { FileHandle.standardError.write(Data("\(note)\n".utf8)) }
  }
}

/// Where the store and the queries are.
struct CatalogOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "The store. Default: $SOCIALQ_DB, else socialq/socialq.db in the user's data folder.",
      valueName: "file"))
  var db: String?

  @Option(help: ArgumentHelp("A folder with more query files; may be repeated.", valueName: "dir"))
  var queries: [String] = []

  var database: String {
    db ?? StoreLocation.path(environment: ProcessInfo.processInfo.environment)
  }

  /// The built-in queries, those of `./queries`, and those of the folders named.
  func catalog() throws -> QueryCatalog {
    try QueryCatalog(folders: [("queries", false)] + queries.map { ($0, true) })
  }
}

/// What a question is narrowed to.
struct ScopeOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "From when: 15m, 1h, 24h, 7d, 4w, today, yesterday, a date, or ISO 8601.", valueName: "time"))
  var since: String?

  @Option(help: ArgumentHelp("Until when, not included; the same forms.", valueName: "time"))
  var until: String?

  @Option(help: ArgumentHelp("Only this platform; repeat, or use commas, for any of several."))
  var platform: [String] = []

  @Option(help: ArgumentHelp("Only this sentiment: positive, neutral or negative."))
  var sentiment: [String] = []

  @Option(help: ArgumentHelp("Only this topic; repeat, or use commas, for any of several."))
  var topic: [String] = []

  @Flag(help: "Only viral posts.")
  var viral = false

  @Option(help: ArgumentHelp("The time zone of days and of shown times.", valueName: "zone"))
  var tz = "UTC"

  @Option(
    help: ArgumentHelp("How wide the buckets of a query over time are: minute, hour or day."))
  var bucket: String?

  @Option(help: ArgumentHelp("Stop a query after so many seconds.", valueName: "seconds"))
  var timeout: Double = 30

  func scope(of query: NamedQuery, now: Timestamp) throws -> Scope {
    guard timeout > 0, timeout.isFinite else {
      throw QueryError(.usage, "--timeout \(timeout) is not a number of seconds above 0")
    }
    let zone = try Zone(tz)
    var scope = Scope(
      window: try Window(since: since, until: until, now: now, zone: zone), zone: zone)
    scope.platforms = try values(of: platform, option: "--platform")
    scope.sentiments = try values(of: sentiment, option: "--sentiment")
    scope.topics = try values(of: topic, option: "--topic")
    scope.viralOnly = viral
    if let standard = query.bucket { scope.bucket = standard }
    if let bucket {
      guard query.bucket != nil else {
        throw QueryError(.usage, "'\(query.name)' does not count over time: it takes no --bucket")
      }
      guard let bucket = Bucket(rawValue: bucket) else {
        throw QueryError(.usage, "--bucket '\(bucket)' is not one of minute, hour, day")
      }
      scope.bucket = bucket
    }
    return scope
  }

  private func values(of given: [String], option: String) throws -> [String] {
    try given.flatMap { text in
      try text.split(separator: ",", omittingEmptySubsequences: false).map { part in
        let value = part.trimmingCharacters(in: .whitespaces)
        guard !value.isEmpty else {
          throw QueryError(.usage, "\(option) '\(text)' names nothing: leave it out for all")
        }
        return value
      }
    }
  }
}

/// How the answer is written.
struct OutputOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "How to write the answer: \(Format.allCases.map(\.rawValue).joined(separator: ", ")).",
      valueName: "format"))
  var format = Format.table

  func options(zone: Zone) -> RenderingOptions {
    let terminal = Terminal.ofStandardOutput
    return RenderingOptions(
      format: format, isTerminal: terminal != nil, width: terminal?.width,
      zoneOffset: { zone.offset(at: $0) })
  }
}

extension Format: ExpressibleByArgument {}

extension Timestamp {
  /// The time of the wall clock.
  static var now: Timestamp {
    Timestamp(microseconds: Int64(Date().timeIntervalSince1970 * 1_000_000))
  }
}
