import NamedQueries

/// A chart of an answer, which it keeps in memory to measure it. For the eye.
final class ChartWriter: RowWriter {
  private let hint: ChartHint
  private let options: RenderingOptions
  private let sink: any ByteSink
  private var columns: [Column] = []
  private var rows: [[Cell]] = []

  init(_ hint: ChartHint, _ options: RenderingOptions, to sink: any ByteSink) {
    self.hint = hint
    self.options = options
    self.sink = sink
  }

  var notes: [String] { rows.isEmpty ? [noRowsNote] : [] }

  func begin(_ columns: [Column]) throws(OutputError) { self.columns = columns }

  func row(_ cells: [Cell]) throws(OutputError) {
    precondition(cells.count == columns.count, "a row has a cell for each column")
    rows.append(cells)
  }

  func finish() throws(OutputError) {
    if !rows.isEmpty {
      let text = Chart.draw(columns: columns, rows: rows, hint: hint, options: options)
      try sink.write(Array(text.utf8))
    }
    try sink.flush()
  }
}
