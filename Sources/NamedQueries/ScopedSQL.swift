/// A query's SQL with the relations that it reads put before it as common table expressions.
struct ScopedSQL {
  /// One statement without anything left to fill in but the query's own parameters.
  let text: String

  init(query: NamedQuery, scope: ResolvedScope) {
    let tokens = Array(SQLLexer(query.sql)).filter { $0.kind != .comment }
    let words = Set(tokens.filter { $0.kind == .word }.map { $0.text.lowercased() })
    let relations = Relation.allCases.filter { words.contains($0.rawValue) }
      .map { $0.definition(scope) }.joined(separator: ",\n")
    // What follows the header, so that line ends inside comments cannot hide the relations.
    let start = tokens.first?.start ?? 0
    var body = String(decoding: Array(query.sql.utf8)[start...], as: UTF8.self)
    guard !relations.isEmpty else {
      text = body
      return
    }
    guard tokens.first?.text.lowercased() == "with" else {
      text = "WITH \(relations)\n\(body)"
      return
    }
    // The query has common table expressions of its own: they come after the relations.
    let isRecursive = tokens.dropFirst().first?.text.lowercased() == "recursive"
    let first = tokens.dropFirst(isRecursive ? 2 : 1).first?.start ?? start
    body = String(decoding: Array(query.sql.utf8)[first...], as: UTF8.self)
    text = "WITH \(isRecursive ? "RECURSIVE " : "")\(relations),\n\(body)"
  }
}
