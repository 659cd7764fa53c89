import NamedQueries

/// The options that only one query takes, told by the header of its file.
enum QueryArguments {
  /// The values of a query's own options, given as `--name value` or `--name=value`.
  ///
  /// - Parameter words: What the command line holds besides the options of all queries.
  /// - Throws: `QueryError` that says what the query takes.
  static func parse(_ words: [String], of query: NamedQuery) throws -> [String: Cell] {
    var arguments: [String: Cell] = [:]
    var rest = words[...]
    while let word = rest.popFirst() {
      guard word.hasPrefix("--") else {
        throw QueryError(
          .usage, "'\(query.name)' takes no '\(word)': see 'socialq \(query.name) --help'")
      }
      let parts = word.dropFirst(2).split(
        separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      let name = String(parts[0])
      guard let parameter = query.parameters.first(where: { $0.name == name }) else {
        throw QueryError(.usage, unknown(name, of: query))
      }
      guard let text = parts.count > 1 ? String(parts[1]) : rest.popFirst() else {
        throw QueryError(.usage, "--\(name) needs a value: \(parameter.forms)")
      }
      guard arguments[name] == nil else {
        throw QueryError(.usage, "--\(name) is given twice")
      }
      arguments[name] = try parameter.value(from: text)
    }
    return arguments
  }

  private static func unknown(_ name: String, of query: NamedQuery) -> String {
    let all = query.parameters.map(\.name) + Parameter.commonOptions
    guard !Parameter.commonOptions.contains(name) else {
      return "--\(name) has no effect here: leave it out"
    }
    let similar = nearest(to: name, among: all).map { "--\($0)" }
    let hint =
      similar.isEmpty
      ? "see 'socialq \(query.name) --help'"
      : "did you mean \(similar.joined(separator: " or "))?"
    return "'\(query.name)' takes no --\(name): \(hint)"
  }
}
