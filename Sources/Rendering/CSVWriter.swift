import NamedQueries

/// Comma-separated values after RFC 4180, exact and in constant memory.
///
/// NULL is an empty field and an empty text is `""`, so that a reader that looks can tell them
/// apart. In an answer of one column a NULL is therefore an empty line, which some readers skip;
/// `nullText` helps there. A text that is the same as `nullText` is quoted. Lines end with `\n`, or
/// with CRLF for a spreadsheet.
final class CSVWriter: RowWriter {
  private let options: RenderingOptions
  private let text: CellText
  private let sink: any ByteSink
  private let null: String
  private var kinds: [Column.Kind] = []
  private var line: [UInt8] = []
  private var isEmpty = true

  init(_ options: RenderingOptions, to sink: any ByteSink) {
    self.options = options
    self.sink = sink
    text = CellText(options)
    null = options.isTerminal ? text.null : options.nullText
  }

  var notes: [String] { isEmpty ? [noRowsNote] : [] }

  func begin(_ columns: [Column]) throws(OutputError) {
    kinds = columns.map(\.kind)
    if options.excel { line += [0xEF, 0xBB, 0xBF] }
    if options.header {
      for (index, column) in columns.enumerated() {
        if index > 0 { line.append(options.delimiter.byte) }
        append(field(column.name))
      }
      endLine()
    }
    try send()
  }

  func row(_ cells: [Cell]) throws(OutputError) {
    precondition(cells.count == kinds.count, "a row has a cell for each column")
    isEmpty = false
    for index in cells.indices {
      if index > 0 { line.append(options.delimiter.byte) }
      append(cells[index], kinds[index])
    }
    endLine()
    try send()
  }

  func finish() throws(OutputError) { try sink.flush() }

  private func append(_ cell: Cell, _ kind: Column.Kind) {
    if options.excel, kind == .time, let time = CellText.time(cell) {
      append(text.spreadsheetTime(time))
      return
    }
    guard let exact = text.exact(cell, kind) else {
      append(null, isNull: true)
      return
    }
    switch (cell, kind) {
    case (.text, _), (_, .id): append(field(exact))
    // A spreadsheet keeps fifteen digits of a number and makes zeros of the others.
    case (.integer(let number), _)
    where options.excel
      && number.magnitude >= 1_000_000_000_000_000:
      append(SpreadsheetText.constant(exact))
    default: append(exact)
    }
  }

  /// A text as the field's reader should get it.
  private func field(_ text: String) -> String {
    var field = text
    if options.excel { field = SpreadsheetText.field(field) }
    return options.isTerminal ? TerminalText.visibleKeepingLines(field) : field
  }

  private func append(_ field: String, isNull: Bool = false) {
    guard needsQuotes(field, isNull: isNull) else {
      line.append(field)
      return
    }
    var quoted = [UInt8(ascii: "\"")]
    for byte in field.utf8 {
      if byte == UInt8(ascii: "\"") { quoted.append(byte) }
      quoted.append(byte)
    }
    quoted.append(UInt8(ascii: "\""))
    line += quoted
  }

  private func needsQuotes(_ field: String, isNull: Bool) -> Bool {
    let bytes = field.utf8
    guard let first = bytes.first, let last = bytes.last else { return !isNull }
    if !isNull, bytes.elementsEqual(null.utf8) { return true }
    // Spaces at the ends are a part of the field, but some readers trim what is not quoted.
    if first == UInt8(ascii: " ") || last == UInt8(ascii: " ") { return true }
    let delimiter = options.delimiter.byte
    return bytes.contains { byte in
      byte == delimiter || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\n")
        || byte == UInt8(ascii: "\r")
    }
  }

  private func endLine() {
    if options.excel { line.append(UInt8(ascii: "\r")) }
    line.append(UInt8(ascii: "\n"))
  }

  private func send() throws(OutputError) {
    try sink.write(line)
    line.removeAll(keepingCapacity: true)
  }
}
