import ArgumentParser
import NamedQueries
import Rendering
import Signals

/// How an answer is written, and where to.
struct OutputOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "How to write the answer: \(Format.list). Default: $SOCIALQ_FORMAT, else table.",
      valueName: "format"))
  var format: Format?

  @Option(
    help: ArgumentHelp(
      "Write to a file, which is there whole or not at all.", valueName: "file"))
  var output: String?

  @Flag(name: .customLong("no-header"), help: "Leave out the names of the columns.")
  var leavesOutHeader = false

  @Option(
    name: .customLong("null"),
    help: ArgumentHelp("What to write where there is no value.", valueName: "text"))
  var nullText: String?

  @Flag(help: "Let a table be wider than the terminal.")
  var wide = false

  @Flag(help: "Write CSV that a spreadsheet opens right, and in which it finds no formulas.")
  var excel = false

  @Option(
    help: ArgumentHelp(
      "What stands between the fields of CSV: comma, semicolon, tab or a character.",
      valueName: "character"),
    transform: { try Delimiter($0) })
  var delimiter: Delimiter?

  @Flag(help: "Draw the answer.")
  var chart = false

  @Option(
    help: ArgumentHelp("Whether a chart has colour: auto, always or never.", valueName: "when"))
  var color = ColourChoice.auto

  /// When a chart has colour.
  enum ColourChoice: String, ExpressibleByArgument, CaseIterable {
    /// On a terminal that has it, unless `NO_COLOR` is set.
    case auto
    case always, never
  }

  /// Opens the place of an answer.
  ///
  /// - Parameters:
  ///   - zone: The zone of times.
  ///   - chart: How the answer is best drawn, if its query says so.
  ///   - name: The query, for messages.
  ///   - groupsThousands: Whether a terminal shows 1,234 rather than 1234.
  /// - Throws: `QueryError` for flags that make no sense together, `OutputError`.
  func answer(
    zone: Zone, chart hint: ChartHint? = nil, of name: String? = nil, groupsThousands: Bool = true
  ) throws -> Answer {
    var settings = try settings(zone: zone)
    settings.thousands = groupsThousands
    let drawn = try drawnAs(hint, of: name)
    // Whoever stops the program wants no half of a file.
    StopSignal.install()
    return Answer(settings, drawn, to: try output.map { try OutputFile($0, isStopped: isStopped) })
  }

  /// The hint of a chart if one is asked for.
  func drawnAs(_ hint: ChartHint?, of name: String?) throws -> ChartHint? {
    guard chart else { return nil }
    guard let hint else {
      let what = name.map { "the answer of '\($0)'" } ?? "this answer"
      throw QueryError(
        .usage, "\(what) has no chart: leave out --chart, or give its query a '-- chart:' line")
    }
    return hint
  }

  /// All that the flags say together.
  func settings(zone: Zone) throws -> RenderingOptions {
    let format = try resolvedFormat()
    try check(format)
    let terminal = output == nil ? Terminal.ofStandardOutput : nil
    var options = RenderingOptions.forTerminal(terminal, format, zone: zone)
    options.wide = wide
    options.header = !leavesOutHeader
    options.nullText = nullText ?? ""
    options.excel = excel
    options.delimiter = delimiter ?? .comma
    options.colour =
      switch color {
      case .always: Terminal.colourDepth
      case .never: .none
      case .auto:
        terminal?.hasColour == true && Variable.noColour.value == nil
          ? Terminal.colourDepth : .none
      }
    return options
  }

  private func resolvedFormat() throws -> Format {
    if let format { return format }
    if excel { return .csv }
    if let output, !chart {
      guard !output.isEmpty else { throw QueryError(.usage, "--output '' names no file") }
      let ending = output.split(separator: "/").last?.split(separator: ".").dropFirst().last
      switch ending?.lowercased() {
      case "md": return .markdown
      case let ending?:
        if let format = Format(rawValue: ending) { return format }
        if ["xlsx", "xls", "ods"].contains(ending) {
          throw QueryError(
            .usage, "--output writes no .\(ending): write a .csv with --excel, which opens the same"
          )
        }
      case nil: break
      }
    }
    guard let text = Variable.format.value else { return .table }
    guard let format = Format(rawValue: text) else {
      throw QueryError(.usage, "$SOCIALQ_FORMAT is '\(text)', which is not one of \(Format.list)")
    }
    return format
  }

  /// Refuses flags that would have no effect.
  private func check(_ format: Format) throws {
    guard !chart || self.format == nil else {
      throw QueryError(.usage, "--chart draws the answer: leave out --format, or --chart")
    }
    let flags: [(isGiven: Bool, name: String, formats: [Format])] = [
      (excel, "--excel", [.csv]), (delimiter != nil, "--delimiter", [.csv]),
      (wide, "--wide", [.table]), (leavesOutHeader, "--no-header", [.table, .csv, .tsv]),
      (nullText != nil, "--null", Format.allCases.filter { $0 != .json && $0 != .ndjson }),
    ]
    for flag in flags where flag.isGiven {
      if chart {
        guard flag.name == "--null" else {
          throw QueryError(.usage, "\(flag.name) has no effect on a chart: leave one of them out")
        }
      } else if !flag.formats.contains(format) {
        let formats = flag.formats.map(\.rawValue).joined(separator: ", ")
        throw QueryError(
          .usage, "\(flag.name) goes with --format \(formats), and the format is \(format.rawValue)"
        )
      }
    }
  }
}

extension RenderingOptions {
  /// What standard output can show.
  static func forStandardOutput(_ format: Format, zone: Zone) -> RenderingOptions {
    forTerminal(.ofStandardOutput, format, zone: zone)
  }

  /// What a terminal can show, or a file if it is nil.
  static func forTerminal(
    _ terminal: Terminal?, _ format: Format, zone: Zone
  ) -> RenderingOptions {
    RenderingOptions(
      format: format, isTerminal: terminal != nil, width: terminal?.width,
      zoneOffset: { zone.offset(at: $0) })
  }
}

extension Format: ExpressibleByArgument {
  /// The names of all formats.
  static let list = allCases.map(\.rawValue).joined(separator: ", ")
}
