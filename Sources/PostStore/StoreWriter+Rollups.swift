import GRDB
import Posts

extension StoreWriter {
  /// Makes the rollups anew from the posts, a day in each transaction, while others read and write.
  ///
  /// A rebuilding that was cut short goes on where it stopped, together with what is asked for now.
  ///
  /// - Parameters:
  ///   - since: The first day; nil for all.
  ///   - until: The day after the last; nil for all.
  ///   - progress: Called after each day with its first instant; false stops the work until it is
  ///     called for again.
  /// - Throws: `StoreError`; also if raw posts of the range were pruned, since the rollups could not be
  ///   made again without them.
  public func rebuildRollups(
    since: Timestamp? = nil, until: Timestamp? = nil, progress: (Timestamp) -> Bool = { _ in true }
  ) throws(StoreError) {
    let asked = Rebuilding(
      since: since?.startOfDayUTC ?? Rebuilding.firstDay,
      until: until?.startOfDayUTC ?? Rebuilding.endOfDays)
    try write { db in
      let state = try RollupState(db)
      if let pruned = state.prunedBefore, asked.since < pruned {
        throw StoreError(
          .sqlite,
          "raw posts before \(pruned.iso8601()) were pruned: their rollups cannot be made again. Rebuild from there on with --since \(pruned.iso8601())"
        )
      }
      try (state.rebuilding?.joined(by: asked) ?? asked).save(db)
    }
    let days = StoreDays()
    while let day = try write({ try rebuildNextDay(of: days, $0) }) {
      if !progress(day) { return }
    }
  }

  /// Makes the rollups of the next day of the rebuilding that is under way.
  ///
  /// - Returns: The day, or nil when all are done, by whomever.
  private func rebuildNextDay(of days: StoreDays, _ db: Database) throws -> Timestamp? {
    let state = try RollupState(db)
    guard let rebuilding = state.rebuilding else { return nil }
    // Of days whose posts are gone the rollups are all there is.
    let next = max(rebuilding.next, state.prunedBefore ?? rebuilding.next)
    guard let day = try days.first(from: next, db), day < rebuilding.until else {
      try db.execute(
        sql: """
          UPDATE rollup_state
          SET rebuild_since_us = NULL, rebuild_next_us = NULL, rebuild_until_us = NULL,
            is_built = is_built OR ?
          """, arguments: [rebuilding.isWhole])
      return nil
    }
    try rebuild(day, db)
    // An answer that was kept may be of a rollup that was wrong.
    try db.execute(sql: "UPDATE store_version SET version = version + 1")
    try rebuilding.done(before: day.nextDay).save(db)
    return day
  }

  private func rebuild(_ day: Timestamp, _ db: Database) throws {
    let (start, end) = (day.microseconds, day.nextDay.microseconds)
    for rollup in Rollup.allCases {
      for level in rollup.levels {
        try db.execute(
          sql: """
            DELETE FROM \(rollup.table(level))
            WHERE start_s >= \(start / 1_000_000) AND start_s < \(end / 1_000_000)
            """)
        let recomputed = rollup.recomputation(
          level, where: "p.created_us >= \(start) AND p.created_us < \(end)")
        if rollup.isPacked(level) {
          try PackedTable(rollup, level, db, path: path).fill(from: recomputed, db)
        } else {
          let columns = (rollup.keyColumns + rollup.measures).joined(separator: ", ")
          try db.execute(
            sql: "INSERT INTO \(rollup.table(level)) (\(columns)) \(recomputed)")
        }
      }
    }
  }

  /// Builds the rollups of a store that was made before there were any.
  func buildRollupsIfNeeded() throws(StoreError) {
    let isBuilt = try read { try RollupState($0).isBuilt }
    if !isBuilt { try rebuildRollups() }
  }

  /// How many raw posts there are before an instant.
  public func postCount(before instant: Timestamp) throws(StoreError) -> Int {
    try read { db in
      try Int.fetchOne(
        db, sql: "SELECT COUNT(*) FROM posts WHERE created_us < ?",
        arguments: [instant.microseconds]) ?? 0
    }
  }

  /// Deletes the raw posts before a day; the rollups go on counting them.
  ///
  /// A pruned post is final: later versions of it are stale. The work is done in transactions of a few
  /// thousand posts each, and may be cut short and done again.
  ///
  /// - Parameters:
  ///   - instant: The first instant to keep, a whole day of UTC.
  ///   - progress: Called with the number of posts deleted so far; false stops the work.
  /// - Returns: How many posts were deleted.
  public func prune(
    before instant: Timestamp, progress: (Int) -> Bool = { _ in true }
  ) throws(StoreError) -> Int {
    precondition(instant == instant.startOfDayUTC, "only whole days can be pruned")
    let isDone = try write { db in
      let state = try RollupState(db)
      guard state.rebuilding == nil else {
        throw StoreError(
          .sqlite,
          "the rollups are being rebuilt, or were until it was cut short: finish with 'socialq rollups rebuild' before pruning"
        )
      }
      guard state.isBuilt else {
        throw StoreError(
          .sqlite, "the rollups are not complete: run 'socialq rollups rebuild' before pruning")
      }
      // Where no post goes, every question can still be answered from the posts.
      let isAnyBefore = try Bool.fetchOne(
        db, sql: "SELECT EXISTS (SELECT 1 FROM posts WHERE created_us < ?)",
        arguments: [instant.microseconds])
      guard isAnyBefore == true else { return true }
      // Said before the first post goes, so that no question is answered from half of a day.
      try db.execute(
        sql: "UPDATE rollup_state SET pruned_us = MAX(COALESCE(pruned_us, ?1), ?1)",
        arguments: [instant.microseconds])
      try db.execute(sql: "UPDATE store_version SET version = version + 1")
      return false
    }
    if isDone { return 0 }
    var deleted = 0
    while true {
      let count = try write { db in
        let oldest = "FROM posts WHERE created_us < ?1 ORDER BY created_us, id LIMIT 5000"
        try db.execute(
          sql: "INSERT INTO pruned_posts (post_id) SELECT post_id \(oldest)",
          arguments: [instant.microseconds])
        try db.execute(
          sql: "DELETE FROM posts WHERE id IN (SELECT id \(oldest))",
          arguments: [instant.microseconds])
        return db.changesCount
      }
      deleted += count
      if count == 0 || !progress(deleted) { return deleted }
    }
  }
}
