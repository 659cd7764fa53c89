import Posts
import Testing

@testable import NamedQueries

@Suite struct WindowTests {
  struct Case: CustomTestStringConvertible {
    var since: String?
    var until: String?
    var now = "2026-11-25T12:34:56.789012Z"
    var zone = "UTC"
    /// The window as two texts in UTC.
    var start: String?
    var end: String?
    var testDescription: String { "\(since ?? "-") \(until ?? "-") \(zone) at \(now)" }
  }

  static let cases: [Case] = [
    Case(),
    Case(since: "90s", start: "2026-11-25T12:33:26.789012Z", end: "2026-11-25T12:34:56.789012Z"),
    Case(since: "15m", start: "2026-11-25T12:19:56.789012Z", end: "2026-11-25T12:34:56.789012Z"),
    Case(since: "1h", start: "2026-11-25T11:34:56.789012Z", end: "2026-11-25T12:34:56.789012Z"),
    Case(since: "24h", start: "2026-11-24T12:34:56.789012Z", end: "2026-11-25T12:34:56.789012Z"),
    Case(since: "7d", start: "2026-11-18T12:34:56.789012Z", end: "2026-11-25T12:34:56.789012Z"),
    Case(since: "4w", start: "2026-10-28T12:34:56.789012Z", end: "2026-11-25T12:34:56.789012Z"),
    Case(since: "0m", start: "2026-11-25T12:34:56.789012Z", end: "2026-11-25T12:34:56.789012Z"),
    // A relative start counts back from the end, a relative end from now.
    Case(
      since: "1h", until: "2026-11-20", start: "2026-11-19T23:00:00Z", end: "2026-11-20T00:00:00Z"),
    Case(
      since: "1h", until: "1d", start: "2026-11-24T11:34:56.789012Z",
      end: "2026-11-24T12:34:56.789012Z"),
    Case(until: "2026-11-20", start: nil, end: "2026-11-20T00:00:00Z"),
    Case(
      since: "2026-11-20", until: "2026-11-20", start: "2026-11-20T00:00:00Z",
      end: "2026-11-20T00:00:00Z"),
    // Without seconds.
    Case(
      since: "2026-11-25T10:00Z", until: "2026-11-25T13:30+01:30", start: "2026-11-25T10:00:00Z",
      end: "2026-11-25T12:00:00Z"),
    Case(
      since: "2026-11-25T10:00", until: "2026-11-25 10:01", zone: "Asia/Kathmandu",
      start: "2026-11-25T04:15:00Z", end: "2026-11-25T04:16:00Z"),
    // ISO 8601, with a zone and without.
    Case(
      since: "2026-11-20T18:30:00+05:30", until: "2026-11-20T13:00:00.5Z", zone: "Asia/Kathmandu",
      start: "2026-11-20T13:00:00Z", end: "2026-11-20T13:00:00.500000Z"),
    Case(
      since: "2026-11-20T18:30:00", until: "2026-11-20 18:30:01", zone: "Asia/Kathmandu",
      start: "2026-11-20T12:45:00Z", end: "2026-11-20T12:45:01Z"),
    Case(
      since: "1969-07-20T20:17:40Z", until: "1970-01-01", start: "1969-07-20T20:17:40Z",
      end: "1970-01-01T00:00:00Z"),
    // Days of a zone.
    Case(since: "today", start: "2026-11-25T00:00:00Z", end: "2026-11-25T12:34:56.789012Z"),
    Case(
      since: "yesterday", until: "today", start: "2026-11-24T00:00:00Z",
      end: "2026-11-25T00:00:00Z"),
    Case(
      since: "yesterday", until: "today", zone: "Pacific/Auckland", start: "2026-11-24T11:00:00Z",
      end: "2026-11-25T11:00:00Z"),
    Case(
      since: "yesterday", until: "today", now: "2026-11-25T10:59:59.999999Z",
      zone: "Pacific/Auckland", start: "2026-11-23T11:00:00Z", end: "2026-11-24T11:00:00Z"),
    Case(
      since: "yesterday", until: "today", now: "2026-11-25T18:15:00Z", zone: "Asia/Kathmandu",
      start: "2026-11-24T18:15:00Z", end: "2026-11-25T18:15:00Z"),
    Case(
      since: "2026-11-20", until: "2026-11-21", zone: "Asia/Kathmandu",
      start: "2026-11-19T18:15:00Z", end: "2026-11-20T18:15:00Z"),
    // Auckland: 27 September 2026 has 23 hours, 5 April 2026 has 25.
    Case(
      since: "2026-09-27", until: "2026-09-28", zone: "Pacific/Auckland",
      start: "2026-09-26T12:00:00Z", end: "2026-09-27T11:00:00Z"),
    Case(
      since: "yesterday", until: "today", now: "2026-09-27T20:00:00Z", zone: "Pacific/Auckland",
      start: "2026-09-26T12:00:00Z", end: "2026-09-27T11:00:00Z"),
    Case(
      since: "today", now: "2026-09-27T02:00:00Z", zone: "Pacific/Auckland",
      start: "2026-09-26T12:00:00Z", end: "2026-09-27T02:00:00Z"),
    Case(
      since: "yesterday", until: "today", now: "2026-04-05T20:00:00Z", zone: "Pacific/Auckland",
      start: "2026-04-04T11:00:00Z", end: "2026-04-05T12:00:00Z"),
    Case(
      since: "2026-04-05", until: "2026-04-06", zone: "Pacific/Auckland",
      start: "2026-04-04T11:00:00Z", end: "2026-04-05T12:00:00Z"),
  ]

