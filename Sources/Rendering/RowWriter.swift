import NamedQueries

/// Writes one answer to a sink: `begin` once, `row` for each row, `finish` once.
public protocol RowWriter: AnyObject {
  /// Starts the answer.
  func begin(_ columns: [Column]) throws(OutputError)
  /// Takes a row, a cell for each column. A streaming format hands it to the sink at once.
  func row(_ cells: [Cell]) throws(OutputError)
  /// Ends the answer and flushes the sink.
  func finish() throws(OutputError)
  /// What a person should know about the answer that is not a part of it, such as that it has no
  /// rows. A sentence each, for standard error; complete after `finish`.
  var notes: [String] { get }
}

extension RenderingOptions {
  /// A writer of these options' format.
  public func makeWriter(to sink: any ByteSink) -> any RowWriter {
    switch format {
    case .table: TableWriter(self, to: sink)
    case .csv: CSVWriter(self, to: sink)
    case .tsv: TSVWriter(self, to: sink)
    case .json: JSONWriter(self, to: sink, isArray: true)
    case .ndjson: JSONWriter(self, to: sink, isArray: false)
    case .markdown: MarkdownWriter(self, to: sink)
    case .vertical: VerticalWriter(self, to: sink)
    }
  }

  /// A writer that draws the answer as its query says it is best drawn; see ``Chart``.
  public func makeChartWriter(_ hint: ChartHint, to sink: any ByteSink) -> any RowWriter {
    ChartWriter(hint, self, to: sink)
  }
}

/// What a person is told of texts that were cut where no terminal asked for it.
let cutNote =
  "(texts of more than \(DisplayWidth.widestText) characters are cut; csv, json and vertical have them whole)"

/// What a person is told of an answer without rows.
let noRowsNote = "(no rows)"

extension [UInt8] {
  /// Appends the UTF-8 of a text.
  mutating func append(_ text: String) { append(contentsOf: text.utf8) }
}
