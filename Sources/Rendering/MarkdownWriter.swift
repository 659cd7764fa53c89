import NamedQueries

/// A table of GitHub Flavored Markdown whose columns also line up as plain text.
///
/// It keeps the answer in memory to measure it.
final class MarkdownWriter: RowWriter {
  private let text: CellText
  private let sink: any ByteSink
  private var kinds: [Column.Kind] = []
  private var widths: [Int] = []
  private var lines: [[String]] = []
  private var hasCut = false

  init(_ options: RenderingOptions, to sink: any ByteSink) {
    self.sink = sink
    text = CellText(options)
  }

  var notes: [String] { lines.count <= 1 ? [noRowsNote] : hasCut ? [cutNote] : [] }

  /// Columns are padded up to here; one long cell should not make each line as long.
  private static let widestPadding = 60

  func begin(_ columns: [Column]) throws(OutputError) {
    kinds = columns.map(\.kind)
    widths = kinds.map { $0.isNumeric ? 4 : 3 }
    add(columns.map { MarkdownWriter.escaped($0.name) })
  }

  func row(_ cells: [Cell]) throws(OutputError) {
    precondition(cells.count == kinds.count, "a row has a cell for each column")
    add(
      zip(cells, kinds).map { cell, kind in
        if case .text(let text) = cell { return MarkdownWriter.escaped(cut(text)) }
        return MarkdownWriter.escaped(text.readable(cell, kind))
      })
  }

  /// The text, its end replaced by `…` if it is too long. Characters are counted, not cells, since line
  /// ends have none.
  private func cut(_ text: String) -> String {
    guard text.utf8.count > DisplayWidth.widestText, text.count > DisplayWidth.widestText else {
      return text
    }
    hasCut = true
    return text.prefix(DisplayWidth.widestText - 1) + "…"
  }

  func finish() throws(OutputError) {
    guard !kinds.isEmpty, let header = lines.first else {
      try sink.flush()
      return
    }
    try write(header)
    try write(
      zip(widths, kinds).map { width, kind in
        String(repeating: "-", count: width - (kind.isNumeric ? 1 : 0))
          + (kind.isNumeric ? ":" : "")
      })
    for line in lines.dropFirst() { try write(line) }
    try sink.flush()
  }

  private func add(_ line: [String]) {
    for (index, cell) in line.enumerated() {
      widths[index] = max(
        widths[index], min(DisplayWidth.of(cell), MarkdownWriter.widestPadding))
    }
    lines.append(line)
  }

  private func write(_ line: [String]) throws(OutputError) {
    var out = "|"
    for (index, cell) in line.enumerated() {
      out += " " + DisplayWidth.padded(cell, to: widths[index], right: kinds[index].isNumeric)
      out += " |"
    }
    try sink.write(Array((out + "\n").utf8))
  }

  /// A text that Markdown shows as it is: neither markup nor HTML, on one line.
  ///
  /// Of a table, `\|` is read before any other escape; that is why the backslashes before a bar are
  /// doubled like all others.
  static func escaped(_ text: String) -> String {
    var out = ""
    var previous: Character = " "
    var rest = text[...]
    while let character = rest.popFirst() {
      switch character {
      case "\n", "\r\n", "\r", "\u{2028}", "\u{2029}": out += "<br>"
      case "&": out += "&amp;"
      case "<": out += "&lt;"
      case ">": out += "&gt;"
      case "\\", "|", "`", "*", "[", "]", "~", "$": out += "\\" + String(character)
      case "_":
        // Within a word, as in most names of columns, it is no markup.
        let next = rest.first ?? " "
        let isInWord =
          (previous.isLetter || previous.isNumber) && (next.isLetter || next.isNumber)
        out += isInWord ? "_" : "\\_"
      default: out += TerminalText.visible(String(character))
      }
      previous = character
    }
    return out
  }
}
