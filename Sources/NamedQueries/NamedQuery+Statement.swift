import PostStore

extension NamedQuery {
  /// Holds the header against what SQLite says of the statement.
  ///
  /// - Throws: `QueryError` that names the file and the line.
  func check(_ statement: borrowing RawStatement) throws(QueryError) {
    let used = statement.parameterNames
    for name in used where !parameters.contains(where: { ":" + $0.sqlName == name }) {
      throw error("\(name) is not declared with '-- param:'", line: line(ofParameter: name))
    }
    for parameter in parameters where !used.contains(":" + parameter.sqlName) {
      throw error(
        "parameter '\(parameter.name)' is declared, but not used", line: parameter.line)
    }
    let found = statement.columnNames
    guard found == columns.map(\.name) else {
      throw error(
        "it declares the columns \(columns.map(\.name).joined(separator: ", ")), but selects \(found.joined(separator: ", "))",
        line: 1)
    }
  }

  /// Gives every parameter its value, or its default.
  func bind(
    _ arguments: [String: Cell], to statement: borrowing RawStatement
  ) throws(QueryError) {
    for (index, name) in statement.parameterNames.enumerated() {
      guard let parameter = parameters.first(where: { ":" + $0.sqlName == name }) else { continue }
      guard let value = arguments[parameter.name] ?? parameter.defaultValue else {
        throw QueryError(
          .usage, "'\(self.name)' needs --\(parameter.name): \(parameter.help)")
      }
      let position = Int32(index + 1)
      switch value {
      case .null: statement.bind(nil as Int64?, at: position)
      case .integer(let number): statement.bind(number, at: position)
      case .real(let number): statement.bind(number, at: position)
      case .text(let text): statement.bind(text: text, at: position)
      }
    }
  }

  private func line(ofParameter name: String) -> Int {
    SQLLexer(sql).first { $0.kind == .parameter && $0.text == name }?.line ?? 1
  }

  private func error(_ problem: String, line: Int) -> QueryError {
    QueryError(.queryFile, "\(file):\(line): \(problem)")
  }
}

extension RawStatement {
  /// The value of a column of the current row.
  func cell(_ column: Int32) -> Cell {
    switch storage(column) {
    case .null: .null
    case .integer: .integer(int64(column))
    case .real: .real(double(column))
    case .text: .text(text(column))
    }
  }
}
