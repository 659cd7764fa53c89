/// The forms an answer can be written in.
public enum Format: String, CaseIterable, Sendable {
  /// Columns for the eye: boxed on a terminal, aligned when piped.
  case table
  /// Comma-separated values as RFC 4180 has them, with `\n` line ends.
  case csv
  /// Tab-separated values, with `\t`, `\n`, `\r` and `\\` for what would break a line or a field.
  case tsv
  /// One JSON array, an object a line.
  case json
  /// A JSON object a line, without an array around them.
  case ndjson
  /// A table of GitHub Flavored Markdown.
  case markdown
  /// A block for each row, `name: value` a line.
  case vertical

  /// Whether rows go out as they come. The others hold the answer in memory to measure it.
  public var isStreaming: Bool {
    switch self {
    case .csv, .tsv, .json, .ndjson, .vertical: true
    case .table, .markdown: false
    }
  }
}
