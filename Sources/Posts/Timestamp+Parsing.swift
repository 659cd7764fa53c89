extension Timestamp {
  /// The instant of an ISO 8601 date and time in UTF-8, such as `2026-11-25T00:34:05.246590+01:00`.
  ///
  /// Between date and time stands `T` or a space. The fraction, after a point or a comma, has up to
  /// nine digits, of which six are kept. The zone is `Z`, `±hh:mm`, `±hhmm` with `hh` up to 18, or
  /// left out, which means UTC. Dates are of the years 0001 to 9999.
  ///
  /// - Throws: A rejection of the field `timestamp`.
  public init(parsing text: UnsafeRawBufferPointer) throws(Rejection) {
    // YYYY-MM-DDThh:mm:ss is of fixed width, all else may be missing.
    guard text.count >= 19, text[4] == ASCII.minus, text[7] == ASCII.minus,
      text[10] == UInt8(ascii: "T") || text[10] == ASCII.space,
      text[13] == ASCII.colon, text[16] == ASCII.colon
    else { throw Timestamp.notISO8601 }
    let year = try text.number(at: 0) * 100 + text.number(at: 2)
    let month = try text.number(at: 5)
    let day = try text.number(at: 8)
    let hour = try text.number(at: 11)
    let minute = try text.number(at: 14)
    let second = try text.number(at: 17)
    var next = 19
    let fraction = try Timestamp.fraction(in: text, from: &next)
    let offsetMinutes = try Timestamp.offsetMinutes(in: text, from: next)

    guard year >= 1, 1...12 ~= month, day >= 1, hour < 24, minute < 60, second < 60,
      day <= CivilTime.days(inMonth: month, ofYear: year)
    else { throw PostField.timestamp.rejection("no such date or time") }
    guard let offsetMinutes else {
      throw PostField.timestamp.rejection("no such offset")
    }
    let days = CivilTime.daysSinceEpoch(year: year, month: month, day: day)
    let minutes = days * 1440 + Int64(hour * 60 + minute - offsetMinutes)
    self.init(microseconds: (minutes * 60 + Int64(second)) * 1_000_000 + Int64(fraction))
  }

  /// The instant of an ISO 8601 date and time, as `init(parsing:)` reads it.
  ///
  /// - Throws: A rejection of the field `timestamp`.
  public init(iso8601 text: String) throws(Rejection) {
    var text = text
    let result = text.withUTF8 { bytes in
      Result { () throws(Rejection) in try Timestamp(parsing: UnsafeRawBufferPointer(bytes)) }
    }
    self = try result.get()
  }

  private static var notISO8601: Rejection { PostField.timestamp.rejection("not ISO 8601") }

  /// Microseconds of the fraction at hand, if there is one, and goes past it.
  private static func fraction(
    in text: UnsafeRawBufferPointer, from next: inout Int
  ) throws(Rejection) -> Int {
    guard next < text.count, text[next] == ASCII.dot || text[next] == ASCII.comma else { return 0 }
    next += 1
    var microseconds = 0
    var digits = 0
    while next < text.count, ASCII.digit(text[next]) < 10 {
      if digits < 6 { microseconds = microseconds * 10 + Int(ASCII.digit(text[next])) }
      digits += 1
      next += 1
    }
    guard 1...9 ~= digits else { throw notISO8601 }
    while digits < 6 {
      microseconds *= 10
      digits += 1
    }
    return microseconds
  }

  /// How far the zone that ends the text is ahead of UTC, nil if no zone is.
  private static func offsetMinutes(
    in text: UnsafeRawBufferPointer, from next: Int
  ) throws(Rejection) -> Int? {
    guard next < text.count else { return 0 }
    let sign = text[next]
    if sign == UInt8(ascii: "Z") || sign == UInt8(ascii: "z"), next + 1 == text.count { return 0 }
    guard sign == ASCII.plus || sign == ASCII.minus else { throw notISO8601 }
    let length = text.count - next
    guard length == 5 || (length == 6 && text[next + 3] == ASCII.colon) else { throw notISO8601 }
    let hours = try text.number(at: next + 1)
    let minutes = try text.number(at: text.count - 2)
    guard hours <= 18, minutes <= 59 else { return nil }
    return (hours * 60 + minutes) * (sign == ASCII.minus ? -1 : 1)
  }
}

extension UnsafeRawBufferPointer {
  /// The number of two decimal digits.
  @inline(__always)
  fileprivate func number(at index: Int) throws(Rejection) -> Int {
    let tens = ASCII.digit(self[index])
    let ones = ASCII.digit(self[index + 1])
    guard tens < 10, ones < 10 else { throw PostField.timestamp.rejection("not ISO 8601") }
    return Int(tens) * 10 + Int(ones)
  }
}
