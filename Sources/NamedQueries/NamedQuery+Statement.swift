import PostStore

extension NamedQuery {
  /// Holds the header against what SQLite says of the statement.
  ///
  /// - Throws: `QueryError` that names the file and the line.
  func check(_ statement: borrowing RawStatement) throws(QueryError) {
    guard statement.isReadOnly else { throw notAllowed("changing the store") }
    guard !isAdHoc else {
      if let name = statement.parameterNames.first {
        throw QueryError(
          .usage, "nothing gives the parameter \(name) of the statement a value: write it in")
      }
      return
    }
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
  ///
  /// - Throws: `QueryError` if one has neither, `StoreError` if SQLite does not take one.
  func bind(
    _ arguments: [String: Cell], to statement: borrowing RawStatement
  ) throws {
    for (index, name) in statement.parameterNames.enumerated() {
      guard let parameter = parameters.first(where: { ":" + $0.sqlName == name }) else { continue }
      guard let value = arguments[parameter.name] ?? parameter.defaultValue else {
        throw QueryError(
          .usage, "'\(self.name)' needs --\(parameter.name): \(parameter.help)")
      }
      let position = Int32(index + 1)
      switch value {
      case .null: try statement.bind(nil as Int64?, at: position)
      case .integer(let number): try statement.bind(number, at: position)
      case .real(let number): try statement.bind(number, at: position)
      case .text(let text): try statement.bind(text: text, at: position)
      }
    }
  }

  /// What SQLite has against the statement, in terms of the query file.
  ///
  /// - Parameters:
  ///   - complaint: SQLite's words.
  ///   - offset: Where in the statement, if SQLite says.
  ///   - denied: What the statement does that a query may not.
  func error(
    about complaint: String, at offset: Int?, of statement: ScopedSQL, denied: String?
  ) -> QueryError {
    if let denied, !complaint.hasPrefix("there is ") { return notAllowed(denied) }
    // Some complaints have no place, but end with the name that they are about.
    let name = complaint.split(separator: ": ").last.map { String($0) } ?? ""
    let place =
      complaint == "incomplete input"
      ? max(0, sql.utf8.count - 1) : offset.flatMap { statement.placeInFile(of: $0) }
    let line = place.map { self.line(at: $0) } ?? self.line(ofName: name) ?? sqlLine
    var text = complaint
    if text.hasPrefix("no such table: ") {
      let relations = Relation.allCases.map(\.rawValue)
      let similar = nearest(to: name, among: relations)
      text +=
        similar.isEmpty
        ? "; a query reads \(relations.joined(separator: ", "))"
        : ": did you mean \(similar.joined(separator: " or "))?"
    }
    return error(text, line: line)
  }

  private func notAllowed(_ action: String) -> QueryError {
    let relations = Relation.allCases.map(\.rawValue).joined(separator: ", ")
    return error("\(action) is not allowed: a query is a SELECT from \(relations)", line: sqlLine)
  }

  /// The line where the SQL begins, after the header.
  private var sqlLine: Int { SQLLexer(sql).first { $0.kind != .comment }?.line ?? 1 }

  /// The line of a place in the UTF-8 of the file, or of what follows if there is but space.
  private func line(at offset: Int) -> Int {
    let next = SQLLexer(sql).first { $0.kind != .comment && $0.start >= offset }
    let place = sql.utf8.dropFirst(offset).first.map { $0 <= 0x20 } == true ? next?.start : nil
    return 1 + sql.utf8.prefix(place ?? offset).count { $0 == UInt8(ascii: "\n") }
  }

  /// The line of the first word or quoted name that is a name, or ends what is qualified.
  private func line(ofName name: String) -> Int? {
    let last = name.split(separator: ".").last?.lowercased()
    return SQLLexer(sql).first {
      ($0.kind == .word || $0.kind == .quotedName) && $0.text.lowercased() == last
    }?.line
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
