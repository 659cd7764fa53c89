import GRDB
import Posts

/// What a store tells of itself.
public struct StoreStatus: Equatable, Sendable {
  /// Grows with every transaction that changes what a query can see.
  public let version: Int64
  /// When that last happened; nil if it never did.
  public let changed: Timestamp?
  /// How long the newest message had been in its topic when it was stored, in milliseconds; nil if no
  /// message was read.
  public let lagMilliseconds: Int64?
}

extension StoreReader {
  /// What the store tells of itself at this instant.
  ///
  /// - Throws: `StoreError`.
  public func status() throws -> StoreStatus {
    try read { db in
      let row = try Row.fetchOne(
        db,
        sql: """
          SELECT version, NULLIF(changed_us, 0) AS changed,
            (SELECT MAX(0, committed_us / 1000 - newest_ms) FROM kafka_partitions
              WHERE newest_ms IS NOT NULL ORDER BY newest_ms DESC, topic, "partition" LIMIT 1) AS lag
          FROM store_version
          """)
      return StoreStatus(
        version: row?["version"] ?? 0,
        changed: (row?["changed"] as Int64?).map { Timestamp(microseconds: $0) },
        lagMilliseconds: row?["lag"])
    }
  }
}
