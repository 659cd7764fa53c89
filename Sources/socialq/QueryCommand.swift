import ArgumentParser
import Foundation
import NamedQueries
import PostStore
import Posts
import Signals

/// Answers one named query.
struct QueryCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "query",
    abstract: "Answer a named query; the word 'query' may be left out.",
    discussion: """
      'socialq QUERY --help' shows the query's own options.

      Example:
        socialq query top-hashtags --since 1h --format csv
      """)

  @OptionGroup var question: Question
  @OptionGroup(title: "Output") var output: OutputOptions

  func run() throws { _ = try question.answer(output) }
}

/// Answers one named query and tells by its status whether there was anything to tell.
struct CheckCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "check",
    abstract: "Answer a named query and end with status 2 if it has rows.",
    discussion: """
      For jobs that watch: the answer is written as by the query itself, and the status is 0 if it is \
      empty, 2 if it is not, 1 if there is none.

      Example:
        socialq check viral-posts --since 15m --sentiment negative ; [ $? -eq 2 ] && mail-it
      """)

  @OptionGroup var question: Question
  @OptionGroup(title: "Output") var output: OutputOptions

  func run() throws {
    if try question.answer(output) > 0 { throw ExitCode(2) }
  }
}

/// A named query with its own options and a scope.
struct Question: ParsableArguments {
  @Argument(
    help: ArgumentHelp("The name of the query; 'socialq list' shows all.", valueName: "query"))
  var name: String

  @OptionGroup var catalog: CatalogOptions
  @OptionGroup(title: "Scope") var scope: ScopeOptions

  @Argument(parsing: .allUnrecognized, help: .hidden)
  var rest: [String] = []

  /// The query, what its own options say, and what it is narrowed to.
  func parsed() throws -> (query: NamedQuery, arguments: [String: Cell], scope: Scope) {
    let query = try catalog.catalog().query(name, suggestsReserved: true)
    return (
      query, try QueryArguments.parse(rest, of: query), try scope.scope(of: query, now: .now)
    )
  }

  /// What answers it.
  func runner() throws -> QueryRunner {
    scope.runner(on: try StoreReader(path: catalog.store.path))
  }

  /// Writes the answer.
  ///
  /// - Returns: How many rows it has.
  func answer(_ output: OutputOptions) throws -> Int {
    let (query, arguments, scope) = try parsed()
    let answer = try output.answer(zone: scope.zone, chart: query.chart, of: query.name)
    try answer.begin(query.columns)
    try runner().run(query, arguments: arguments, scope: scope) { try answer.row($0) }
    return try answer.finish()
  }
}

/// Where the store and the queries are.
struct CatalogOptions: ParsableArguments {
  @OptionGroup var store: StoreOption

  @Option(
    help: ArgumentHelp(
      "A folder with more query files; may be repeated. $SOCIALQ_QUERIES names others.",
      valueName: "dir"))
  var queries: [String] = []

  /// The built-in queries, those of `./queries`, and those of the folders named.
  func catalog() throws -> QueryCatalog { try Self.catalog(folders: queries) }

  /// The same for folders that were named elsewhere.
  static func catalog(folders: [String]) throws(QueryError) -> QueryCatalog {
    for folder in Variable.queries.folders where !FileManager.default.fileExists(atPath: folder) {
      throw QueryError(
        .queryFile,
        "$\(Variable.queries.rawValue) names \(folder), and there is no such folder: mend it, or unset it"
      )
    }
    let all = Variable.queries.folders + folders
    return try QueryCatalog(
      folders: [("queries", false)] + all.map { ($0, true) }, reserved: Socialq.commandNames)
  }
}

/// What a question is narrowed to, and how it is answered.
struct ScopeOptions: ParsableArguments {
  @OptionGroup var filter: FilterOptions

  @Option(
    help: ArgumentHelp("How wide the buckets of a query over time are: minute, hour or day."))
  var bucket: String?

  @Flag(name: .customLong("no-rollups"), help: "Answer from single posts alone.")
  var scansPosts = false

  @Option(help: ArgumentHelp("Stop a query after 500ms, 30s, 2m.", valueName: "time"))
  var timeout = TimeSpan.seconds(30)

  /// What answers questions of the scope; a request to stop ends an answer, too.
  func runner(
    on reader: StoreReader, isUnwanted: @escaping () -> Bool = isStopped
  ) -> QueryRunner {
    StopSignal.install()
    return QueryRunner(
      reader: reader, timeLimit: timeout.duration / .seconds(1), isUnwanted: isUnwanted)
  }

  func scope(of query: NamedQuery, now: Timestamp) throws -> Scope {
    var request = filter.request
    request.bucket = bucket
    request.usesRollups = !scansPosts
    return try request.scope(of: query, now: now)
  }
}

extension TimeSpan: ExpressibleByArgument {
  public init?(argument: String) { self.init(argument) }
  public var defaultValueDescription: String { description }
}
