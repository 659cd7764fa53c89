import Foundation
import GRDB
import Posts

/// A message that is no post, as a store keeps it.
public struct RejectedMessage: Equatable, Sendable {
  /// Its number in the store, in the order of arrival.
  public let id: Int64
  /// Where it came from.
  public let partition: PartitionID
  /// Its offset there.
  public let offset: Int64
  /// The Kafka record time, in milliseconds since the epoch.
  public let recordMilliseconds: Int64
  /// The bytes of key and value together.
  public let size: Int64
  /// Why it is no post, such as `likes: not a whole number`.
  public let reason: String
  /// When it was rejected.
  public let rejected: Timestamp

  init(_ row: Row) {
    id = row["id"]
    partition = PartitionID(topic: row["topic"], partition: row["partition"])
    offset = row["offset"]
    recordMilliseconds = row["record_ms"]
    size = row["size"]
    reason = row["reason"]
    rejected = Timestamp(microseconds: row["rejected_us"])
  }

  static let columns = """
    id, topic, "partition", "offset", record_ms, rejected_us, field || ': ' || problem AS reason,
    COALESCE(LENGTH(key), 0) + COALESCE(LENGTH(value), 0) AS size
    """
}

extension StoreReader {
  /// The messages that were rejected and are still kept, the latest first.
  ///
  /// - Parameters:
  ///   - reason: Words that the reason has, in any letter case; nil for all.
  ///   - limit: How many at most.
  /// - Returns: The messages, and how many there are of that reason.
  /// - Throws: `StoreError`.
  public func rejectedMessages(
    reason: String? = nil, limit: Int = .max
  ) throws -> (shown: [RejectedMessage], count: Int) {
    let condition = "WHERE instr(lower(field || ': ' || problem), lower(?1)) > 0"
    return try read { db in
      let shown = try Row.fetchAll(
        db,
        sql: """
          SELECT \(RejectedMessage.columns) FROM rejected_messages \(condition)
          ORDER BY id DESC LIMIT ?2
          """, arguments: [reason ?? "", limit])
      let count = try Int.fetchOne(
        db, sql: "SELECT COUNT(*) FROM rejected_messages \(condition)", arguments: [reason ?? ""])
      return (shown.map { RejectedMessage($0) }, count ?? 0)
    }
  }

  /// One message with its bytes as they came.
  ///
  /// - Throws: `StoreError` if no message of that number is kept.
  public func rejectedMessage(
    _ id: Int64
  ) throws -> (message: RejectedMessage, key: [UInt8]?, value: [UInt8]?) {
    try read { db in
      let row = try Row.fetchOne(
        db,
        sql: "SELECT \(RejectedMessage.columns), key, value FROM rejected_messages WHERE id = ?",
        arguments: [id])
      guard let row else { throw StoreError.noRejectedMessage(id) }
      return (
        RejectedMessage(row), (row["key"] as Data?).map { Array($0) },
        (row["value"] as Data?).map { Array($0) }
      )
    }
  }
}

extension StoreError {
  static func noRejectedMessage(_ id: Int64) -> StoreError {
    StoreError(
      .notFound, "no rejected message \(id) is kept: 'socialq rejected list' shows those that are")
  }
}
