/// A query's SQL with the relations that it reads put before it as common table expressions.
struct ScopedSQL {
  /// The words of a query that stand outside of strings and comments, which tell what it reads.
  struct Reading {
    let relations: [Relation]
    let times: Set<ResolvedScope.TimeColumn>
    /// The words, which all columns that it reads by their names are among; nil if it may read others,
    /// too.
    private let words: Set<String>?
    /// All words, whatever they name.
    let all: Set<String>

    /// Whether it may read a column of a name.
    func mayRead(_ column: String) -> Bool { words?.contains(column) ?? true }

    init(_ query: NamedQuery) {
      let tokens = SQLLexer(query.sql).filter { $0.kind != .comment }
      let words = Set(
        tokens.filter { $0.kind == .word || $0.kind == .quotedName }.map { $0.text.lowercased() })
      all = words
      relations = Relation.allCases.filter { words.contains($0.rawValue) }
      // `*` means all columns there, and not a product or the rows that are counted.
      let takesAll = zip(tokens, tokens.dropFirst()).contains { before, token in
        token.text == "*"
          && ["select", "distinct", "all", ",", "."].contains(before.text.lowercased())
      }
      // What follows AS is given a name; whether it is read is told by where else the name stands.
      let named = zip(tokens, tokens.dropFirst()).filter { $0.0.text.lowercased() != "as" }.map(\.1)
      let read = ([tokens.first].compactMap { $0 } + named).filter {
        $0.kind == .word || $0.kind == .quotedName
      }
      let names = Set(read.map { $0.text.lowercased() })
      times = Set(ResolvedScope.TimeColumn.allCases.filter { names.contains($0.rawValue) })
      self.words =
        takesAll || words.contains("natural") || words.contains("table") ? nil : names
    }
  }

  /// One statement without anything left to fill in but the query's own parameters.
  let text: String
  /// What ``FactTable`` is to add up for it.
  let requests: FactRequests
  /// Where the query's own SQL begins in the text, and where that is in its file, in UTF-8.
  private let own: (inText: Int, inFile: Int)

  /// Where in the UTF-8 of the query's file a place in the text comes from; nil if from a relation.
  func placeInFile(of offset: Int) -> Int? {
    offset < own.inText ? nil : offset - own.inText + own.inFile
  }

  /// - Parameter addsUp: Whether facts are read from ``FactTable`` and not from the tables of the store.
  init(_ query: NamedQuery, _ reading: Reading, _ scope: ResolvedScope, addsUp: Bool) {
    let tokens = Array(SQLLexer(query.sql)).filter { $0.kind != .comment }
    var requests: FactRequests? = addsUp ? FactRequests(besides: reading.all) : nil
    let relations = reading.relations.map {
      $0.definition(scope, isRead: reading.mayRead, &requests)
    }.joined(separator: ",\n")
    self.requests = requests ?? FactRequests(besides: [])
    // What follows the header, so that line ends inside comments cannot hide the relations.
    let start = tokens.first?.start ?? 0
    func body(from start: Int) -> String {
      String(decoding: Array(query.sql.utf8)[start...], as: UTF8.self)
    }
    let prefix: String
    var ownStart = start
    if relations.isEmpty {
      prefix = ""
    } else if tokens.first?.text.lowercased() == "with" {
      // The query has common table expressions of its own: they come after the relations.
      let isRecursive = tokens.dropFirst().first?.text.lowercased() == "recursive"
      let first = tokens.dropFirst(isRecursive ? 2 : 1).first?.start ?? start
      ownStart = first
      prefix = "WITH \(isRecursive ? "RECURSIVE " : "")\(relations),\n"
    } else {
      prefix = "WITH \(relations)\n"
    }
    text = prefix + body(from: ownStart)
    own = (prefix.utf8.count, ownStart)
  }
}
