import PostStore
import Posts

/// SQL that turns instants into the local time of a zone, by the offsets of one window.
///
/// SQLite knows no zones. Within a window a zone has few offsets, mostly one or two, so that the local
/// time is arithmetic with a case for each stretch between two changes of the clocks.
struct LocalTime {
  /// A stretch of instants with one offset; the first and the last are open to the outside.
  private struct Stretch {
    let start: Int64
    let offset: Int64
  }

  private let zone: Zone
  private let stretches: [Stretch]

  private static let day: Int64 = 86_400_000_000

  /// The local times of a zone within some ranges of time; outside of them they may be wrong.
  ///
  /// - Parameter ranges: In order of time.
  init(zone: Zone, within ranges: [Range<Timestamp>]) {
    func offset(_ instant: Timestamp) -> Int64 { Int64(zone.offset(at: instant)) * 1_000_000 }
    self.zone = zone
    var stretches: [Stretch] = []
    for range in ranges {
      // A change of the clocks before the range decides where its first day begins, if that day or
      // the one before has it.
      let start = Timestamp(
        microseconds: range.lowerBound.startOfDayUTC.microseconds - 3 * Self.day)
      stretches.append(
        Stretch(start: stretches.isEmpty ? .min : start.microseconds, offset: offset(start)))
      stretches += zone.transitions(after: start, before: range.upperBound).map {
        Stretch(start: $0.microseconds, offset: offset($0))
      }
    }
    self.stretches =
      stretches.isEmpty
      ? [Stretch(start: .min, offset: offset(Timestamp(microseconds: 0)))] : stretches
  }

  /// The start of the bucket that an instant lies in, in microseconds since the epoch.
  ///
  /// - Parameters:
  ///   - column: An SQL expression of an instant in microseconds.
  ///   - bucket: How wide the buckets are.
  func bucketStart(of column: String, _ bucket: Bucket) -> String {
    switch bucket {
    case .minute: fixedBucketStart(of: column, size: 60_000_000)
    case .hour: fixedBucketStart(of: column, size: 3_600_000_000)
    case .day: dayStart(of: column)
    }
  }

  /// The place of the bucket that an instant lies in among all buckets of its width.
  func bucketNumber(of column: String, _ bucket: Bucket) -> String {
    let size = bucket.microseconds
    let pieces = stretches.map { stretch in
      // Days are counted by the calendar. Of narrower buckets an hour that the clocks show twice is two.
      let offset = bucket == .day ? stretch.offset : stretch.offset.floorModulo(size)
      let local = offset == 0 ? column : "(\(column) + \(offset))"
      return (
        start: stretch.start, sql: "(\(local) - (\(local) % \(size) + \(size)) % \(size)) / \(size)"
      )
    }
    return cases(of: column, pieces)
  }

  /// The day of the week that an instant lies in; 1 is Monday.
  func weekday(of column: String) -> String {
    let local = local(column)
    // The days before 1970-01-01, a Thursday, count down from it.
    return
      "(((\(local) - (\(local) % \(Self.day) + \(Self.day)) % \(Self.day)) / \(Self.day) + 3) % 7 + 7) % 7 + 1"
  }

  /// The hour of the day that an instant lies in.
  func hour(of column: String) -> String {
    "(\(local(column)) % \(Self.day) + \(Self.day)) % \(Self.day) / 3600000000"
  }

  /// Whether buckets of a width that begin at whole multiples of it do so in local time, too.
  func isAligned(to width: Int64) -> Bool {
    stretches.allSatisfy { $0.offset % width == 0 && ($0.start == .min || $0.start % width == 0) }
  }

  /// The local time in microseconds.
  private func local(_ column: String) -> String {
    let pieces = stretches.map { stretch in
      (start: stretch.start, sql: stretch.offset == 0 ? column : "\(column) + \(stretch.offset)")
    }
    return "(\(cases(of: column, pieces)))"
  }

  private func fixedBucketStart(of column: String, size: Int64) -> String {
    // Offsets that differ by whole buckets give the same starts.
    let pieces = stretches.map { (start: $0.start, sql: floored(column, $0.offset, size)) }
    return cases(of: column, pieces)
  }

  /// A day begins at local midnight; one that begins while the clocks are put forward begins where
  /// they are, and one whose midnight comes twice begins at the first.
  private func dayStart(of column: String) -> String {
    var pieces: [(start: Int64, sql: String)] = []
    for (index, stretch) in stretches.enumerated() {
      let end = index + 1 < stretches.count ? stretches[index + 1].start : Int64.max
      var formulaStart = stretch.start
      if stretch.start != .min {
        // The days around a change may begin by the clocks before it.
        var midnight = (stretch.start + stretch.offset).floored(toMultipleOf: Self.day)
        for _ in 0..<2 where formulaStart < end {
          pieces.append((formulaStart, String(zone.instant(local: midnight).microseconds)))
          midnight += Self.day
          formulaStart = midnight - stretch.offset
        }
      }
      if formulaStart < end {
        pieces.append((formulaStart, floored(column, stretch.offset, Self.day)))
      }
    }
    return cases(of: column, pieces)
  }

  /// `CASE` over the pieces, each valid from its start; equal neighbours become one.
  private func cases(of column: String, _ pieces: [(start: Int64, sql: String)]) -> String {
    var merged: [(start: Int64, sql: String)] = []
    for piece in pieces where merged.last?.sql != piece.sql { merged.append(piece) }
    guard merged.count > 1 else { return merged.first?.sql ?? column }
    var sql = "CASE"
    for (piece, next) in zip(merged, merged.dropFirst()) {
      sql += " WHEN \(column) < \(next.start) THEN \(piece.sql)"
    }
    return sql + " ELSE \(merged[merged.count - 1].sql) END"
  }

  /// The start of the bucket of a fixed size at an offset. The remainder is taken twice, since it has
  /// the sign of the dividend.
  private func floored(_ column: String, _ offset: Int64, _ size: Int64) -> String {
    let shift = offset.floorModulo(size)
    let shifted = shift == 0 ? column : "(\(column) + \(shift))"
    return "\(column) - (\(shifted) % \(size) + \(size)) % \(size)"
  }
}
