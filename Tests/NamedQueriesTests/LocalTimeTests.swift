import Foundation
import GRDB
import Posts
import StoreFixtures
import Testing

@testable import NamedQueries

/// The SQL of local time, run by SQLite, held against Foundation's calendar of offsets.
@Suite struct LocalTimeTests {
  private static let second: Int64 = 1_000_000
  private static let hour = 3600 * second
  private static let day = 24 * hour

  /// Zones and the years in which they are looked at.
  static let zones: [(String, ClosedRange<Int>)] = [
    ("UTC", 1960...1962),
    ("Europe/Paris", 1905...2040),
    ("America/New_York", 1915...2040),
    ("Australia/Lord_Howe", 1980...2040),
    ("Africa/Cairo", 1940...2040),
    ("America/St_Johns", 1950...2030),
    ("America/Sao_Paulo", 1930...2025),
    ("Asia/Kathmandu", 1919...1990),
    ("Africa/Casablanca", 1960...2040),
    ("Pacific/Apia", 1990...2022),
    ("Pacific/Auckland", 1945...2040),
    ("America/Caracas", 1960...2020),
  ]

  @Test(arguments: zones)
  func bucketsBeginWhereTheClocksSay(_ name: String, _ years: ClosedRange<Int>) throws {
    let zone = try Zone(name)
    let clock = Clock(timeZone: try #require(TimeZone(identifier: name)))
    let changes = clock.changes(in: years)
    if name != "UTC" { try #require(!changes.isEmpty) }
    var random = SplitMix64(seed: UInt64(years.lowerBound))
    let database = try DatabaseQueue()
    var places = changes
    for _ in 0..<10 {
      let year = Int.random(in: years, using: &random)
      places.append(
        try instant("\(year)-01-01T00:00:00Z").microseconds
          + Int64.random(in: 0..<365 * Self.day, using: &random))
    }
    for place in places.shuffled(using: &random).prefix(60) {
      // Windows of hours to months, which may begin just before, at, or just after a change.
      let near = [0, 1, -1, Self.hour, 5 * Self.hour, 30 * Self.hour, -Self.hour, -9 * Self.day]
      let start = place + (near.randomElement(using: &random) ?? 0)
      let length = [Self.hour, 2 * Self.day, 40 * Self.day, 400 * Self.day]
      let end = start + (length.randomElement(using: &random) ?? 1)
      var instants = [start, end - 1]
      for change in changes where (start - 3 * Self.day..<end + 3 * Self.day).contains(change) {
        instants += [change, change - 1]
        for distance in [Self.hour, Self.day, 3 * Self.day] {
          instants.append(change + Int64.random(in: -distance...distance, using: &random))
        }
        // Around the midnights next to the change.
        for midnight in [-1, 0, 1, 2] as [Int64] {
          let local = clock.local(change)
          let start = clock.instant(
            local: local - modulo(local, Self.day) + midnight * Self.day)
          instants += [start - 1, start, start + 1, start + Self.hour]
        }
      }
      for _ in 0..<5 { instants.append(Int64.random(in: start..<end, using: &random)) }
      instants.removeAll { !(start..<end).contains($0) }

      let localTime = LocalTime(
        zone: zone, within: [Timestamp(microseconds: start)..<Timestamp(microseconds: end)])
      for bucket in Bucket.allCases {
        let found = try database.read { db in
          try Int64.fetchAll(
            db,
            sql: """
              SELECT \(localTime.bucketStart(of: "p.us", bucket))
              FROM (SELECT key, value AS us FROM json_each(?)) AS p ORDER BY p.key
              """, arguments: ["[\(instants.map(String.init).joined(separator: ","))]"])
        }
        try #require(found.count == instants.count)
        let wrong = zip(instants, found).compactMap { instant, found in
          let expected = clock.bucketStart(of: instant, bucket)
          return found == expected
            ? nil : "\(text(instant)): \(text(found)), expected \(text(expected))"
        }
        #expect(wrong == [], "\(bucket) in \(text(start)) to \(text(end))")
      }
    }
  }

  private func text(_ microseconds: Int64) -> String {
    Timestamp(microseconds: microseconds).iso8601()
  }

  @Test(arguments: [
    // Within the day of the change, but after it.
    ("Europe/Paris", "2026-03-29T10:00:00Z", "2026-03-28T23:00:00Z"),
    ("Europe/Paris", "2026-10-25T10:00:00Z", "2026-10-24T22:00:00Z"),
    ("America/St_Johns", "2010-11-07T03:29:00Z", "2010-11-06T02:30:00Z"),
    ("America/St_Johns", "2010-11-07T03:31:00Z", "2010-11-07T02:30:00Z"),
    ("America/Sao_Paulo", "2018-11-04T12:00:00Z", "2018-11-04T03:00:00Z"),
  ])
  func aWindowMayBeginInsideADay(_ name: String, _ time: String, _ expected: String) throws {
    let time = try instant(time)
    let localTime = LocalTime(
      zone: try Zone(name), within: [time..<Timestamp(microseconds: time.microseconds + 1)])
    let start = try DatabaseQueue().read {
      try Int64.fetchOne(
        $0, sql: "SELECT \(localTime.bucketStart(of: "us", .day)) FROM (SELECT ? AS us)",
        arguments: [time.microseconds])
    }
    #expect(start.map(text) == expected)
  }
}

private func modulo(_ value: Int64, _ size: Int64) -> Int64 {
  ((value % size) + size) % size
}

/// Local time by asking Foundation for single offsets only.
private struct Clock {
  let timeZone: TimeZone

  func offset(_ microseconds: Int64) -> Int64 {
    Int64(timeZone.secondsFromGMT(for: Date(timeIntervalSince1970: Double(microseconds) / 1e6)))
      * 1_000_000
  }

  func local(_ microseconds: Int64) -> Int64 { microseconds + offset(microseconds) }

  /// The instants at which the offset changes, found by looking once a week and halving.
  func changes(in years: ClosedRange<Int>) -> [Int64] {
    let second: Int64 = 1_000_000
    let step = 7 * 86_400 * second
    func start(of year: Int) -> Int64 {
      (try? Timestamp(iso8601: "\(year)-01-01T00:00:00Z").microseconds) ?? 0
    }
    var changes: [Int64] = []
    let end = start(of: years.upperBound)
    for begin in stride(from: start(of: years.lowerBound), to: end, by: Int(step))
    where offset(begin) != offset(begin + step) {
      var (low, high) = (begin, begin + step)
      while high - low > second {
        let middle = (low + (high - low) / 2) / second * second
        if offset(middle) == offset(low) { low = middle } else { high = middle }
      }
      changes.append(high)
    }
    return changes
  }

  /// The rule of Python's `zoneinfo` with `fold=0`: of two instants the first; a time that is skipped
  /// is read by the clocks before the change.
  func instant(local: Int64) -> Int64 {
    let hour: Int64 = 3_600_000_000
    // By the hour, since no zone changes its clocks twice within one.
    let around = (-30...30).map { local + $0 * hour }
    let offsets = Set(around.map(offset))
    let showing = offsets.map { local - $0 }.filter { self.local($0) == local }
    if let first = showing.min() { return first }
    let before = around.last { self.local($0) < local } ?? local
    return local - offset(before)
  }

  func bucketStart(of instant: Int64, _ bucket: Bucket) -> Int64 {
    let local = local(instant)
    switch bucket {
    case .minute: return instant - modulo(local, 60_000_000)
    case .hour: return instant - modulo(local, 3_600_000_000)
    case .day: return self.instant(local: local - modulo(local, 86_400_000_000))
    }
  }
}
