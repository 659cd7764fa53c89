import NamedQueries
import Posts

/// The text of a value: exact for programs, or readable for people.
struct CellText {
  private let zoneOffset: @Sendable (Timestamp) -> Int
  private let groups: Bool
  /// What a person sees for NULL.
  let null: String

  init(_ options: RenderingOptions) {
    zoneOffset = options.zoneOffset
    groups = options.thousands && options.isTerminal
    null = TerminalText.visible(options.nullText)
  }

  /// The whole value, as a program reads it; nil for NULL.
  func exact(_ cell: Cell, _ kind: Column.Kind) -> String? {
    switch cell {
    case .null: nil
    case .text(let text): text
    case .integer, .real:
      if kind == .time, let time = CellText.time(cell) { iso8601(time) } else { plain(cell) }
    }
  }

  /// The value for the eye, on one line, with nothing in it that steers a terminal.
  func readable(_ cell: Cell, _ kind: Column.Kind) -> String {
    switch (cell, kind) {
    case (.null, _): null
    case (.text(let text), _): TerminalText.visible(text)
    case (.integer(let number), .count), (.integer(let number), .number):
      groups ? NumberText.grouped(number) : String(number)
    case (.integer(let number), .percent):
      NumberText.fixed(Double(number), decimals: 2, grouped: groups) + "%"
    case (.real(let number), .percent):
      NumberText.fixed(number, decimals: 2, grouped: groups) + "%"
    case (.integer(0), .flag): "no"
    case (.integer(1), .flag): "yes"
    case (.integer, .time), (.real, .time): exact(cell, kind) ?? null
    case (.integer(let number), _): String(number)
    case (.real(let number), _): NumberText.readable(number, grouped: groups)
    }
  }

  /// The instant in local time as spreadsheets read it, `2026-11-25 00:34:05`.
  ///
  /// Midnight is written out: without it a spreadsheet would format that one cell as a date. What is
  /// below a second is cut, since Excel takes a time with six decimals for text.
  func spreadsheetTime(_ time: Timestamp) -> String {
    let parts = iso8601(time).split(separator: "T", maxSplits: 1)
    guard parts.count == 2 else { return iso8601(time) }
    return parts[0] + " " + parts[1].prefix(8)
  }

  /// The instant a cell stands for, if a day of the years 1 to 9999 has it somewhere on Earth: the local
  /// day of a post can begin before the first of January of the year 1 in UTC.
  static func time(_ cell: Cell) -> Timestamp? {
    let value: Int64? =
      switch cell {
      case .integer(let number): number
      case .real(let number): Int64(exactly: number.rounded())
      case .null, .text: nil
      }
    let day: Int64 = 86_400_000_000
    let years = (-62_135_596_800_000_000 - day)...(253_402_300_799_999_999 + day)
    guard let value, years.contains(value) else { return nil }
    return Timestamp(microseconds: value)
  }

  private func iso8601(_ time: Timestamp) -> String {
    time.iso8601(offsetSeconds: zoneOffset(time))
  }

  private func plain(_ cell: Cell) -> String? {
    switch cell {
    case .null: nil
    case .integer(let number): String(number)
    case .real(let number): NumberText.exact(number)
    case .text(let text): text
    }
  }
}

extension Column.Kind {
  /// Whether values line up at their last digit.
  var isNumeric: Bool {
    switch self {
    case .count, .number, .percent: true
    case .text, .id, .time, .flag: false
    }
  }
}

extension Cell {
  /// The value as a number that can be drawn.
  var number: Double? {
    switch self {
    case .integer(let number): Double(number)
    case .real(let number): number.isFinite ? number : nil
    case .null, .text: nil
    }
  }
}
