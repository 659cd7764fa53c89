import NamedQueries

/// A block for each row with `name: value` a line, in constant memory. For the eye.
final class VerticalWriter: RowWriter {
  private let text: CellText
  private let sink: any ByteSink
  private var kinds: [Column.Kind] = []
  private var labels: [String] = []
  private var isEmpty = true

  init(_ options: RenderingOptions, to sink: any ByteSink) {
    self.sink = sink
    text = CellText(options)
  }

  var notes: [String] { isEmpty ? [noRowsNote] : [] }

  func begin(_ columns: [Column]) throws(OutputError) {
    kinds = columns.map(\.kind)
    let names = columns.map { TerminalText.visible($0.name) }
    let width = names.map { DisplayWidth.of($0) }.max() ?? 0
    labels = names.map { DisplayWidth.padded($0 + ":", to: width + 2) }
  }

  func row(_ cells: [Cell]) throws(OutputError) {
    precondition(cells.count == kinds.count, "a row has a cell for each column")
    var block = isEmpty ? "" : "\n"
    isEmpty = false
    for index in cells.indices {
      block += labels[index] + text.readable(cells[index], kinds[index]) + "\n"
    }
    try sink.write(Array(block.utf8))
  }

  func finish() throws(OutputError) { try sink.flush() }
}
