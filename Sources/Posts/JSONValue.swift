/// What kind of value stands where in a JSON text.
///
/// The scanner vouches for the grammar, so that whoever reads the value later need not check it again.
struct JSONValue: Sendable {
  enum Kind: UInt8, Sendable {
    case absent, null, `true`, `false`, number, string, array, object
  }

  var kind: Kind
  /// Whether a string holds backslash escapes, and so differs from its bytes in the message.
  var hasEscapes = false
  /// Its bytes: of a string those between the quotes, else the first to the last.
  var start = 0
  var end = 0

  static let absent = JSONValue(kind: .absent)
}

extension UnsafeRawBufferPointer {
  /// The bytes of one value of this JSON text.
  func bytes(of value: JSONValue) -> UnsafeRawBufferPointer {
    UnsafeRawBufferPointer(rebasing: self[value.start..<value.end])
  }

  /// The text of one string of this JSON text.
  func text(of value: JSONValue) -> String {
    let content = bytes(of: value)
    guard value.hasEscapes else { return String(decoding: content, as: UTF8.self) }
    return String(unsafeUninitializedCapacity: content.count) { content.unescape(into: $0) }
  }

  /// Writes a scanned string with its escapes resolved, which never makes it longer.
  ///
  /// - Returns: How many bytes were written.
  private func unescape(into output: UnsafeMutableBufferPointer<UInt8>) -> Int {
    var length = 0
    var next = 0
    func put(_ byte: UInt8) {
      output[length] = byte
      length += 1
    }
    while next < count {
      let byte = self[next]
      next += 1
      guard byte == ASCII.backslash else {
        put(byte)
        continue
      }
      let escape = self[next]
      next += 1
      switch escape {
      case UInt8(ascii: "b"): put(ASCII.backspace)
      case UInt8(ascii: "f"): put(ASCII.formFeed)
      case UInt8(ascii: "n"): put(ASCII.newline)
      case UInt8(ascii: "r"): put(ASCII.carriageReturn)
      case UInt8(ascii: "t"): put(ASCII.tab)
      case UInt8(ascii: "u"):
        var code = hexQuad(at: next)
        next += 4
        if code & 0xFC00 == 0xD800 {
          code = 0x1_0000 + (code & 0x3FF) << 10 + (hexQuad(at: next + 2) & 0x3FF)
          next += 6
        }
        // Always a scalar: the scanner lets no half of a pair through.
        Unicode.Scalar(code).map { UTF8.encode($0)?.forEach(put) }
      default: put(escape)
      }
    }
    return length
  }

  private func hexQuad(at start: Int) -> UInt32 {
    self[start..<start + 4].reduce(0) { $0 << 4 | (ASCII.hexDigit($1) ?? 0) }
  }
}
