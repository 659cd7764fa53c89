import Posts
import Testing

@testable import SyntheticPosts

@Suite struct TimelineTests {
  private static let day: Int64 = 86_400_000_000

  struct Extent: Sendable {
    var span: Int64
    var count: UInt64
  }

  @Test(arguments: [
    Extent(span: 1, count: 5), Extent(span: 60_000_000, count: 1),
    Extent(span: 7 * day, count: 10_000), Extent(span: 30 * day + 12_345, count: 3333),
    Extent(span: TimeSpan.longest, count: 1000),
  ])
  func aHistoryIsInOrderAndWithinItsSpan(extent: Extent) {
    let (span, count) = (extent.span, extent.count)
    let start = Timestamp(microseconds: wednesday.microseconds + 7_654_321)
    let history = History(seed: 1, start: start, span: span, count: count)
    let moments = (0..<count).map { history.moment($0) }
    #expect(zip(moments, moments.dropFirst()).allSatisfy { $0.timestamp <= $1.timestamp })
    #expect(zip(moments, moments.dropFirst()).allSatisfy { $0.recordTime <= $1.recordTime })
    let times = moments.map(\.timestamp.microseconds)
    #expect(times.allSatisfy { $0 >= start.microseconds - span && $0 < start.microseconds })
    let records = start.microseconds / 1000 - 3_600_000..<start.microseconds / 1000
    #expect(moments.allSatisfy { records.contains($0.recordTime) })
  }

  @Test func aHistoryBeforeTheEpochIsOneToo() {
    let start = Timestamp(microseconds: -TimelineTests.day * 1000 - 1)
    let history = History(seed: 1, start: start, span: TimelineTests.day, count: 100)
    let times = (0..<100).map { history.moment($0).timestamp }
    #expect(times == times.sorted())
    #expect(times[99] < start)
    #expect(times[0].microseconds >= start.microseconds - TimelineTests.day)
  }

  @Test func eveningsAreBusyAndNightsQuiet() {
    let history = History(
      seed: 1, start: wednesday, span: 28 * TimelineTests.day, count: 100_000)
    var hours = Array(repeating: 0, count: 24)
    for sequence in 0..<100_000 as Range<UInt64> {
      let time = history.moment(sequence).timestamp.microseconds
      hours[Int(time % TimelineTests.day / 3_600_000_000)] += 1
    }
    #expect(hours.max() == hours[19])
    #expect(Double(hours[19]) / Double(hours[3]) > 8)
    #expect((hours.min() ?? 0) > 500)
  }

  @Test func volumeAndItsInverseAgree() {
    let curve = ActivityCurve.standard
    var random = SplitMix64(seed: 1)
    for _ in 0..<10_000 {
      let time = Int64(random.below(Int(50 * ActivityCurve.microsecondsPerWeek)))
      #expect(curve.microseconds(reaching: curve.volume(of: time)) == time)
    }
  }

  @Test func weeksBeginOnMonday() {
    let monday = wednesday.microseconds - 2 * TimelineTests.day
    for offset in [0, 1, 7 * TimelineTests.day - 1] {
      let instant = Timestamp(microseconds: monday + offset)
      #expect(ActivityCurve.weekStart(of: instant).microseconds == monday)
    }
    #expect(
      ActivityCurve.weekStart(of: Timestamp(microseconds: 0)).microseconds
        == -3 * TimelineTests.day)
  }

  struct Due: Sendable {
    var pace: Pace
    var index: UInt64
    var microseconds: Int64
  }

  @Test(arguments: [
    Due(pace: Pace(posts: 2, per: 1_000_000), index: 3, microseconds: 1_500_000),
    Due(pace: Pace(posts: 30, per: 60_000_000), index: 1, microseconds: 2_000_000),
    Due(pace: Pace(posts: 200_000, per: 1_000_000), index: 1, microseconds: 5),
    Due(pace: Pace(posts: 3, per: 1_000_000), index: 1, microseconds: 333_333),
    // A thousand years, the furthest that anything is due.
    Due(
      pace: Pace(posts: 1, per: 86_400_000_000), index: 1 << 44,
      microseconds: 31_536_000_000_000_000),
  ])
  func aPaceSaysWhenAPostIsDue(due: Due) {
    #expect(due.pace.delay(ofPost: due.index) == due.microseconds)
  }
}
