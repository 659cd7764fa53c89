import GRDB
import Posts

/// What an operator asks of a store: how much it holds, how far it has read, and what went wrong.
public struct StoreOverview: Equatable, Sendable {
  /// How far one partition was read.
  public struct Partition: Equatable, Sendable {
    /// The partition.
    public let partition: PartitionID
    /// The offset of the next message to read.
    public let nextOffset: Int64
    /// Where its log ended at the last commit, as the broker said; nil if it had not.
    public let endOffset: Int64?
    /// When its last transaction was committed.
    public let committed: Timestamp

    /// How many offsets lay between the store and the end of the log at the last commit.
    public var lag: Int64? { endOffset.map { max(0, $0 - nextOffset) } }
  }

  /// Messages that were no posts, by reason.
  public struct Rejected: Equatable, Sendable {
    /// The field at fault and what was wrong with it, such as `likes: not a whole number`.
    public let reason: String
    /// How many there were.
    public let messages: Int64
  }

  /// How many single posts there are.
  public let posts: Int64
  /// The time of the oldest post; nil if there is none.
  public let oldest: Timestamp?
  /// The time of the newest post; nil if there is none.
  public let newest: Timestamp?
  /// Posts before this instant live on in the rollups only; nil if none were pruned.
  public let prunedBefore: Timestamp?
  /// The bytes of the database file.
  public let fileBytes: Int64
  /// The bytes of the write-ahead log; 0 if there is none.
  public let logBytes: Int64
  /// The partitions, in order.
  public let partitions: [Partition]
  /// Messages that were no posts, the most frequent reason first.
  public let rejected: [Rejected]
  /// The name of the last migration that the store has run.
  public let schema: String
  /// The version of the SQLite library that reads it.
  public let sqlite: String

  /// When the store last took messages; nil if it never did.
  public var lastCommit: Timestamp? { partitions.lastCommit }
}

extension [StoreOverview.Partition] {
  /// When the last transaction of any of them was committed; nil if there is none.
  var lastCommit: Timestamp? { map(\.committed).max() }
}

extension StoreReader {
  /// What the store holds and how far it has read, all of one state of the store.
  ///
  /// Posts are counted one by one, which takes about a second for ten million.
  ///
  /// - Throws: `StoreError`.
  public func overview() throws -> StoreOverview {
    let file = StoreFile(path: path)
    return try read { db in
      func time(_ sql: String) throws -> Timestamp? {
        try Int64.fetchOne(db, sql: sql).map { Timestamp(microseconds: $0) }
      }
      return StoreOverview(
        posts: try Int64.fetchOne(db, sql: "SELECT COUNT(*) FROM posts") ?? 0,
        oldest: try time("SELECT MIN(created_us) FROM posts"),
        newest: try time("SELECT MAX(created_us) FROM posts"),
        prunedBefore: try RollupState(db).prunedBefore,
        fileBytes: file.size, logBytes: file.logSize,
        partitions: try partitions(db), rejected: try rejected(db),
        schema: try String.fetchOne(db, sql: "SELECT MAX(name) FROM schema_migrations") ?? "",
        sqlite: try String.fetchOne(db, sql: "SELECT sqlite_version()") ?? "")
    }
  }

  func partitions(_ db: Database) throws -> [StoreOverview.Partition] {
    let sql = """
      SELECT topic, "partition", next_offset, end_offset, committed_us FROM kafka_partitions
      ORDER BY topic, "partition"
      """
    return try Row.fetchAll(db, sql: sql).map { row in
      StoreOverview.Partition(
        partition: PartitionID(topic: row["topic"], partition: row["partition"]),
        nextOffset: row["next_offset"], endOffset: row["end_offset"],
        committed: Timestamp(microseconds: row["committed_us"]))
    }
  }

  func rejected(_ db: Database) throws -> [StoreOverview.Rejected] {
    let sql = """
      SELECT field || ': ' || problem AS reason, SUM(messages) AS messages FROM rejection_counts
      GROUP BY reason ORDER BY SUM(messages) DESC, reason
      """
    return try Row.fetchAll(db, sql: sql).map {
      StoreOverview.Rejected(reason: $0["reason"], messages: $0["messages"])
    }
  }
}
