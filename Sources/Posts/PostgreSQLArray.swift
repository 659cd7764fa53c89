/// The text form of an array of texts in PostgreSQL: `{#AI,"#Mental Health",NULL,"say \"hi\""}`.
///
/// See [Array Input and Output Syntax](https://www.postgresql.org/docs/15/arrays.html#ARRAYS-IO).
public enum PostgreSQLArray {
  /// Appends an array of texts.
  public static func append(_ texts: [ExactString], to output: inout [UInt8]) {
    output.append(ASCII.openBrace)
    for (index, text) in texts.enumerated() {
      if index > 0 { output.append(ASCII.comma) }
      append(text, to: &output)
    }
    output.append(ASCII.closeBrace)
  }

  private static func append(_ text: ExactString, to output: inout [UInt8]) {
    let bytes = text.string.utf8
    // White space and NULL mean something else without quotes.
    let isPlain =
      !bytes.isEmpty && text.string.uppercased() != "NULL"
      && bytes.allSatisfy { byte in
        byte > ASCII.space && byte != ASCII.comma && byte != ASCII.quote
          && byte != ASCII.backslash && byte != ASCII.openBrace && byte != ASCII.closeBrace
      }
    guard !isPlain else {
      output.append(contentsOf: bytes)
      return
    }
    output.append(ASCII.quote)
    for byte in bytes {
      if byte == ASCII.quote || byte == ASCII.backslash { output.append(ASCII.backslash) }
      output.append(byte)
    }
    output.append(ASCII.quote)
  }

  /// The items of an array of one dimension, as values whose texts are appended to `bytes`.
  ///
  /// - Returns: nil if what is at `range` is no array. An item that is an array itself is one of kind
  ///   `array`.
  static func items(of range: Range<Int>, in bytes: inout [UInt8]) -> [JSONValue]? {
    var reader = Reader(next: range.lowerBound, end: range.upperBound)
    return reader.items(in: &bytes)
  }

  private struct Reader {
    var next: Int
    let end: Int

    mutating func items(in bytes: inout [UInt8]) -> [JSONValue]? {
      guard skip(ASCII.openBrace, in: bytes) else { return nil }
      var items: [JSONValue] = []
      skipSpace(in: bytes)
      if skip(ASCII.closeBrace, in: bytes) { return next == end ? items : nil }
      while true {
        skipSpace(in: bytes)
        guard next < end, let item = item(in: &bytes) else { return nil }
        items.append(item)
        skipSpace(in: bytes)
        if skip(ASCII.closeBrace, in: bytes) { return next == end ? items : nil }
        guard skip(ASCII.comma, in: bytes) else { return nil }
      }
    }

    private mutating func item(in bytes: inout [UInt8]) -> JSONValue? {
      switch bytes[next] {
      case ASCII.quote: return quoted(in: &bytes)
      case ASCII.openBrace: return nested(in: bytes)
      default: return plain(in: &bytes)
      }
    }

    private mutating func quoted(in bytes: inout [UInt8]) -> JSONValue? {
      next += 1
      let start = bytes.count
      while next < end, bytes[next] != ASCII.quote {
        guard unescape(in: &bytes) else { return nil }
      }
      guard skip(ASCII.quote, in: bytes) else { return nil }
      return JSONValue(kind: .string, start: start, end: bytes.count)
    }

    private mutating func plain(in bytes: inout [UInt8]) -> JSONValue? {
      let (start, first) = (bytes.count, next)
      var length = 0
      while next < end, bytes[next] != ASCII.comma, bytes[next] != ASCII.closeBrace {
        guard bytes[next] != ASCII.quote, bytes[next] != ASCII.openBrace else { return nil }
        let isSpace = isSpace(bytes[next])
        guard unescape(in: &bytes) else { return nil }
        // Space at the end is none of the item.
        if !isSpace { length = bytes.count - start }
      }
      guard length > 0 else { return nil }
      let text = bytes[start..<start + length]
      // With a backslash anywhere in it, it is a text.
      if bytes[first..<first + length] == text,
        String(decoding: text, as: UTF8.self).uppercased() == "NULL"
      {
        return JSONValue(kind: .null)
      }
      return JSONValue(kind: .string, start: start, end: start + length)
    }

    /// An inner array, whose items nobody asks for.
    private mutating func nested(in bytes: [UInt8]) -> JSONValue? {
      let start = next
      var depth = 0
      var isQuoted = false
      while next < end {
        switch bytes[next] {
        case ASCII.backslash: next += 1
        case ASCII.quote: isQuoted.toggle()
        case ASCII.openBrace where !isQuoted: depth += 1
        case ASCII.closeBrace where !isQuoted: depth -= 1
        default: break
        }
        next += 1
        if depth == 0 { return JSONValue(kind: .array, start: start, end: next) }
      }
      return nil
    }

    /// Appends the byte at hand, or the one behind a backslash.
    private mutating func unescape(in bytes: inout [UInt8]) -> Bool {
      if bytes[next] == ASCII.backslash { next += 1 }
      guard next < end else { return false }
      bytes.append(bytes[next])
      next += 1
      return true
    }

    private mutating func skip(_ byte: UInt8, in bytes: [UInt8]) -> Bool {
      guard next < end, bytes[next] == byte else { return false }
      next += 1
      return true
    }

    private mutating func skipSpace(in bytes: [UInt8]) {
      while next < end, isSpace(bytes[next]) { next += 1 }
    }

    private func isSpace(_ byte: UInt8) -> Bool {
      byte == ASCII.space || byte &- ASCII.tab < 5
    }
  }
}
