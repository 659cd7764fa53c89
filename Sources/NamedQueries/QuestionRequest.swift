/// A question in the words of a URL: names and values, as the options of the command.
public struct QuestionRequest: Equatable, Sendable {
  /// What the question is narrowed to.
  public private(set) var scope = ScopeRequest()
  /// The values of the query's own parameters.
  public private(set) var arguments: [String: Cell] = [:]

  /// The question that some fields state.
  ///
  /// Fields have the names of the command's options, without `--`. `platform`, `sentiment` and
  /// `topic` may come several times; `previous`, `viral` and `no-rollups` are 1, true or nothing for
  /// yes, and 0 or false for no.
  ///
  /// - Throws: `QueryError` that says what the query takes.
  public init(_ fields: [(name: String, value: String)], of query: NamedQuery) throws(QueryError) {
    var seen: Set<String> = []
    for (name, value) in fields {
      let isFirst = seen.insert(name).inserted
      switch name {
      case "platform": scope.platforms.append(value)
      case "sentiment": scope.sentiments.append(value)
      case "topic": scope.topics.append(value)
      case _ where !isFirst: throw QueryError(.usage, "--\(name) is given twice")
      case "since": scope.since = value
      case "until": scope.until = value
      case "previous": scope.isPrevious = try Self.flag(value, name)
      case "tz": scope.zone = value
      case "bucket": scope.bucket = value
      case "viral": scope.viralOnly = try Self.flag(value, name)
      case "no-rollups": scope.usesRollups = try !Self.flag(value, name)
      default:
        guard let parameter = query.parameters.first(where: { $0.name == name }) else {
          throw QueryError(.usage, Self.unknown(name, of: query))
        }
        arguments[name] = try parameter.value(from: value)
      }
    }
    for parameter in query.parameters
    where parameter.defaultValue == nil && arguments[parameter.name] == nil {
      throw QueryError(
        .usage, "'\(query.name)' needs --\(parameter.name): \(parameter.help)")
    }
  }

  private static func flag(_ text: String, _ name: String) throws(QueryError) -> Bool {
    switch text {
    case "", "1", "true": true
    case "0", "false": false
    default: throw QueryError(.usage, "--\(name) '\(text)' is not one of 1, true, 0, false")
    }
  }

  /// The names that a URL may have besides the query's own parameters.
  public static let scopeFields = [
    "bucket", "no-rollups", "platform", "previous", "sentiment", "since", "topic", "tz", "until",
    "viral",
  ]

  private static func unknown(_ name: String, of query: NamedQuery) -> String {
    let all = query.parameters.map(\.name) + scopeFields
    let similar = nearest(to: name, among: all).map { "--\($0)" }
    return "'\(query.name)' takes no --\(name): "
      + (similar.isEmpty
        ? "it takes \(all.map { "--\($0)" }.joined(separator: ", "))"
        : "did you mean \(similar.joined(separator: " or "))?")
  }
}
