import Testing

@testable import Posts

@Suite struct TimestampTests {
  @Test(arguments: [
    ("1970-01-01T00:00:00Z", 0),
    ("1970-01-01T00:00:00", 0),
    ("1970-01-01 00:00:00z", 0),
    ("1970-01-01T00:00:00.000001", 1),
    ("1970-01-01T00:00:00,5", 500_000),
    ("1970-01-01T00:00:00.123456789Z", 123_456),
    ("1970-01-01T00:00:00.999999999", 999_999),
    ("1969-12-31T23:59:59.999999", -1),
    ("1970-01-01T01:00:00+01:00", 0),
    ("1970-01-01T05:30:00+0530", 0),
    ("1969-12-31T20:30:00-0330", 0),
    ("1970-01-01T18:59:00+18:59", 0),
    ("1970-01-01T00:00:00-00:00", 0),
    ("2026-11-25T00:34:05.246590", 1_795_566_845_246_590),
    ("2028-02-29T12:00:00", 1_835_438_400_000_000),
    ("2000-02-29T00:00:00", 951_782_400_000_000),
    ("0001-01-01T00:00:00", -62_135_596_800_000_000),
    ("0001-01-01T00:00:00+00:01", -62_135_596_860_000_000),
    ("9999-12-31T23:59:59.999999", 253_402_300_799_999_999),
  ])
  func reads(text: String, microseconds: Int64) throws {
    #expect(try Timestamp(iso8601: text).microseconds == microseconds)
  }

  @Test(arguments: [
    ("", "not ISO 8601"),
    ("1764000000", "not ISO 8601"),
    ("2026-11-25", "not ISO 8601"),
    ("2026-11-25T00:34", "not ISO 8601"),
    ("2026-11-25t00:34:05", "not ISO 8601"),
    ("2026-11-25T00:34:05 ", "not ISO 8601"),
    (" 2026-11-25T00:34:05", "not ISO 8601"),
    ("2026-11-25T00:34:05\n", "not ISO 8601"),
    ("2026-11-25T00:34:05\0", "not ISO 8601"),
    ("2026-1-25T00:34:05Z", "not ISO 8601"),
    ("12026-11-25T00:34:05", "not ISO 8601"),
    ("-026-11-25T00:34:05", "not ISO 8601"),
    ("2026-11-25T00:34:05.", "not ISO 8601"),
    ("2026-11-25T00:34:05.Z", "not ISO 8601"),
    ("2026-11-25T00:34:05.1234567890", "not ISO 8601"),
    ("2026-11-25T00:34:05ZZ", "not ISO 8601"),
    ("2026-11-25T00:34:05+1:00", "not ISO 8601"),
    ("2026-11-25T00:34:05+01", "not ISO 8601"),
    ("2026-11-25T00:34:05+01:0", "not ISO 8601"),
    ("2026-11-25T00:34:05+01::0", "not ISO 8601"),
    ("2026-11-25T00:34:05+010:0", "not ISO 8601"),
    ("2026-11-25T00:34:05 +01:00", "not ISO 8601"),
    ("２026-11-25T00:34:05", "not ISO 8601"),
    ("2026-11-25T00:34:0٣", "not ISO 8601"),
    ("2026-13-01T00:00:00", "no such date or time"),
    ("2026-00-01T00:00:00", "no such date or time"),
    ("2026-01-00T00:00:00", "no such date or time"),
    ("2026-04-31T00:00:00", "no such date or time"),
    ("2027-02-29T00:00:00", "no such date or time"),
    ("1900-02-29T00:00:00", "no such date or time"),
    ("0000-01-01T00:00:00", "no such date or time"),
    ("2026-01-01T24:00:00", "no such date or time"),
    ("2026-01-01T23:60:00", "no such date or time"),
    ("2026-01-01T23:59:60", "no such date or time"),
    ("2026-02-30T00:00:00+99:00", "no such date or time"),
    ("2026-01-01T00:00:00+19:00", "no such offset"),
    ("2026-01-01T00:00:00-19:00", "no such offset"),
    ("2026-01-01T00:00:00+99:00", "no such offset"),
    ("2026-01-01T00:00:00+00:60", "no such offset"),
  ])
  func refuses(text: String, problem: String) {
    #expect(throws: Rejection(field: "timestamp", problem: problem)) {
      try Timestamp(iso8601: text)
    }
  }

  /// Counts the days one by one with the rule of the calendar as people say it.
  @Test func everyDayOfTheYears1To9999() throws {
    var days: Int64 = -719_162
    for year in 1...9999 {
      let isLeap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0
      let lengths = [31, isLeap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
      for (month, length) in zip(1..., lengths) {
        for day in 1...length {
          let date = CivilTime.date(daysSinceEpoch: days)
          guard date == (year, month, day), CivilTime.days(inMonth: month, ofYear: year) == length,
            CivilTime.daysSinceEpoch(year: year, month: month, day: day) == days
          else {
            Issue.record("day \(days) is \(date), expected \(year)-\(month)-\(day)")
            return
          }
          days += 1
        }
      }
    }
    #expect(days == 2_932_897)
  }

  @Test(arguments: [
    (0, 0, "1970-01-01T00:00:00Z"),
    (-1, 0, "1969-12-31T23:59:59.999999Z"),
    (1_795_566_845_246_590, 0, "2026-11-25T00:34:05.246590Z"),
    (1_795_566_845_000_000, 19_800, "2026-11-25T06:04:05+05:30"),
    (1_795_566_845_000_000, -12_600, "2026-11-24T21:04:05-03:30"),
    (0, -59, "1969-12-31T23:59:01-00:00"),
    (-62_135_596_800_000_000, 0, "0001-01-01T00:00:00Z"),
    (253_402_300_799_999_999, 0, "9999-12-31T23:59:59.999999Z"),
  ])
  func writes(microseconds: Int64, offsetSeconds: Int, text: String) {
    #expect(Timestamp(microseconds: microseconds).iso8601(offsetSeconds: offsetSeconds) == text)
  }

  @Test func writesWithoutZone() {
    let instant = Timestamp(microseconds: 1_795_566_845_000_000)
    #expect(instant.withoutZone() == "2026-11-25T00:34:05.000000")
    #expect(instant.withoutZone(separator: " ") == "2026-11-25 00:34:05.000000")
  }

  @Test func whatIsWrittenReadsTheSame() throws {
    var random = SeededGenerator(seed: 3)
    for _ in 0..<5_000 {
      let instant = Timestamp(
        microseconds: .random(
          in: -62_135_500_000_000_000...253_402_200_000_000_000, using: &random))
      let minutes = Int.random(in: -18 * 60...18 * 60, using: &random)
      #expect(try Timestamp(iso8601: instant.iso8601(offsetSeconds: minutes * 60)) == instant)
      #expect(try Timestamp(iso8601: instant.withoutZone()) == instant)
    }
  }
}
