/// How long a writer has spent in the stages of its transactions.
package struct StageTimes: Sendable {
  /// Finding, encoding and inserting posts, and gathering what they change in the rollups.
  package var posts = Duration.zero
  /// Writing what changes in the rollups.
  package var rollups = Duration.zero
  /// Writing the pages of the transaction to the write-ahead log, and from there to the store when it is
  /// time.
  package var commit = Duration.zero

  /// No time at all.
  package init() {}

  package static func + (a: StageTimes, b: StageTimes) -> StageTimes {
    var sum = a
    sum.posts += b.posts
    sum.rollups += b.rollups
    sum.commit += b.commit
    return sum
  }

  package static func - (a: StageTimes, b: StageTimes) -> StageTimes {
    var difference = a
    difference.posts -= b.posts
    difference.rollups -= b.rollups
    difference.commit -= b.commit
    return difference
  }
}
