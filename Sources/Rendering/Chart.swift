import NamedQueries

/// Draws an answer with text, for a terminal or a log.
public enum Chart {
  /// The answer as its hint says it is best drawn, with the numbers beside the picture.
  ///
  /// Where the hint names no columns, or columns the answer lacks, the first column that holds no
  /// numbers makes the axis and the columns of numbers are measured. An answer without numbers, or
  /// with the hint `table`, is drawn as a table. Text of the data is made safe for a terminal.
  ///
  /// - Parameters:
  ///   - columns: The columns of the answer.
  ///   - rows: A cell for each column.
  ///   - hint: The form, and which columns it is made of.
  ///   - options: `width` is how wide lines get, 80 if nil and at least 20; `colour` gives each
  ///     series one colour that colour-blind people can tell apart. Without colour nothing depends
  ///     on it.
  /// - Returns: Lines that each end with `\n`.
  public static func draw(
    columns: [Column], rows: [[Cell]], hint: ChartHint, options: RenderingOptions
  ) -> String {
    precondition(
      rows.allSatisfy { $0.count == columns.count }, "a row has a cell for each column")
    guard !rows.isEmpty else { return noRowsNote + "\n" }
    let data = ChartData(columns: columns, rows: rows, hint: hint, options: options)
    let canvas = ChartCanvas(options)
    if data.measures.isEmpty { return table(columns, rows, options) }
    switch hint.form {
    case .bar: return BarChart(data, canvas).draw()
    case .pie, .sunburst: return BarChart(data, canvas, showsShares: true).draw()
    case .line: return LineChart(data, canvas).draw()
    case .heatmap: return HeatMap(data, canvas).draw()
    case .cards: return cards(columns, rows, options)
    case .table: return table(columns, rows, options)
    }
  }

  private static func table(
    _ columns: [Column], _ rows: [[Cell]], _ options: RenderingOptions
  ) -> String {
    var options = options
    options.format = .table
    return written(columns, rows, options)
  }

  private static func cards(
    _ columns: [Column], _ rows: [[Cell]], _ options: RenderingOptions
  ) -> String {
    var options = options
    options.format = .vertical
    options.nullText = options.nullText.isEmpty ? "–" : options.nullText
    return written(columns, rows, options)
  }

  private static func written(
    _ columns: [Column], _ rows: [[Cell]], _ options: RenderingOptions
  ) -> String {
    let sink = MemorySink()
    let writer = options.makeWriter(to: sink)
    do throws(OutputError) {
      try writer.begin(columns)
      for row in rows { try writer.row(row) }
      try writer.finish()
    } catch {
      // Memory refuses nothing; should a sink ever do, its reason is what there is to show.
      return error.description + "\n"
    }
    return sink.text
  }
}

/// What all charts share: the room there is, and the colours.
struct ChartCanvas {
  /// The cells of a line.
  let width: Int
  /// Whether series can be told apart by their colour.
  var hasColour: Bool { depth != .none }
  private let depth: ColourDepth

  init(_ options: RenderingOptions) {
    width = max(options.width ?? 80, 20)
    depth = options.colour
  }

  /// A text in the colour of a series.
  func paint(_ text: String, _ colour: ChartColour) -> String {
    guard let code = colour.code(depth), !text.isEmpty else { return text }
    return "\u{1B}[38;\(code)m\(text)\u{1B}[0m"
  }

  /// A text on a background, in black or white, whichever is read better on it.
  func fill(_ text: String, _ colour: ChartColour) -> String {
    guard let code = colour.code(depth) else { return text }
    let ink = colour.isLight ? "30" : "97"
    return "\u{1B}[\(ink);48;\(code)m\(text)\u{1B}[0m"
  }
}
