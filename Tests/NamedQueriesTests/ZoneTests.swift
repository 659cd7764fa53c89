import Posts
import Testing

@testable import NamedQueries

@Suite struct ZoneTests {
  /// A zone, a local time, and the instant that is meant.
  static let cases = [
    ("UTC", "2026-03-29T02:30:00", "2026-03-29T02:30:00Z"),
    ("Europe/Paris", "2026-01-15T12:00:00", "2026-01-15T11:00:00Z"),
    ("Europe/Paris", "2026-07-15T12:00:00", "2026-07-15T10:00:00Z"),
    // The clocks go from 02:00 to 03:00: what they skip is read by the clocks before.
    ("Europe/Paris", "2026-03-29T01:59:59.999999", "2026-03-29T00:59:59.999999Z"),
    ("Europe/Paris", "2026-03-29T02:00:00", "2026-03-29T01:00:00Z"),
    ("Europe/Paris", "2026-03-29T02:30:00", "2026-03-29T01:30:00Z"),
    ("Europe/Paris", "2026-03-29T03:00:00", "2026-03-29T01:00:00Z"),
    // They go from 03:00 back to 02:00: of what comes twice the first is meant.
    ("Europe/Paris", "2026-10-25T01:59:59", "2026-10-24T23:59:59Z"),
    ("Europe/Paris", "2026-10-25T02:00:00", "2026-10-25T00:00:00Z"),
    ("Europe/Paris", "2026-10-25T02:59:59.999999", "2026-10-25T00:59:59.999999Z"),
    ("Europe/Paris", "2026-10-25T03:00:00", "2026-10-25T02:00:00Z"),
    // Half an hour only.
    ("Australia/Lord_Howe", "2026-04-05T01:30:00", "2026-04-04T14:30:00Z"),
    ("Australia/Lord_Howe", "2026-04-05T02:00:00", "2026-04-04T15:30:00Z"),
    ("Australia/Lord_Howe", "2026-10-04T02:15:00", "2026-10-03T15:45:00Z"),
    // Midnight itself is skipped, and comes twice.
    ("America/Sao_Paulo", "2018-11-04T00:00:00", "2018-11-04T03:00:00Z"),
    ("America/Sao_Paulo", "2018-11-04T01:00:00", "2018-11-04T03:00:00Z"),
    ("America/Sao_Paulo", "2018-02-17T23:30:00", "2018-02-18T01:30:00Z"),
    ("America/St_Johns", "2010-11-07T00:00:00", "2010-11-07T02:30:00Z"),
    ("America/St_Johns", "2010-11-06T23:30:00", "2010-11-07T02:00:00Z"),
    // 30 December 2011 was left out.
    ("Pacific/Apia", "2011-12-29T12:00:00", "2011-12-29T22:00:00Z"),
    ("Pacific/Apia", "2011-12-31T12:00:00", "2011-12-30T22:00:00Z"),
    ("Asia/Kathmandu", "1985-12-31T23:59:59", "1985-12-31T18:29:59Z"),
    ("Asia/Kathmandu", "1986-01-01T00:15:00", "1985-12-31T18:30:00Z"),
  ]

  @Test(arguments: cases)
  func aLocalTimeIsOneInstant(_ zone: String, _ local: String, _ expected: String) throws {
    let zone = try Zone(zone)
    let local = try instant(local + "Z").microseconds
    #expect(zone.instant(local: local).iso8601() == (try instant(expected)).iso8601())
  }

  @Test(arguments: [
    ("Europe/Paris", "2026-03-29T12:00:00Z", "2026-03-28T23:00:00Z"),
    ("Europe/Paris", "2026-03-29T22:00:00Z", "2026-03-29T22:00:00Z"),
    ("Europe/Paris", "2026-10-25T22:59:59.999999Z", "2026-10-24T22:00:00Z"),
    ("America/Sao_Paulo", "2018-11-04T03:00:00Z", "2018-11-04T03:00:00Z"),
    ("America/Sao_Paulo", "2018-11-04T02:59:59.999999Z", "2018-11-03T03:00:00Z"),
    ("UTC", "1969-12-31T23:59:59.999999Z", "1969-12-31T00:00:00Z"),
  ])
  func aDayBeginsAtMidnight(_ zone: String, _ time: String, _ start: String) throws {
    #expect(try Zone(zone).startOfDay(try instant(time)).iso8601() == start)
  }

  @Test(arguments: ["", "Nowhere", "Europe/Atlantis", "europe paris", "../etc/passwd"])
  func anUnknownZoneIsRefused(_ name: String) {
    let error = #expect(throws: QueryError.self) { try Zone(name) }
    #expect(error?.code == .usage)
    #expect(error?.message.contains("'\(name)'") == true)
  }
}
