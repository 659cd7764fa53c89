import GRDB
import Posts

extension StoreWriter {
  /// Decodes rejected messages again, and stores those that are posts or deletions by now.
  ///
  /// A message is stored as the version that it is, in the transaction that takes it out of the rejected
  /// ones, and is counted as what it came to instead. Where a version of the same or a later record
  /// time stands, that one came later and stays. Messages that are still no posts stay, with the reason
  /// of today.
  ///
  /// - Parameters:
  ///   - ids: The numbers of the messages; nil for all that are kept.
  ///   - progress: Called with the number of messages done, after each transaction.
  /// - Returns: What they came to.
  /// - Throws: `StoreError`; also if one of the numbers is not kept, and then nothing is done.
  public func replayRejected(
    _ ids: [Int64]? = nil, now: Timestamp, progress: (Int64) -> Void = { _ in }
  ) throws(StoreError) -> OutcomeCounts {
    let kept = try read { try Int64.fetchAll($0, sql: "SELECT id FROM rejected_messages") }
    if let ids {
      let known = Set(kept)
      for id in ids where !known.contains(id) { throw StoreError.noRejectedMessage(id) }
    }
    var outcomes = OutcomeCounts()
    // In the order of arrival, some in each transaction.
    var rest = Set(ids ?? kept).sorted()[...]
    while !rest.isEmpty {
      let some = Array(rest.prefix(500))
      var done = OutcomeCounts()
      try writePosts(now: now) { tables, db in
        guard let connection = db.sqliteConnection else { return false }
        let replay = try Replay(connection: connection, path: path)
        for id in some { try replay.run(id, tables, &done) }
        return done.total > 0
      }
      outcomes += done
      rest = rest.dropFirst(some.count)
      progress(outcomes.total)
    }
    return outcomes
  }
}

/// The statements of a replay.
private final class Replay {
  private let find, standing, remove, explain, uncount, forget, count, move, late: RawStatement
  private var decoder = PostDecoder()

  init(connection: OpaquePointer, path: String) throws(StoreError) {
    func statement(_ sql: String) throws(StoreError) -> RawStatement {
      try RawStatement(sql, connection: connection, path: path)
    }
    let part = "topic = ?1 AND \"partition\" = ?2"
    find = try statement(
      """
      SELECT topic, "partition", "offset", record_ms, field, problem, key IS NULL, key,
        value IS NULL, value
      FROM rejected_messages WHERE id = ?1
      """)
    standing = try statement(
      """
      SELECT version_ms FROM posts WHERE post_id = ?1 AND version_ms >= ?2
      UNION ALL SELECT version_ms FROM deleted_posts WHERE post_id = ?1 AND version_ms >= ?2
      """)
    remove = try statement("DELETE FROM rejected_messages WHERE id = ?1")
    explain = try statement("UPDATE rejected_messages SET field = ?2, problem = ?3 WHERE id = ?1")
    uncount = try statement(
      "UPDATE rejection_counts SET messages = messages - 1 WHERE \(part) AND field = ?3 AND problem = ?4"
    )
    forget = try statement(
      "DELETE FROM rejection_counts WHERE \(part) AND field = ?3 AND problem = ?4 AND messages <= 0"
    )
    count = try statement(
      """
      INSERT INTO rejection_counts (topic, "partition", field, problem, messages)
      VALUES (?1, ?2, ?3, ?4, 1)
      ON CONFLICT DO UPDATE SET messages = messages + 1
      """)
    move = try statement(
      """
      UPDATE kafka_partitions SET rejected = rejected - 1, stored = stored + (?3 = 0),
        duplicate = duplicate + (?3 = 1), updated = updated + (?3 = 2), stale = stale + (?3 = 3),
        deleted = deleted + (?3 = 4), ignored = ignored + (?3 = 5)
      WHERE \(part)
      """)
    late = try statement(
      """
      INSERT INTO lateness_counts (topic, "partition", at_least_s, messages) VALUES (?1, ?2, ?3, 1)
      ON CONFLICT DO UPDATE SET messages = messages + 1
      """)
  }

  func run(
    _ id: Int64, _ tables: StoreWriter.Tables, _ outcomes: inout OutcomeCounts
  ) throws(StoreError) {
    try find.bind(id, at: 1)
    // Another program may have replayed it since.
    guard try find.step() else { return find.reset() }
    let partition = PartitionID(topic: find.text(0), partition: Int32(find.int64(1)))
    let (offset, milliseconds) = (find.int64(2), find.int64(3))
    let old = Rejection(field: find.text(4), problem: find.text(5))
    let key = find.int64(6) == 1 ? nil : find.bytes(7)
    let value = find.int64(8) == 1 ? nil : find.bytes(9)
    find.reset()
    let content = withBytes(key) { key in
      withBytes(value) { value in decoder.content(key: key, value: value) }
    }
    let outcome: Outcome
    switch content {
    case .post(let post):
      outcome =
        try isStanding(post.postID, milliseconds)
        ? .stale : try tables.posts.apply(post, version: milliseconds)
    case .tombstone(let postID):
      outcome =
        try isStanding(postID, milliseconds)
        ? .stale : try tables.posts.delete(postID, version: milliseconds)
    case .rejected(let new, _, _):
      outcomes[.rejected] += 1
      guard (new.field, new.problem) != (old.field, old.problem) else { return }
      try take(old, from: partition)
      try bind(partition, new, to: count)
      try count.run()
      try explain.bind(id, at: 1)
      try explain.bind(text: new.field, at: 2)
      try explain.bind(text: new.problem, at: 3)
      return try explain.run()
    }
    outcomes[outcome] += 1
    try remove.bind(id, at: 1)
    try remove.run()
    try take(old, from: partition)
    try bind(partition, to: move)
    try move.bind(Int64(outcome.rawValue), at: 3)
    try move.run()
    var counts = IngestCounts()
    counts.add(
      IncomingMessage(offset: offset, recordMilliseconds: milliseconds, content: content), outcome)
    for (lowest, messages) in zip(IngestCounts.latenessClasses, counts.late) where messages > 0 {
      try bind(partition, to: late)
      try late.bind(lowest, at: 3)
      try late.run()
    }
  }

  private func isStanding(_ postID: ExactString, _ version: Int64) throws(StoreError) -> Bool {
    try standing.bind(postID, at: 1)
    try standing.bind(version, at: 2)
    defer { standing.reset() }
    return try standing.step()
  }

  private func take(_ reason: Rejection, from partition: PartitionID) throws(StoreError) {
    try bind(partition, reason, to: uncount)
    try uncount.run()
    try bind(partition, reason, to: forget)
    try forget.run()
  }

  private func bind(
    _ partition: PartitionID, _ reason: Rejection, to statement: borrowing RawStatement
  ) throws(StoreError) {
    try bind(partition, to: statement)
    try statement.bind(text: reason.field, at: 3)
    try statement.bind(text: reason.problem, at: 4)
  }

  private func bind(
    _ partition: PartitionID, to statement: borrowing RawStatement
  ) throws(StoreError) {
    try statement.bind(text: partition.topic, at: 1)
    try statement.bind(Int64(partition.partition), at: 2)
  }

  private func withBytes<Result>(
    _ bytes: [UInt8]?, _ body: (UnsafeRawBufferPointer?) -> Result
  ) -> Result {
    guard let bytes else { return body(nil) }
    return bytes.withUnsafeBytes { body($0) }
  }
}
