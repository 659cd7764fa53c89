import Posts

/// Keeps the table `rejected_messages` within its limits.
///
/// A message that goes was counted by its reason when it came, and stays counted.
final class RejectedTable {
  private let totals: RawStatement
  private let oldest: RawStatement
  private let delete: RawStatement

  init(connection: OpaquePointer, path: String) throws(StoreError) {
    totals = try RawStatement(
      "SELECT messages, bytes FROM rejected_totals", connection: connection, path: path)
    oldest = try RawStatement(
      """
      SELECT id, COALESCE(LENGTH(key), 0) + COALESCE(LENGTH(value), 0), rejected_us
      FROM rejected_messages ORDER BY id
      """, connection: connection, path: path)
    delete = try RawStatement(
      "DELETE FROM rejected_messages WHERE id <= ?1", connection: connection, path: path)
  }

  /// Deletes the oldest messages until the others are within all limits.
  ///
  /// Ids are given in the order of arrival, so that the first one to stay is the end of the search.
  func bound(to retention: RejectedRetention, now: Timestamp) throws(StoreError) {
    guard retention != .all, try totals.step() else { return totals.reset() }
    var (messages, bytes) = (totals.int64(0), totals.int64(1))
    totals.reset()
    let start = retention.age.map { now.microseconds - $0.microseconds } ?? .min
    var last: Int64?
    while try oldest.step() {
      guard
        messages > retention.messages ?? .max || bytes > retention.bytes ?? .max
          || oldest.int64(2) < start
      else { break }
      last = oldest.int64(0)
      messages -= 1
      bytes -= oldest.int64(1)
    }
    oldest.reset()
    guard let last else { return }
    try delete.bind(last, at: 1)
    try delete.run()
  }
}
