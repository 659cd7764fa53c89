/// How long a writer has spent in the stages of its transactions.
package struct StageTimes: Sendable {
  /// Finding, encoding and inserting posts, and gathering what they change in the rollups.
  package var posts = Duration.zero
  /// Writing what changes in the rollups.
  package var rollups = Duration.zero
  /// Writing the pages of the transaction to the write-ahead log.
  package var commit = Duration.zero
  /// Writing pages of the log to the store.
  package var checkpoint = Duration.zero

  /// No time at all.
  package init() {}

  package static func + (a: StageTimes, b: StageTimes) -> StageTimes {
    var sum = a
    sum.posts += b.posts
    sum.rollups += b.rollups
    sum.commit += b.commit
    sum.checkpoint += b.checkpoint
    return sum
  }

  package static func - (a: StageTimes, b: StageTimes) -> StageTimes {
    var difference = a
    difference.posts -= b.posts
    difference.rollups -= b.rollups
    difference.commit -= b.commit
    difference.checkpoint -= b.checkpoint
    return difference
  }
}
