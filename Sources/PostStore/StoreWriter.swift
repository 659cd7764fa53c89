import Foundation
import GRDB
import Posts

/// The one way posts get into a store: batches of messages, each in one transaction with its offsets.
///
/// A writer is used from one thread at a time. Several writers, also of other processes, may have the
/// same store open: a transaction waits for the other, and a stretch of a partition that another
/// writer has applied already is left out.
public final class StoreWriter {
  private let queue: DatabaseQueue
  let path: String
  /// How many of the messages that are no posts are kept.
  public var rejectedRetention = RejectedRetention.all
  /// The file that was opened; nil if it was gone at once.
  let identity: FileIdentity?
  /// The most bytes that the file was seen to have.
  var fileSize: Int64 = 0
  /// Optional so that `deinit` can let the statements go before their connection does.
  private var tables: Tables?
  /// The version of the store after the last transaction; a lower one tells that the store was put back to an
  /// earlier state.
  private var lastVersion: Int64 = 0
  /// The time spent so far, for measurements.
  package private(set) var times = StageTimes()

  struct Tables {
    let posts: PostTable
    let partitions: PartitionTable
    let rejected: RejectedTable
  }

  /// Opens the store at a path, makes it if there is none, and brings it to the newest schema.
  ///
  /// - Parameters:
  ///   - path: A file.
  ///   - makesFolder: Whether to make its folder if need be; else that must be there, since a path with
  ///     a slip of the pen is not to become a tree of folders.
  ///   - busyTimeout: How many seconds to wait for another program that writes.
  public init(
    path: String, makesFolder: Bool = false, busyTimeout: TimeInterval = 10
  ) throws(StoreError) {
    self.path = path
    let file = StoreFile(path: path)
    try file.check()
    if makesFolder {
      do {
        try FileManager.default.createDirectory(at: file.folder, withIntermediateDirectories: true)
      } catch {
        throw StoreError(
          .readOnly,
          "the folder of the store \(path) cannot be made: check who may write beside it, or name another file with --db"
        )
      }
    } else if !file.hasFolder {
      throw StoreError(
        .notFound,
        "there is no folder \(file.folder.path) for the store \(path): make it, or name another file with --db"
      )
    }
    do {
      var configuration = Configuration()
      configuration.label = "socialq.writer"
      configuration.busyMode = .timeout(busyTimeout)
      // Every reference is to a dictionary row made in the same transaction, and none is ever
      // deleted; checking each again would double the cost of an insert.
      configuration.foreignKeysEnabled = false
      configuration.prepareDatabase { db in
        try db.execute(
          sql: """
            PRAGMA synchronous = NORMAL;
            PRAGMA secure_delete = OFF;
            PRAGMA cache_size = -32768;
            PRAGMA temp_store = FILE;
            PRAGMA wal_autocheckpoint = 16384;
            """)
      }
      queue = try DatabaseQueue(path: path, configuration: configuration)
      identity = file.identity
      tables = try queue.inDatabase { db in
        let migrator = Migrator(path: path, migrations: Migration.all)
        // The journal mode is kept in the file: that of another program must stay as it is.
        try migrator.refuseOthers(db)
        guard try String.fetchOne(db, sql: "PRAGMA journal_mode = WAL") == "wal" else {
          throw StoreError(
            .sqlite, "the store \(path) cannot have a write-ahead log: put it on a local disk")
        }
        try migrator.migrate(db)
        guard let connection = db.sqliteConnection else { return nil }
        return Tables(
          posts: try PostTable(connection: connection, path: path),
          partitions: try PartitionTable(connection: connection, path: path),
          rejected: try RejectedTable(connection: connection, path: path))
      }
    } catch {
      throw StoreError.wrapping(error, path: path)
    }
    try buildRollupsIfNeeded()
  }

  deinit { tables = nil }

  /// Reads the store as it is.
  func read<Value>(_ body: (Database) throws -> Value) throws(StoreError) -> Value {
    do {
      return try queue.inDatabase(body)
    } catch {
      throw StoreError.wrapping(error, path: path)
    }
  }

  /// Changes the store in one transaction, or not at all.
  func write<Value>(_ body: (Database) throws -> Value) throws(StoreError) -> Value {
    do {
      var value: Value?
      try queue.inTransaction(.immediate) { db in
        value = try body(db)
        return .commit
      }
      guard let value else { throw StoreError(.sqlite, "the store \(path): nothing was done") }
      return value
    } catch {
      throw StoreError.wrapping(error, path: path)
    }
  }

  /// Applies a batch in one transaction, which also moves the offsets.
  ///
  /// A stretch is applied from where the store is. What the store holds already is left out. A stretch
  /// that begins past the store's offset is left out whole, since something before it never came; the
  /// caller reads again from `nextOffsets`. A partition of which the store knows nothing begins where
  /// its first stretch does.
  ///
  /// - Throws: `StoreError`; the store is then as it was before.
  public func apply(_ batch: [PartitionStretch], now: Timestamp) throws(StoreError) -> BatchResult {
    var result = BatchResult()
    try writePosts(now: now) { tables, _ in
      var isChanged = false
      for stretch in batch {
        if try apply(stretch, now: now, to: tables, result: &result) { isChanged = true }
      }
      try tables.rejected.bound(to: rejectedRetention, now: now)
      return isChanged
    }
    return result
  }

  /// Makes posts ready whose texts the store knows by now. What it has prepared is right for this store alone.
  public var preparation: PostPreparation? { tables?.posts.preparation }

