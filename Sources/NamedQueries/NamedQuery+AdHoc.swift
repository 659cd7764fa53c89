extension NamedQuery {
  /// A statement that somebody has typed, which has no header: its columns are what SQLite calls them,
  /// and it takes no parameters.
  ///
  /// It reads the same relations as a query file, narrowed to the same scope.
  public init(adHoc sql: String) {
    self.init(
      name: "sql", file: "the statement", title: "", help: "", parameters: [], bucket: .hour,
      columns: [], chart: nil, sql: sql)
  }

  /// Whether it is a statement without a header; a query file declares at least one column.
  var isAdHoc: Bool { columns.isEmpty }

  /// Refuses a typed statement that reads a table of the store by its bare name, which no filter
  /// narrows: it would answer another question than the one that was asked. A query file may.
  ///
  /// - Parameter tables: The names of the store's tables, in lower case.
  /// - Throws: `QueryError`
  func checkTables(_ tables: Set<String>) throws(QueryError) {
    let tokens = SQLLexer(sql).filter { $0.kind != .comment }.map {
      ($0.text.lowercased(), $0.kind)
    }
    var own: Set<String> = []
    for index in tokens.indices.dropFirst() where tokens[index].0 == "as" {
      own.insert(tokens[index - 1].0)
    }
    for index in tokens.indices.dropFirst() where ["from", "join"].contains(tokens[index - 1].0) {
      let (name, kind) = tokens[index]
      guard kind == .word || kind == .quotedName else { continue }
      guard tables.contains(name), !own.contains(name), !NamedQuery.relationNames.contains(name)
      else { continue }
      throw QueryError(
        .usage,
        "\(name) is a table of the store, which no window or filter narrows: read \(NamedQuery.relationNames.joined(separator: ", "))"
          + (name.hasPrefix("sqlite_") ? "" : "; if all of it is what you want, write main.\(name)")
      )
    }
  }

  /// The relations that statements can read.
  public static var relationNames: [String] { Relation.allCases.map(\.rawValue) }
}
