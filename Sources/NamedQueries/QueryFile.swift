/// Reads the header of a query file: the comments at its top.
///
///     -- title: Top hashtags
///     -- help: The hashtags of the most posts.
///     -- param: limit integer 1..10000 = 15 | how many to list
///     -- param: order choice likes,shares = likes | what to order by
///     -- param: tag hashtag | which tag, in any spelling
///     -- param: user text | whose posts; without a default it must be given
///     -- bucket: hour
///     -- column: hashtag text
///     -- chart: bar x=hashtag y=posts,likes series=platform
///
/// A comment line without a directive is for readers of the file. But a line that begins with one word
/// and a colon is taken for a slip, and refused, if the word is a directive in another letter case,
/// begins one or begins with one (`col:`, `params:`; three letters at least), or differs from one by one
/// letter left out, added, changed or swapped with the next (`hepl:`). `note:` and `see also:` are prose.
struct QueryFile {
  private let name: String
  private let file: String
  private let sql: String
  private var title: String?
  private var help: [String] = []
  private var parameters: [Parameter] = []
  private var bucket: Bucket?
  private var columns: [Column] = []
  private var chart: (hint: ChartHint, line: Int)?

  /// The query that a file holds.
  ///
  /// - Throws: `QueryError` that names the file and the line.
  static func parse(name: String, file: String, sql: String) throws(QueryError) -> NamedQuery {
    var parser = QueryFile(name: name, file: file, sql: sql)
    return try parser.parse()
  }

  private init(name: String, file: String, sql: String) {
    self.name = name
    self.file = file
    self.sql = sql
  }

  private mutating func parse() throws(QueryError) -> NamedQuery {
    try checkName()
    for token in SQLLexer(sql) {
      guard token.kind == .comment else { break }
      guard token.text.hasPrefix("--") else { continue }
      let text = trimmed(token.text.dropFirst(2))
      guard let colon = text.firstIndex(of: ":") else { continue }
      let word = trimmed(text[..<colon])
      guard let directive = Directive(rawValue: word) else {
        if let meant = Directive.meant(by: word) {
          throw error(
            "'-- \(word):' is none of the header's words: did you mean '-- \(meant.rawValue):'?",
            line: token.line)
        }
        continue
      }
      try apply(directive, trimmed(text[text.index(after: colon)...]), line: token.line)
    }
    guard let title else {
      throw error("it has no '-- title:' in the comments at its top", line: 1)
    }
    guard !columns.isEmpty else {
      throw error("it declares no '-- column:' in the comments at its top", line: 1)
    }
    try checkChart()
    return NamedQuery(
      name: name, file: file, title: title, help: help.joined(separator: " "),
      parameters: parameters, bucket: bucket, columns: columns, chart: chart?.hint, sql: sql)
  }

  private enum Directive: String, CaseIterable {
    case title, help, param, bucket, column, chart

    /// The directive that a word is a slip of the pen for; nil if it is like none.
    static func meant(by word: String) -> Directive? {
      guard (3...20).contains(word.count), word.allSatisfy(\.isLetter) else { return nil }
      let lower = word.lowercased()
      return allCases.first {
        lower.hasPrefix($0.rawValue) || $0.rawValue.hasPrefix(lower)
          || editDistance(Array(lower), Array($0.rawValue)) <= 1
      }
    }
  }

  private mutating func apply(
    _ directive: Directive, _ text: String, line: Int
  ) throws(QueryError) {
    guard !text.isEmpty else {
      throw error("'-- \(directive.rawValue):' says nothing", line: line)
    }
    switch directive {
    case .title:
      guard title == nil else { throw error("a second '-- title:'", line: line) }
      title = text
    case .help: help.append(text)
    case .param:
      let parameter = try parameter(text, line: line)
      guard !parameters.contains(where: { $0.name == parameter.name }) else {
        throw error("parameter '\(parameter.name)' is declared twice", line: line)
      }
      parameters.append(parameter)
    case .bucket:
      guard let value = Bucket(rawValue: text) else {
        throw error("'-- bucket:' takes minute, hour or day, not '\(text)'", line: line)
      }
      guard bucket == nil else { throw error("a second '-- bucket:'", line: line) }
      bucket = value
    case .column:
      let words = text.split(separator: " ")
      guard words.count == 2, let kind = Column.Kind(rawValue: String(words[1])) else {
        let kinds = Column.Kind.allCases.map(\.rawValue).joined(separator: ", ")
        throw error("'-- column:' takes a name and one of \(kinds)", line: line)
      }
      guard !columns.contains(where: { $0.name == words[0] }) else {
        throw error("column '\(words[0])' is declared twice", line: line)
      }
      columns.append(Column(name: String(words[0]), kind: kind))
    case .chart:
      guard chart == nil else { throw error("a second '-- chart:'", line: line) }
      chart = (try chartHint(text, line: line), line)
    }
  }

