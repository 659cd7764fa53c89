import Posts

/// The tables `kafka_partitions` and `rejected_messages`, and the counts beside them.
final class PartitionTable {
  private let find: RawStatement
  private let upsert: RawStatement
  private let insertRejected: RawStatement
  private let countRejected: RawStatement
  private let countLate: RawStatement

  init(connection: OpaquePointer, path: String) throws(StoreError) {
    find = try RawStatement(
      "SELECT next_offset, end_offset FROM kafka_partitions WHERE topic = ?1 AND \"partition\" = ?2",
      connection: connection, path: path)
    upsert = try RawStatement(
      """
      INSERT INTO kafka_partitions (
        topic, "partition", next_offset, stored, duplicate, updated, stale, deleted, ignored,
        rejected, missing, newest_ms, committed_us, end_offset,
        last_offset, last_ms, last_digest)
      VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17)
      ON CONFLICT (topic, "partition") DO UPDATE SET
        next_offset = excluded.next_offset,
        stored = stored + excluded.stored,
        duplicate = duplicate + excluded.duplicate,
        updated = updated + excluded.updated,
        stale = stale + excluded.stale,
        deleted = deleted + excluded.deleted,
        ignored = ignored + excluded.ignored,
        rejected = rejected + excluded.rejected,
        missing = missing + excluded.missing,
        newest_ms = max(ifnull(newest_ms, excluded.newest_ms), ifnull(excluded.newest_ms, newest_ms)),
        committed_us = excluded.committed_us,
        end_offset = ifnull(excluded.end_offset, end_offset),
        last_offset = ifnull(excluded.last_offset, last_offset),
        last_ms = ifnull(excluded.last_ms, last_ms),
        last_digest = ifnull(excluded.last_digest, last_digest)
      """, connection: connection, path: path)
    insertRejected = try RawStatement(
      """
      INSERT INTO rejected_messages (
        topic, "partition", "offset", record_ms, key, value, field, problem, rejected_us)
      VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)
      """, connection: connection, path: path)
    countRejected = try RawStatement(
      """
      INSERT INTO rejection_counts (topic, "partition", field, problem, messages)
      VALUES (?1, ?2, ?3, ?4, ?5)
      ON CONFLICT DO UPDATE SET messages = messages + excluded.messages
      """, connection: connection, path: path)
    countLate = try RawStatement(
      """
      INSERT INTO lateness_counts (topic, "partition", at_least_s, messages)
      VALUES (?1, ?2, ?3, ?4)
      ON CONFLICT DO UPDATE SET messages = messages + excluded.messages
      """, connection: connection, path: path)
  }

  /// The offset of the next message of a partition and where its log ended when the broker last said
  /// so; nil if the store knows nothing of it.
  func position(
    of partition: PartitionID
  ) throws(StoreError) -> (next: Int64, logEnd: Int64?)? {
    try find.bind(text: partition.topic, at: 1)
    try find.bind(Int64(partition.partition), at: 2)
    defer { find.reset() }
    return try find.step() ? (find.int64(0), find.optionalInt64(1)) : nil
  }

  /// Moves a partition on and adds to its counts.
  func advance(
    _ stretch: PartitionStretch, to offset: Int64, counts: IngestCounts, missing: Int64,
    now: Timestamp
  ) throws(StoreError) {
    try upsert.bind(text: stretch.partition.topic, at: 1)
    try upsert.bind(Int64(stretch.partition.partition), at: 2)
    try upsert.bind(offset, at: 3)
    for outcome in Outcome.allCases {
      try upsert.bind(counts.outcomes[outcome], at: 4 + Int32(outcome.rawValue))
    }
    try upsert.bind(missing, at: 11)
    try upsert.bind(stretch.messages.map(\.recordMilliseconds).max(), at: 12)
    try upsert.bind(now.microseconds, at: 13)
    try upsert.bind(stretch.logEnd, at: 14)
    let last = stretch.lastMessage
    try upsert.bind(last?.offset, at: 15)
    try upsert.bind(last?.recordMilliseconds, at: 16)
    try upsert.bind(last?.digest, at: 17)
    try upsert.run()
    for (rejection, messages) in counts.rejections {
      try countRejected.bind(text: stretch.partition.topic, at: 1)
      try countRejected.bind(Int64(stretch.partition.partition), at: 2)
      try countRejected.bind(text: rejection.field, at: 3)
      try countRejected.bind(text: rejection.problem, at: 4)
      try countRejected.bind(messages, at: 5)
      try countRejected.run()
    }
    for (lowest, messages) in zip(IngestCounts.latenessClasses, counts.late) where messages > 0 {
      try countLate.bind(text: stretch.partition.topic, at: 1)
      try countLate.bind(Int64(stretch.partition.partition), at: 2)
      try countLate.bind(lowest, at: 3)
      try countLate.bind(messages, at: 4)
      try countLate.run()
    }
  }

  /// Keeps a message that is not a post.
  func keep(
    _ rejection: Rejection, of message: IncomingMessage, key: [UInt8]?, value: [UInt8]?,
    in partition: PartitionID, now: Timestamp
  ) throws(StoreError) {
    try insertRejected.bind(text: partition.topic, at: 1)
    try insertRejected.bind(Int64(partition.partition), at: 2)
    try insertRejected.bind(message.offset, at: 3)
    try insertRejected.bind(message.recordMilliseconds, at: 4)
    try insertRejected.bind(key, at: 5)
    try insertRejected.bind(value, at: 6)
    try insertRejected.bind(text: rejection.field, at: 7)
    try insertRejected.bind(text: rejection.problem, at: 8)
    try insertRejected.bind(now.microseconds, at: 9)
    try insertRejected.run()
  }
}
