import Posts

/// Reads rows of comma-separated values after RFC 4180, with `\n` or CRLF at their ends.
///
/// What breaks the rules of quoting costs one line and no more: reading goes on at the line after the
/// one where the broken row began, though a quote that is never closed seems to hold all the rest.
struct CSVReader {
  /// The row that was read last, its fields without quotes one after the other.
  private(set) var row: [UInt8] = []
  /// Where each field is in `row`.
  private(set) var fields: [Range<Int>] = []
  /// The line at which it began, counted from 1.
  private(set) var line = 0

  private var input: InputBuffer
  private var nextLine = 1

  init(_ input: InputBuffer) { self.input = input }

  private enum State {
    case fieldStart, plain, quoted
    /// Behind a quote within quotes: the end of the field, or the first of two.
    case quote
  }

  /// Reads the next row that is not empty.
  ///
  /// - Returns: Whether there was one.
  /// - Throws: A `Rejection` if the row cannot be read; the next call goes on behind it. An
  ///   `InterchangeError` if the source cannot.
  mutating func next() throws -> Bool {
    while true {
      guard try input.count > 0 || input.more() else { return false }
      line = nextLine
      try readRow()
      if fields.count > 1 || !row.isEmpty { return true }
    }
  }

  private mutating func readRow() throws {
    row.removeAll(keepingCapacity: true)
    fields.removeAll(keepingCapacity: true)
    var state = State.fieldStart
    var start = 0
    var offset = 0
    var newlines = 0
    while true {
      guard try offset < input.count || input.more() else {
        // The last line may lack its end.
        guard state != .quoted else { throw try reject("a quote is never closed") }
        fields.append(start..<row.count)
        break
      }
      guard offset < InputBuffer.recordLimit else { throw try reject("longer than 16 MiB") }
      let byte = input[offset]
      offset += 1
      switch (state, byte) {
      case (.quoted, UInt8(ascii: "\"")):
        state = .quote
      case (.quoted, _):
        if byte == UInt8(ascii: "\n") { newlines += 1 }
        row.append(byte)
      case (.quote, UInt8(ascii: "\"")):
        row.append(byte)
        state = .quoted
      case (_, UInt8(ascii: ",")):
        fields.append(start..<row.count)
        start = row.count
        state = .fieldStart
      case (_, UInt8(ascii: "\n")):
        if state == .plain, row.count > start, row.last == UInt8(ascii: "\r") { row.removeLast() }
        fields.append(start..<row.count)
        input.consume(offset)
        nextLine += newlines + 1
        return
      case (.quote, UInt8(ascii: "\r")):
        break
      case (.quote, _):
        throw try reject("text behind a closing quote")
      case (.fieldStart, UInt8(ascii: "\"")):
        state = .quoted
      case (.plain, UInt8(ascii: "\"")):
        throw try reject("a quote within a field that has none around it")
      default:
        row.append(byte)
        state = .plain
      }
    }
    input.consume(offset)
    nextLine += newlines + 1
  }

  /// Goes past the first line of the row at hand.
  private mutating func reject(_ problem: String) throws(InterchangeError) -> Rejection {
    try input.skipLine()
    nextLine += 1
    return Rejection(field: "CSV", problem: problem)
  }
}
