import NamedQueries

/// Tab-separated values, a row on one line whatever the data holds, in constant memory.
///
/// Tab, line feed, carriage return and backslash are written `\t`, `\n`, `\r` and `\\`. NULL is
/// `nullText` as it is; `\N` is a choice that no data can imitate.
final class TSVWriter: RowWriter {
  private let options: RenderingOptions
  private let text: CellText
  private let sink: any ByteSink
  private var kinds: [Column.Kind] = []
  private var line: [UInt8] = []
  private var isEmpty = true

  init(_ options: RenderingOptions, to sink: any ByteSink) {
    self.options = options
    self.sink = sink
    text = CellText(options)
  }

  var notes: [String] { isEmpty ? [noRowsNote] : [] }

  func begin(_ columns: [Column]) throws(OutputError) {
    kinds = columns.map(\.kind)
    guard options.header else { return }
    for (index, column) in columns.enumerated() {
      if index > 0 { line.append(UInt8(ascii: "\t")) }
      append(column.name)
    }
    try send()
  }

  func row(_ cells: [Cell]) throws(OutputError) {
    precondition(cells.count == kinds.count, "a row has a cell for each column")
    isEmpty = false
    for index in cells.indices {
      if index > 0 { line.append(UInt8(ascii: "\t")) }
      if let exact = text.exact(cells[index], kinds[index]) {
        append(exact)
      } else {
        line.append(options.isTerminal ? text.null : options.nullText)
      }
    }
    try send()
  }

  func finish() throws(OutputError) { try sink.flush() }

  private func append(_ text: String) {
    let field = options.isTerminal ? TerminalText.visibleKeepingLines(text) : text
    let needsEscape = field.utf8.contains { byte in
      byte == UInt8(ascii: "\t") || byte == UInt8(ascii: "\n") || byte == UInt8(ascii: "\r")
        || byte == UInt8(ascii: "\\")
    }
    line += needsEscape ? TSVWriter.escaped(field) : Array(field.utf8)
  }

  private static func escaped(_ field: String) -> [UInt8] {
    var out: [UInt8] = []
    for byte in field.utf8 {
      switch byte {
      case UInt8(ascii: "\t"): out.append("\\t")
      case UInt8(ascii: "\n"): out.append("\\n")
      case UInt8(ascii: "\r"): out.append("\\r")
      case UInt8(ascii: "\\"): out.append("\\\\")
      default: out.append(byte)
      }
    }
    return out
  }

  private func send() throws(OutputError) {
    line.append(UInt8(ascii: "\n"))
    try sink.write(line)
    line.removeAll(keepingCapacity: true)
  }
}
