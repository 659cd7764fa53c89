/// Walks once over a JSON text and holds every byte of it to RFC 8259 and to UTF-8.
///
/// It makes no strings and no numbers, only says where they are: most of a message is judged
/// without being copied. It does not recurse, so that no depth of nesting can exhaust the stack.
///
/// Stricter than the grammar in one point: an escape for half of a surrogate pair is refused, since
/// it stands for no Unicode text.
struct JSONScanner {
  /// How many arrays and objects may lie within each other, the outermost included.
  static let depthLimit = 512

  let bytes: UnsafeRawBufferPointer
  /// The position of the byte at hand.
  var offset = 0

  init(_ bytes: UnsafeRawBufferPointer) { self.bytes = bytes }

  // MARK: Between values

  @inline(__always)
  mutating func skipWhitespace() {
    while offset < bytes.count {
      switch bytes[offset] {
      case ASCII.space, ASCII.newline, ASCII.carriageReturn, ASCII.tab: offset += 1
      default: return
      }
    }
  }

  /// The next byte, without going past it.
  @inline(__always)
  func peek() throws(Rejection) -> UInt8 {
    guard offset < bytes.count else { throw cutShort }
    return bytes[offset]
  }

  /// Goes past the next byte if it is the given one.
  @inline(__always)
  mutating func skip(_ byte: UInt8) -> Bool {
    guard offset < bytes.count, bytes[offset] == byte else { return false }
    offset += 1
    return true
  }

  @inline(__always)
  mutating func expect(_ byte: UInt8) throws(Rejection) {
    guard skip(byte) else { throw unexpected }
  }

  /// Goes past a key, its colon and the white space about it.
  @inline(__always)
  mutating func key() throws(Rejection) -> JSONValue {
    guard try peek() == ASCII.quote else { throw unexpected }
    let key = try string()
    try colon()
    return key
  }

  /// Goes past the colon after a key and the white space about it.
  @inline(__always)
  mutating func colon() throws(Rejection) {
    skipWhitespace()
    try expect(ASCII.colon)
    skipWhitespace()
  }

  /// Nothing but white space may be left.
  mutating func expectEnd() throws(Rejection) {
    skipWhitespace()
    guard offset == bytes.count else { throw .json("text after the value", at: offset) }
  }

  var cutShort: Rejection { .json("cut short", at: offset) }

  /// The refusal of the byte at hand, or of the end of the message.
  var unexpected: Rejection {
    offset < bytes.count ? .json("unexpected character", at: offset) : cutShort
  }

  // MARK: Values

  /// Goes past one value.
  ///
  /// - Parameter depth: How many arrays and objects it lies in.
  mutating func value(depth: Int) throws(Rejection) -> JSONValue {
    switch try peek() {
    case ASCII.quote: return try string()
    case ASCII.openBrace: return try container(.object, depth: depth)
    case ASCII.openBracket: return try container(.array, depth: depth)
    case ASCII.minus, ASCII.zero...ASCII.nine: return try number()
    case UInt8(ascii: "t"): return try word("true", .true)
    case UInt8(ascii: "f"): return try word("false", .false)
    case UInt8(ascii: "n"): return try word("null", .null)
    default: throw unexpected
    }
  }

  private mutating func word(
    _ word: StaticString, _ kind: JSONValue.Kind
  ) throws(Rejection) -> JSONValue {
    let start = offset
    for index in 0..<word.utf8CodeUnitCount {
      try expect(word.utf8Start[index])
    }
    return JSONValue(kind: kind, start: start, end: offset)
  }

  private mutating func number() throws(Rejection) -> JSONValue {
    let start = offset
    _ = skip(ASCII.minus)
    if !skip(ASCII.zero) { try digits() }
    if skip(ASCII.dot) { try digits() }
    if skip(UInt8(ascii: "e")) || skip(UInt8(ascii: "E")) {
      if !skip(ASCII.plus) { _ = skip(ASCII.minus) }
      try digits()
    }
    return JSONValue(kind: .number, start: start, end: offset)
  }

  @inline(__always)
  private mutating func digits() throws(Rejection) {
    guard ASCII.digit(try peek()) < 10 else { throw unexpected }
    repeat { offset += 1 } while offset < bytes.count && ASCII.digit(bytes[offset]) < 10
  }

  /// Goes past an array or object and all that is in it.
  private mutating func container(
    _ kind: JSONValue.Kind, depth: Int
  ) throws(Rejection) -> JSONValue {
    let start = offset
    var open: [JSONValue.Kind] = []
    values: while true {
      // A value begins here; a scalar is passed whole, a container is entered.
      let first = try peek()
      if first == ASCII.openBrace || first == ASCII.openBracket {
        let isObject = first == ASCII.openBrace
        open.append(isObject ? .object : .array)
        guard depth + open.count <= JSONScanner.depthLimit else {
          throw .json("nested too deep", at: offset)
        }
        offset += 1
        skipWhitespace()
        if try peek() != (isObject ? ASCII.closeBrace : ASCII.closeBracket) {
          if isObject { _ = try key() }
          continue values
        }
      } else {
        _ = try value(depth: depth)
      }
      // A value ends here, and with it maybe what it was the last of.
      while let inner = open.last {
        skipWhitespace()
        if skip(inner == .object ? ASCII.closeBrace : ASCII.closeBracket) {
          open.removeLast()
        } else {
          try expect(ASCII.comma)
          skipWhitespace()
          if inner == .object { _ = try key() }
          continue values
        }
      }
      return JSONValue(kind: kind, start: start, end: offset)
    }
  }
}