  private func parameter(_ text: String, line: Int) throws(QueryError) -> Parameter {
    let parts = text.split(separator: "|", maxSplits: 1, omittingEmptySubsequences: false)
    let help = parts.count > 1 ? trimmed(parts[1]) : ""
    guard !help.isEmpty else {
      throw error("a parameter needs a '| sentence' that says what it is for", line: line)
    }
    let sides = parts[0].split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
    let words = sides[0].split(separator: " ").map(String.init)
    guard (2...3).contains(words.count), isName(words[0]) else {
      throw error("'-- param:' takes a name in lower case, a type and its range", line: line)
    }
    guard !Parameter.commonOptions.contains(words[0]) else {
      throw error("--\(words[0]) is an option of every query", line: line)
    }
    let kind = try parameterKind(words, line: line)
    var value: Cell?
    if sides.count > 1 {
      let parameter = Parameter(
        name: words[0], kind: kind, defaultValue: nil, help: help, line: line)
      do throws(QueryError) {
        value = try parameter.value(from: trimmed(sides[1]))
      } catch {
        throw self.error("the default of '\(words[0])' is not \(parameter.forms)", line: line)
      }
    }
    return Parameter(name: words[0], kind: kind, defaultValue: value, help: help, line: line)
  }

  private func parameterKind(
    _ words: [String], line: Int
  ) throws(QueryError) -> Parameter.Kind {
    let range = words.count == 3 ? words[2] : nil
    switch words[1] {
    case "integer":
      guard let bounds = bounds(range ?? "1..", Int64.init, .max) else { break }
      return .integer(bounds)
    case "number":
      guard let bounds = bounds(range ?? "0..", Double.init, .greatestFiniteMagnitude) else {
        break
      }
      return .number(bounds)
    case "text" where range == nil: return .text
    case "hashtag" where range == nil: return .hashtag
    case "choice":
      let choices = range?.split(separator: ",").map(String.init) ?? []
      guard !choices.isEmpty else { break }
      return .choice(choices)
    default: break
    }
    throw error(
      "'-- param:' takes 'integer 1..100', 'number 0..1', 'text', 'hashtag' or 'choice a,b'",
      line: line)
  }

  /// The bounds of `low..high`, where high may be left out.
  private func bounds<Bound: Comparable>(
    _ text: String, _ number: (String) -> Bound?, _ highest: Bound
  ) -> ClosedRange<Bound>? {
    let dots = text.split(separator: "..", omittingEmptySubsequences: false).map(String.init)
    guard dots.count == 2, let low = number(dots[0]),
      let high = dots[1].isEmpty ? highest : number(dots[1]), low <= high
    else { return nil }
    return low...high
  }

  private func chartHint(_ text: String, line: Int) throws(QueryError) -> ChartHint {
    let words = text.split(separator: " ").map(String.init)
    guard let form = ChartHint.Form(rawValue: words[0]) else {
      let forms = ChartHint.Form.allCases.map(\.rawValue).joined(separator: ", ")
      throw error("'-- chart:' takes one of \(forms), not '\(words[0])'", line: line)
    }
    var settings: [String: String] = [:]
    for word in words.dropFirst() {
      let pair = word.split(separator: "=").map(String.init)
      guard pair.count == 2, ["x", "y", "series"].contains(pair[0]) else {
        throw error("'-- chart:' takes x=, y= and series=, not '\(word)'", line: line)
      }
      settings[pair[0]] = pair[1]
    }
    return ChartHint(
      form: form, x: settings["x"],
      y: settings["y"]?.split(separator: ",").map(String.init) ?? [], series: settings["series"])
  }

  private func checkName() throws(QueryError) {
    guard name.wholeMatch(isNameByte), name.first != "-" else {
      throw error("a query is named in lower case letters, digits and '-', not '\(name)'", line: 1)
    }
  }

  private func checkChart() throws(QueryError) {
    guard let (hint, line) = chart else { return }
    for name in [hint.x, hint.series].compactMap({ $0 }) + hint.y
    where !columns.contains(where: { $0.name == name }) {
      throw error("the chart draws '\(name)', which is no column", line: line)
    }
  }

  private func error(_ problem: String, line: Int) -> QueryError {
    QueryError(.queryFile, "\(file):\(line): \(problem)")
  }

  private func isName(_ text: String) -> Bool {
    text.wholeMatch(isNameByte) && text.first != "-"
  }
}

private func isNameByte(_ byte: UInt8) -> Bool {
  switch byte {
  case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"),
    UInt8(ascii: "-"):
    true
  default: false
  }
}

extension String {
  /// Whether it is not empty and every byte is of a kind.
  fileprivate func wholeMatch(_ isOfKind: (UInt8) -> Bool) -> Bool {
    !isEmpty && utf8.allSatisfy(isOfKind)
  }
}

/// The text without the spaces around it.
func trimmed(_ text: some StringProtocol) -> String {
  let start = text.drop(while: \.isWhitespace)
  let end = start.lastIndex { !$0.isWhitespace }
  return end.map { String(start[...$0]) } ?? ""
}
