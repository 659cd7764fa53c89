import NamedQueries

/// JSON after RFC 8259, an object a line in constant memory: as one array, or without one around.
///
/// Whole numbers are written with all their digits, also beyond 2⁵³; an identifier is text even if
/// it is all digits. A number that JSON lacks, an infinity, is null. Of columns of one name the
/// second is written `name_2` and so on, since of equal keys readers keep only one.
final class JSONWriter: RowWriter {
  private let text: CellText
  private let sink: any ByteSink
  private let isArray: Bool
  private var kinds: [Column.Kind] = []
  private var keys: [[UInt8]] = []
  private var line: [UInt8] = []
  private var isEmpty = true

  init(_ options: RenderingOptions, to sink: any ByteSink, isArray: Bool) {
    self.sink = sink
    self.isArray = isArray
    text = CellText(options)
  }

  var notes: [String] { isEmpty ? [noRowsNote] : [] }

  func begin(_ columns: [Column]) throws(OutputError) {
    kinds = columns.map(\.kind)
    keys = JSONWriter.distinctNames(columns.map(\.name)).map { name in
      var key: [UInt8] = []
      JSONText.append(name, to: &key)
      key.append(UInt8(ascii: ":"))
      return key
    }
    if isArray { try sink.write([UInt8(ascii: "[")]) }
  }

  func row(_ cells: [Cell]) throws(OutputError) {
    precondition(cells.count == kinds.count, "a row has a cell for each column")
    if isArray { line.append(isEmpty ? "\n" : ",\n") }
    isEmpty = false
    line.append(UInt8(ascii: "{"))
    for index in cells.indices {
      if index > 0 { line.append(UInt8(ascii: ",")) }
      line += keys[index]
      append(cells[index], kinds[index])
    }
    line.append(UInt8(ascii: "}"))
    if !isArray { line.append(UInt8(ascii: "\n")) }
    try sink.write(line)
    line.removeAll(keepingCapacity: true)
  }

  func finish() throws(OutputError) {
    if isArray { try sink.write(Array((isEmpty ? "]\n" : "\n]\n").utf8)) }
    try sink.flush()
  }

  private func append(_ cell: Cell, _ kind: Column.Kind) {
    guard let exact = text.exact(cell, kind) else {
      line.append("null")
      return
    }
    switch (cell, kind) {
    case (.text, _), (_, .id): JSONText.append(exact, to: &line)
    case (_, .time) where CellText.time(cell) != nil: JSONText.append(exact, to: &line)
    case (.integer(0), .flag): line.append("false")
    case (.integer(1), .flag): line.append("true")
    case (.real(let number), _) where !number.isFinite: line.append("null")
    default: line.append(exact)
    }
  }

  /// The names with `_2`, `_3` … after those that have come before. Names are told apart by bytes.
  static func distinctNames(_ names: [String]) -> [String] {
    var taken = Set(names.map { Array($0.utf8) })
    var seen: Set<[UInt8]> = []
    return names.map { name in
      if seen.insert(Array(name.utf8)).inserted { return name }
      var number = 2
      while !taken.insert(Array("\(name)_\(number)".utf8)).inserted { number += 1 }
      return "\(name)_\(number)"
    }
  }
}

/// Strings of JSON.
enum JSONText {
  /// Appends a text in quotes.
  ///
  /// Beyond what JSON asks, the controls above ASCII, the line separators of JavaScript and the
  /// marks of direction are escaped: a reader gets the same text, and a terminal nothing that
  /// steers it.
  static func append(_ text: String, to out: inout [UInt8]) {
    out.append(UInt8(ascii: "\""))
    let isPlain = text.utf8.allSatisfy { byte in
      byte >= 0x20 && byte < 0x7F && byte != UInt8(ascii: "\"") && byte != UInt8(ascii: "\\")
    }
    if isPlain {
      out.append(text)
      out.append(UInt8(ascii: "\""))
      return
    }
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": out.append("\\\"")
      case "\\": out.append("\\\\")
      case "\n": out.append("\\n")
      case "\r": out.append("\\r")
      case "\t": out.append("\\t")
      default:
        if scalar.value <= 0xFFFF, TerminalText.isUnsafe(scalar) {
          let digits = String(scalar.value, radix: 16)
          out.append("\\u" + String(repeating: "0", count: 4 - digits.count) + digits)
        } else if scalar.isASCII {
          out.append(UInt8(truncatingIfNeeded: scalar.value))
        } else {
          out.append(contentsOf: UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter)
        }
      }
    }
    out.append(UInt8(ascii: "\""))
  }
}
