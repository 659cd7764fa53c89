/// One column of an answer.
public struct Column: Equatable, Sendable {
  /// The name, as in the SQL and the first line of a CSV.
  public let name: String
  /// What its values are, so that every output can show them well.
  public let kind: Kind

  /// A column of a name and a kind.
  public init(name: String, kind: Kind) {
    self.name = name
    self.kind = kind
  }

  /// What the values of a column are.
  public enum Kind: String, CaseIterable, Sendable {
    /// Text as people wrote it.
    case text
    /// An identifier, which is text even if it is all digits.
    case id
    /// A whole number.
    case count
    /// A number with a fraction.
    case number
    /// Percent, rounded to two decimals; 12.5 is 12.5 %.
    case percent
    /// Microseconds since the epoch, shown as ISO 8601 in the zone of the question.
    case time
    /// A 0 or 1 that stands for no or yes.
    case flag
  }
}

/// One value of an answer, in SQLite's terms.
public enum Cell: Hashable, Sendable {
  case null
  case integer(Int64)
  case real(Double)
  case text(String)
}