  @Test(arguments: cases)
  func optionsNameAWindow(_ example: Case) throws {
    let window = try Window(
      since: example.since, until: example.until, now: try instant(example.now),
      zone: try Zone(example.zone))
    #expect(window.since?.iso8601() == example.start)
    #expect(window.until?.iso8601() == example.end)
  }

  @Test(arguments: ["99999999999999999999h", "9223372036854775807w", "99999999999h", "739999d"])
  func aLengthThatReachesTooFarIsNamed(_ text: String) throws {
    let now = try instant("2026-11-25T12:00:00Z")
    for (since, until) in [(text, nil), (nil, text)] as [(String?, String?)] {
      let error = #expect(throws: QueryError.self) {
        try Window(since: since, until: until, now: now, zone: .utc)
      }
      #expect(error?.code == .usage)
      #expect(error?.message.contains("'\(text)' reaches back before the year 1") == true)
    }
    #expect(try Window(since: "739000d", until: nil, now: now, zone: .utc).since != nil)
  }

  @Test(arguments: [
    "", " ", "h", "1", "1y", "-1h", "+1h", "1.5h", "1 h", "١h", "1H", "Today", "tomorrow", "now",
    "2026-13-01", "2026-02-29", "2026-11-25T25:00:00", "2026-11-25T12:0", "25.11.2026",
    "2026-11-25T12:00:00 Europe/Paris", "2026-11-25Z", "2026-11-25T12:00x", "2026-11-25T12:60Z",
  ])
  func whatIsNoTimeIsRefused(_ text: String) throws {
    let now = try instant("2026-11-25T12:00:00Z")
    let since = #expect(throws: QueryError.self) {
      try Window(since: text, until: nil, now: now, zone: .utc)
    }
    #expect(since?.code == .usage)
    #expect(since?.message.hasPrefix("--since '\(text)' is not a time: use 15m") == true)
    let until = #expect(throws: QueryError.self) {
      try Window(since: nil, until: text, now: now, zone: .utc)
    }
    #expect(until?.message.hasPrefix("--until '\(text)' is not a time: use 15m") == true)
  }

  @Test(arguments: [
    ("2026-11-26", nil), ("2026-11-20T00:00:00.000001Z", "2026-11-20"), ("today", "yesterday"),
  ])
  func aWindowDoesNotEndBeforeItBegins(_ since: String, _ until: String?) throws {
    let now = try instant("2026-11-25T12:00:00Z")
    let error = #expect(throws: QueryError.self) {
      try Window(since: since, until: until, now: now, zone: .utc)
    }
    #expect(error?.code == .usage)
    #expect(error?.message.contains("--since lies after the end") == true)
  }
}
