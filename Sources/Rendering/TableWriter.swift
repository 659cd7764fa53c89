import NamedQueries

/// Columns for the eye: a box on a terminal, plain columns under an underlined header when piped.
///
/// It keeps the answer in memory to measure it, cells no longer than a line can show.
final class TableWriter: RowWriter {
  /// How the columns are set off.
  enum Style {
    /// Box drawing, for a terminal.
    case boxed
    /// Two spaces between columns and an underline below the header.
    case plain
  }

  private let options: RenderingOptions
  private let style: Style
  private let text: CellText
  private let sink: any ByteSink
  private var columns: [Column] = []
  private var header: [String] = []
  private var rows: [[String]] = []
  private var firstRow: [Cell] = []
  private var valueWidths: [Int] = []
  private var hasCut = false
  private(set) var notes: [String] = []

  init(_ options: RenderingOptions, to sink: any ByteSink) {
    self.options = options
    self.sink = sink
    style = options.isTerminal ? .boxed : .plain
    text = CellText(options)
  }

  private var limit: Int? { options.wide ? nil : options.width.map { max($0, 1) } }

  func begin(_ columns: [Column]) throws(OutputError) {
    self.columns = columns
    header = columns.map { TerminalText.visible($0.name) }
    valueWidths = columns.map { _ in 0 }
  }

  func row(_ cells: [Cell]) throws(OutputError) {
    precondition(cells.count == columns.count, "a row has a cell for each column")
    if rows.isEmpty { firstRow = cells }
    var row: [String] = []
    row.reserveCapacity(cells.count)
    for (index, cell) in cells.enumerated() {
      var shown = text.readable(cell, columns[index].kind)
      // One cell more than the line tells the layout that the value did not fit.
      if let limit, !columns[index].kind.isNumeric {
        shown = DisplayWidth.elided(shown, to: limit + 1)
      } else if limit == nil, !options.wide, !columns[index].kind.isNumeric {
        let whole = shown
        shown = DisplayWidth.elided(whole, to: DisplayWidth.widestText)
        hasCut = hasCut || shown.utf8.count != whole.utf8.count
      }
      valueWidths[index] = max(valueWidths[index], DisplayWidth.of(shown))
      row.append(shown)
    }
    rows.append(row)
  }

  func finish() throws(OutputError) {
    if rows.isEmpty { notes.append(noRowsNote) }
    if hasCut { notes.append(cutNote) }
    guard !columns.isEmpty else {
      try sink.flush()
      return
    }
    let layout = TableLayout(
      headers: options.header ? header.map { DisplayWidth.of($0) } : header.map { _ in 0 },
      values: valueWidths, isWhole: columns.indices.map(isWhole),
      limit: limit, gap: style == .boxed ? 3 : 2, edges: style == .boxed ? 4 : 0)
    if layout.hidden > 0 {
      if style == .boxed, rows.count == 1 { return try writeVertically() }
      let what =
        layout.hidden == 1
        ? "1 column does not fit and is" : "\(layout.hidden) columns do not fit and are"
      notes.append("(\(what) left out; use --wide or --format vertical)")
    }
    try writeRule("┌", "┬", "┐", layout)
    if options.header {
      try writeLine(header, layout)
      if style == .boxed {
        try writeRule("├", "┼", "┤", layout)
      } else {
        try writeUnderline(layout)
      }
    }
    for row in rows { try writeLine(row, layout) }
    try writeRule("└", "┴", "┘", layout)
    try sink.flush()
  }

  /// A single row that does not fit across is written down the screen.
  private func writeVertically() throws(OutputError) {
    let writer = VerticalWriter(options, to: sink)
    try writer.begin(columns)
    try writer.row(firstRow)
    try writer.finish()
  }

  private func writeLine(_ cells: [String], _ layout: TableLayout) throws(OutputError) {
    var shown = layout.widths.indices.map { index in
      let width = layout.widths[index]
      return DisplayWidth.padded(
        DisplayWidth.elided(cells[index], to: width), to: width,
        right: columns[index].kind.isNumeric)
    }
    if layout.hidden > 0 { shown.append("…") }
    try write(shown, "│ ", " │ ", " │")
  }

  /// Whether the values of a column are of no use in part: numbers, and times and ids unless they are
  /// too long for any line.
  private func isWhole(_ index: Int) -> Bool {
    switch columns[index].kind {
    case .count, .number, .percent: true
    case .time, .id: valueWidths[index] <= min(40, (limit ?? .max) - 4)
    case .text, .flag: false
    }
  }

  private func writeUnderline(_ layout: TableLayout) throws(OutputError) {
    var lines = layout.widths.map { String(repeating: "-", count: $0) }
    if layout.hidden > 0 { lines.append("-") }
    try write(lines, "", "  ", "")
  }

  private func writeRule(
    _ left: String, _ middle: String, _ right: String, _ layout: TableLayout
  ) throws(OutputError) {
    guard style == .boxed else { return }
    let widths = layout.widths + (layout.hidden > 0 ? [1] : [])
    let lines = widths.map { String(repeating: "─", count: $0 + 2) }
    try sink.write(Array((left + lines.joined(separator: middle) + right + "\n").utf8))
  }

  private func write(
    _ cells: [String], _ left: String, _ middle: String, _ right: String
  ) throws(OutputError) {
    if style == .boxed {
      try sink.write(Array((left + cells.joined(separator: middle) + right + "\n").utf8))
      return
    }
    // No spaces at the end of a line, which show up in diffs and mails.
    var line = Array(cells.joined(separator: "  ").utf8)
    while line.last == UInt8(ascii: " ") { line.removeLast() }
    line.append(UInt8(ascii: "\n"))
    try sink.write(line)
  }
}