  /// Applies posts that no message of Kafka brought, in one transaction; where partitions were read to
  /// stays as it is.
  ///
  /// - Parameter versions: The posts, each with the time in milliseconds that orders it among versions
  ///   of the same post, as the record time does for messages.
  /// - Throws: `StoreError`; the store is then as it was before.
  public func apply(
    _ versions: [(post: Post, milliseconds: Int64)], now: Timestamp
  ) throws(StoreError) -> OutcomeCounts {
    var outcomes = OutcomeCounts()
    try writePosts(now: now) { tables, _ in
      for version in versions {
        outcomes[try tables.posts.apply(.decoded(version.post), version: version.milliseconds)] += 1
      }
      return outcomes.total > 0
    }
    return outcomes
  }

  /// Changes posts, and with them the rollups and the version of the store, in one transaction.
  ///
  /// - Parameter body: What to do; it says whether a query can see it, posts or what is told of the
  ///   ingest.
  func writePosts(
    now: Timestamp, _ body: (Tables, Database) throws -> Bool
  ) throws(StoreError) {
    guard let tables else { throw StoreError(.sqlite, "the store \(path) is closed") }
    do {
      let clock = ContinuousClock()
      var finished = clock.now
      var newVersion = lastVersion
      try queue.inTransaction(.immediate) { db in
        let begun = clock.now
        let version = try self.version(db)
        try tables.posts.begin()
        let isChanged = try body(tables, db)
        let applied = clock.now
        try tables.posts.finish()
        finished = clock.now
        times.posts += applied - begun
        times.rollups += finished - applied
        if isChanged {
          try db.execute(
            sql: "UPDATE store_version SET version = version + 1, changed_us = ?",
            arguments: [now.microseconds])
        }
        newVersion = isChanged ? version + 1 : version
        return .commit
      }
      lastVersion = newVersion
      times.commit += clock.now - finished
    } catch {
      tables.posts.rolledBack()
      throw StoreError.wrapping(error, path: path)
    }
  }

  /// The version of the store.
  ///
  /// - Throws: `StoreError` of code `replaced` if it fell: a backup was put back into the file, and what is
  ///   remembered of the store is not so any longer. If others have written since, the ids of texts tell.
  private func version(_ db: Database) throws -> Int64 {
    let version = try Int64.fetchOne(db, sql: "SELECT version FROM store_version") ?? 0
    guard version >= lastVersion else {
      throw StoreError.putBack(path)
    }
    return version
  }

  /// Applies a stretch from where the store is.
  ///
  /// - Returns: Whether anything changed: posts, counts, or how far a partition was read or goes.
  private func apply(
    _ stretch: PartitionStretch, now: Timestamp, to tables: Tables, result: inout BatchResult
  ) throws(StoreError) -> Bool {
    let known = try tables.partitions.position(of: stretch.partition)
    let start = known?.next ?? stretch.begin
    guard stretch.begin <= start, start < stretch.end else {
      result.nextOffsets[stretch.partition] = start
      result.fenced += Int64(stretch.messages.count)
      // An empty partition is worth a row too: the place to resume from is then known.
      let isNews = known == nil || (stretch.logEnd != nil && stretch.logEnd != known?.logEnd)
      guard isNews, start == stretch.begin, stretch.begin == stretch.end else { return false }
      try tables.partitions.advance(
        stretch, to: start, counts: IngestCounts(), missing: 0, now: now)
      return true
    }
    var counts = IngestCounts()
    for message in stretch.messages {
      guard message.offset >= start else {
        result.fenced += 1
        continue
      }
      let outcome: Outcome
      switch message.content {
      case .post(let post):
        outcome = try tables.posts.apply(post, version: message.recordMilliseconds)
      case .tombstone(let postID):
        outcome = try tables.posts.delete(postID, version: message.recordMilliseconds)
      case .rejected(let rejection, let key, let value):
        try tables.partitions.keep(
          rejection, of: message, key: key, value: value, in: stretch.partition, now: now)
        outcome = .rejected
      }
      counts.add(message, outcome)
    }
    let missing = stretch.missing(from: start)
    try tables.partitions.advance(
      stretch, to: stretch.end, counts: counts, missing: missing, now: now)
    result.outcomes += counts.outcomes
    result.missing += missing
    result.nextOffsets[stretch.partition] = stretch.end
    return true
  }

  /// Where every known partition of a topic was read to: the offset of the next message.
  public func nextOffsets(topic: String) throws(StoreError) -> [PartitionID: Int64] {
    try read { db in
      let rows = try Row.fetchAll(
        db, sql: "SELECT \"partition\", next_offset FROM kafka_partitions WHERE topic = ?",
        arguments: [topic])
      return Dictionary(
        uniqueKeysWithValues: rows.map {
          (PartitionID(topic: topic, partition: $0["partition"]), $0["next_offset"])
        })
    }
  }

  /// The message that was read last of every partition of a topic of which one was read.
  public func lastMessages(topic: String) throws(StoreError) -> [PartitionID: LastMessage] {
    try read { db in
      let rows = try Row.fetchAll(
        db,
        sql: """
          SELECT "partition", last_offset, last_ms, last_digest FROM kafka_partitions
          WHERE topic = ? AND last_offset IS NOT NULL
          """, arguments: [topic])
      return Dictionary(
        uniqueKeysWithValues: rows.map {
          (
            PartitionID(topic: topic, partition: $0["partition"]),
            LastMessage(
              offset: $0["last_offset"], recordMilliseconds: $0["last_ms"],
              digest: $0["last_digest"])
          )
        })
    }
  }
}
