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

  /// The relations that statements can read.
  public static var relationNames: [String] { Relation.allCases.map(\.rawValue) }
}
