import GRDB
import Posts

/// Whether what a store says of the partitions that it reads can be true.
struct OffsetChecks {
  /// The time of the wall clock.
  let now: Timestamp

  /// A statement that finds what cannot be, and what is to be said of it.
  private struct Impossible {
    let sql: String
    let text: String
  }

  private var all: [Impossible] {
    let part = "k.topic || '[' || k.\"partition\" || ']'"
    let partitions = "FROM kafka_partitions AS k"
    // An hour for clocks that differ.
    let limit = now.microseconds + 3_600_000_000
    return [
      Impossible(
        sql: """
          SELECT \(part) \(partitions)
          WHERE k.next_offset < 0 OR k.end_offset < 0 OR k."partition" < 0
          """, text: "has an offset below 0"),
      Impossible(
        sql: """
          SELECT \(part) \(partitions)
          WHERE k.stored + k.duplicate + k.updated + k.stale + k.deleted + k.ignored + k.rejected
            + k.missing > k.next_offset
          """, text: "has counted more messages than there are offsets before its next one"),
      Impossible(
        sql: """
          SELECT \(part) \(partitions)
          WHERE k.rejected <> (
            SELECT COALESCE(SUM(c.messages), 0) FROM rejection_counts AS c
            WHERE c.topic = k.topic AND c."partition" = k."partition")
          """, text: "has rejected another number of messages than it counts by reason"),
      Impossible(
        sql: "SELECT \(part) \(partitions) WHERE k.committed_us > \(limit)",
        text: "was committed in the future"),
      Impossible(
        sql: """
          SELECT DISTINCT r.topic || '[' || r."partition" || ']' FROM rejected_messages AS r
          LEFT JOIN kafka_partitions AS k ON k.topic = r.topic AND k."partition" = r."partition"
          WHERE k.next_offset IS NULL OR r."offset" >= k.next_offset
          """, text: "has rejected messages that it has not read yet"),
    ]
  }

  func check(_ db: Database) throws -> StoreCheck {
    let problems = try all.flatMap { impossible in
      try String.fetchAll(db, sql: impossible.sql).map { "\($0) \(impossible.text)" }
    }
    guard problems.isEmpty else {
      return .finding(
        "offsets",
        "\(StoreExamination.first(problems)): the store was changed by another program, or a clock was wrong; \(StoreExamination.wayOut)"
      )
    }
    let count = try Int.fetchOne(db, sql: "SELECT COUNT(*) FROM kafka_partitions") ?? 0
    return .ok("offsets", "those of \(count) partitions are plausible")
  }
}
