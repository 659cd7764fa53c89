extension Timestamp {
  /// The instant as ISO 8601, such as `2026-11-25T00:34:05.246590Z` or `2026-11-25T06:04:05+05:30`.
  ///
  /// The fraction has six digits, or is left out where it is zero. An offset of whole minutes is
  /// written exactly; the seconds of a historical local mean time are cut.
  ///
  /// - Parameter offsetSeconds: How far the local time is ahead of UTC; 0 is written `Z`.
  public func iso8601(offsetSeconds: Int = 0) -> String {
    let local = CivilTime(microseconds: microseconds + Int64(offsetSeconds) * 1_000_000)
    var text = local.text(separator: "T", alwaysFraction: false)
    if offsetSeconds == 0 {
      text += "Z"
    } else {
      let minutes = abs(offsetSeconds) / 60
      text += offsetSeconds < 0 ? "-" : "+"
      text += padded(minutes / 60, 2) + ":" + padded(minutes % 60, 2)
    }
    return text
  }

  /// The instant in UTC as the original system's messages and table write it, without a zone:
  /// `2026-11-25T00:34:05.246590`.
  ///
  /// - Parameter separator: Between date and time, `T` in messages.
  public func withoutZone(separator: String = "T") -> String {
    CivilTime(microseconds: microseconds).text(separator: separator, alwaysFraction: true)
  }
}

/// A date of the proleptic Gregorian calendar and a time of day.
struct CivilTime: Equatable {
  var year, month, day, hour, minute, second, microsecond: Int

  /// The parts of an instant, taken as local time.
  init(microseconds: Int64) {
    let perDay: Int64 = 86_400_000_000
    var days = microseconds / perDay
    var rest = microseconds % perDay
    if rest < 0 {
      rest += perDay
      days -= 1
    }
    (year, month, day) = CivilTime.date(daysSinceEpoch: days)
    microsecond = Int(rest % 1_000_000)
    let seconds = Int(rest / 1_000_000)
    (hour, minute, second) = (seconds / 3600, seconds / 60 % 60, seconds % 60)
  }

  /// The date a number of days after 1970-01-01, by counting in eras of 400 years that begin on
  /// 1 March, so that a leap day is the last day of its year.
  static func date(daysSinceEpoch: Int64) -> (year: Int, month: Int, day: Int) {
    let shifted = daysSinceEpoch + 719_468
    let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
    let dayOfEra = Int(shifted - era * 146_097)
    let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let marchMonth = (5 * dayOfYear + 2) / 153
    let day = dayOfYear - (153 * marchMonth + 2) / 5 + 1
    let month = marchMonth < 10 ? marchMonth + 3 : marchMonth - 9
    return (yearOfEra + Int(era) * 400 + (month <= 2 ? 1 : 0), month, day)
  }

  /// The number of days from 1970-01-01 to a date of the years 1 to 9999.
  static func daysSinceEpoch(year: Int, month: Int, day: Int) -> Int64 {
    let marchYear = month <= 2 ? year - 1 : year
    let era = (marchYear >= 0 ? marchYear : marchYear - 399) / 400
    let yearOfEra = marchYear - era * 400
    let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
    let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
    return Int64(era) * 146_097 + Int64(dayOfEra) - 719_468
  }

  /// How many days a month of the years 1 to 9999 has.
  static func days(inMonth month: Int, ofYear year: Int) -> Int {
    switch month {
    case 2: year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
    case 4, 6, 9, 11: 30
    default: 31
    }
  }

  func text(separator: String, alwaysFraction: Bool) -> String {
    var text = "\(padded(year, 4))-\(padded(month, 2))-\(padded(day, 2))\(separator)"
    text += "\(padded(hour, 2)):\(padded(minute, 2)):\(padded(second, 2))"
    if alwaysFraction || microsecond != 0 { text += ".\(padded(microsecond, 6))" }
    return text
  }
}

/// A number that is not negative, with leading zeros up to a width.
func padded(_ number: Int, _ width: Int) -> String {
  let digits = String(number)
  return String(repeating: "0", count: max(0, width - digits.count)) + digits
}
