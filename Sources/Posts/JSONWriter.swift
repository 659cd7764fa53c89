/// Writes JSON in ASCII, as Python's `json.dumps` does, into memory that is known to be enough.
struct JSONWriter {
  private let buffer: UnsafeMutableRawBufferPointer
  private var count = 0

  init(_ buffer: UnsafeMutableRawBufferPointer) { self.buffer = buffer }

  var written: UnsafeRawBufferPointer { UnsafeRawBufferPointer(rebasing: buffer[..<count]) }

  /// How many bytes `put(quoted:)` writes at most, with a separator: each byte may become `\u0000`.
  static func largestSize(of text: ExactString) -> Int { 6 * text.string.utf8.count + 4 }

  @inline(__always)
  mutating func put(_ byte: UInt8) {
    buffer[count] = byte
    count += 1
  }

  @inline(__always)
  mutating func put(_ text: StaticString) {
    put(UnsafeRawBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
  }

  @inline(__always)
  private mutating func put(_ bytes: UnsafeRawBufferPointer) {
    UnsafeMutableRawBufferPointer(rebasing: buffer[count...]).copyMemory(from: bytes)
    count += bytes.count
  }

  mutating func put(quoted text: ExactString) {
    var string = text.string
    put(ASCII.quote)
    let isPlain = string.withUTF8 { bytes in
      let start = count
      for byte in bytes {
        guard 0x20..<0x80 ~= byte, byte != ASCII.quote, byte != ASCII.backslash else {
          count = start
          return false
        }
        put(byte)
      }
      return true
    }
    if !isPlain { put(escaped: string) }
    put(ASCII.quote)
  }

  /// Escapes what JSON demands, and all that is not ASCII in units of UTF-16.
  private mutating func put(escaped text: String) {
    for unit in text.utf16 {
      switch unit {
      case UInt16(ASCII.quote): put("\\\"")
      case UInt16(ASCII.backslash): put("\\\\")
      case UInt16(ASCII.newline): put("\\n")
      case UInt16(ASCII.carriageReturn): put("\\r")
      case UInt16(ASCII.tab): put("\\t")
      case UInt16(ASCII.backspace): put("\\b")
      case UInt16(ASCII.formFeed): put("\\f")
      case 0x20..<0x80: put(UInt8(unit))
      default:
        put("\\u")
        for shift in [12, 8, 4, 0] {
          let digit = UInt8(unit >> shift & 0xF)
          put(digit < 10 ? ASCII.zero + digit : UInt8(ascii: "a") + digit - 10)
        }
      }
    }
  }

  mutating func put(decimal number: Int64) {
    if number < 0 { put(ASCII.minus) }
    put(digits: number.magnitude)
  }

  private mutating func put(digits number: UInt64) {
    var length = 1
    var rest = number
    while rest >= 10 {
      rest /= 10
      length += 1
    }
    rest = number
    for index in (count..<count + length).reversed() {
      buffer[index] = ASCII.zero + UInt8(rest % 10)
      rest /= 10
    }
    count += length
  }

  /// At least one digit after the point, the second only if it is not zero.
  mutating func put(rate: EngagementRate) {
    if rate.hundredths < 0 { put(ASCII.minus) }
    let (whole, fraction) = rate.hundredths.magnitude.quotientAndRemainder(dividingBy: 100)
    put(digits: whole)
    put(ASCII.dot)
    put(ASCII.zero + UInt8(fraction / 10))
    if fraction % 10 > 0 { put(ASCII.zero + UInt8(fraction % 10)) }
  }

  mutating func put(timestamp: Timestamp) {
    let time = CivilTime(microseconds: timestamp.microseconds)
    if 0...9999 ~= time.year {
      put(pair: time.year / 100)
      put(pair: time.year % 100)
    } else {
      put(decimal: Int64(time.year))
    }
    put(ASCII.minus)
    put(pair: time.month)
    put(ASCII.minus)
    put(pair: time.day)
    put(UInt8(ascii: "T"))
    put(pair: time.hour)
    put(ASCII.colon)
    put(pair: time.minute)
    put(ASCII.colon)
    put(pair: time.second)
    put(ASCII.dot)
    put(pair: time.microsecond / 10_000)
    put(pair: time.microsecond / 100 % 100)
    put(pair: time.microsecond % 100)
  }

  /// A number below 100 in two digits.
  @inline(__always)
  private mutating func put(pair number: Int) {
    put(ASCII.zero + UInt8(number / 10))
    put(ASCII.zero + UInt8(number % 10))
  }
}
