extension JSONScanner {
  /// Goes past a string; the byte at hand is its opening quote.
  mutating func string() throws(Rejection) -> JSONValue {
    offset += 1
    let start = offset
    var hasEscapes = false
    while true {
      while offset + 8 <= bytes.count {
        let word = bytes.loadUnaligned(fromByteOffset: offset, as: UInt64.self)
        let notable = JSONScanner.notable(in: UInt64(littleEndian: word))
        guard notable == 0 else {
          offset += notable.trailingZeroBitCount / 8
          break
        }
        offset += 8
      }
      guard offset < bytes.count else { throw cutShort }
      switch bytes[offset] {
      case ASCII.quote:
        let end = offset
        offset += 1
        return JSONValue(kind: .string, hasEscapes: hasEscapes, start: start, end: end)
      case ASCII.backslash:
        hasEscapes = true
        try escape()
      case 0..<0x20: throw .json("control character in a string", at: offset)
      case 0x80...: try multibyte()
      default: offset += 1
      }
    }
  }

  /// The top bit of each of eight bytes that may not simply be passed over: quote, backslash,
  /// control or not ASCII.
  ///
  /// Subtraction borrows into the byte above one that matches, so bits above the lowest may be false.
  @inline(__always)
  private static func notable(in word: UInt64) -> UInt64 {
    let ones: UInt64 = 0x0101_0101_0101_0101
    let quote = word ^ (ones &* UInt64(ASCII.quote))
    let backslash = word ^ (ones &* UInt64(ASCII.backslash))
    let control = (word &- ones &* 0x20) & ~word
    return ((quote &- ones) & ~quote | (backslash &- ones) & ~backslash | control | word)
      & (ones &* 0x80)
  }

  private mutating func escape() throws(Rejection) {
    let start = offset
    offset += 1
    switch try peek() {
    case ASCII.quote, ASCII.backslash, ASCII.slash, UInt8(ascii: "b"), UInt8(ascii: "f"),
      UInt8(ascii: "n"), UInt8(ascii: "r"), UInt8(ascii: "t"):
      offset += 1
    case UInt8(ascii: "u"):
      offset += 1
      switch try hexQuad() {
      case 0xD800...0xDBFF:
        guard skip(ASCII.backslash), skip(UInt8(ascii: "u")),
          case 0xDC00...0xDFFF = try hexQuad()
        else { throw .json("half of a surrogate pair is not Unicode", at: start) }
      case 0xDC00...0xDFFF: throw .json("half of a surrogate pair is not Unicode", at: start)
      default: break
      }
    default: throw unexpected
    }
  }

  private mutating func hexQuad() throws(Rejection) -> UInt32 {
    var code: UInt32 = 0
    for _ in 0..<4 {
      guard let digit = ASCII.hexDigit(try peek()) else { throw unexpected }
      code = code << 4 | digit
      offset += 1
    }
    return code
  }

  /// Goes past one character of two to four bytes, by the table of well-formed UTF-8 in chapter 3 of
  /// the Unicode standard: no overlong form, no surrogate, nothing above U+10FFFF.
  private mutating func multibyte() throws(Rejection) {
    let length: Int
    var second: ClosedRange<UInt8> = 0x80...0xBF
    switch bytes[offset] {
    case 0xC2...0xDF: length = 2
    case 0xE0: (length, second) = (3, 0xA0...0xBF)
    case 0xED: (length, second) = (3, 0x80...0x9F)
    case 0xE1...0xEF: length = 3
    case 0xF0: (length, second) = (4, 0x90...0xBF)
    case 0xF1...0xF3: length = 4
    case 0xF4: (length, second) = (4, 0x80...0x8F)
    default: throw .json("not UTF-8", at: offset)
    }
    guard offset + length <= bytes.count, second.contains(bytes[offset + 1]),
      bytes[offset + 2..<offset + length].allSatisfy({ $0 & 0xC0 == 0x80 })
    else { throw .json("not UTF-8", at: offset) }
    offset += length
  }
}
