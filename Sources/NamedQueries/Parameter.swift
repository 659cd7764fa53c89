import Posts

/// A parameter that a query declares in its header, and that is an option of its command.
public struct Parameter: Equatable, Sendable {
  /// What values it takes.
  public enum Kind: Equatable, Sendable {
    case integer(ClosedRange<Int64>)
    case number(ClosedRange<Double>)
    case text
    case choice([String])
    /// A hashtag in any spelling, with or without `#`; the SQL gets its key.
    case hashtag
  }

  /// The name, without the `:` of the SQL or the `--` of the command.
  public let name: String
  /// What values it takes.
  public let kind: Kind
  /// Its value unless one is given; a parameter without a default must be given.
  public let defaultValue: Cell?
  /// What it is for, in one sentence.
  public let help: String
  /// The line of its declaration, counted from 1.
  let line: Int

  /// Options that every query takes, so that no parameter can have their names.
  public static let commonOptions = [
    "bucket", "changes", "chart", "color", "db", "delimiter", "every", "excel", "format", "help",
    "no-header", "no-rollups", "null", "output", "platform", "previous", "queries", "sentiment",
    "since", "timeout", "topic", "tz", "until", "viral", "wide",
  ]

  /// The name in the SQL, where `-` would be a minus: `min_posts` for `--min-posts`.
  var sqlName: String { String(name.map { $0 == "-" ? "_" : $0 }) }

  /// What values it takes, in words: `a whole number from 1 to 10000`.
  public var forms: String {
    switch kind {
    case .integer(let range) where range.upperBound == .max:
      "a whole number from \(range.lowerBound)"
    case .integer(let range): "a whole number from \(range.lowerBound) to \(range.upperBound)"
    case .number(let range) where range.upperBound == .greatestFiniteMagnitude:
      "a number from \(range.lowerBound)"
    case .number(let range): "a number from \(range.lowerBound) to \(range.upperBound)"
    case .text: "a text"
    case .choice(let choices): choices.joined(separator: ", ")
    case .hashtag: "a hashtag"
    }
  }

  /// The value that a text stands for.
  ///
  /// - Throws: `QueryError` that says which values there are.
  public func value(from text: String) throws(QueryError) -> Cell {
    switch kind {
    case .integer(let range):
      if let number = Int64(text), range.contains(number) { return .integer(number) }
    case .number(let range):
      if let number = Double(text), range.contains(number) { return .real(number) }
    case .text:
      if !text.isEmpty { return .text(text) }
    case .choice(let choices):
      if choices.contains(text) { return .text(text) }
    case .hashtag:
      if let hashtag = Hashtag(text) { return .text(hashtag.key.string) }
    }
    throw QueryError(.usage, "--\(name) '\(text)' is not \(article)\(forms)")
  }

  private var article: String {
    if case .choice = kind { "one of " } else { "" }
  }
}
