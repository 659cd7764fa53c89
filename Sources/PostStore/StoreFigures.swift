import GRDB
import Posts

/// What can be asked of a store every few seconds: nothing here takes longer for more posts.
public struct StoreFigures: Equatable, Sendable {
  /// What became of messages.
  public struct Outcomes: Equatable, Sendable {
    /// The outcome, as ``Outcome`` names it, or `missing`.
    public let name: String
    /// How many messages, of all partitions.
    public let messages: Int64
  }

  /// The bytes of the database file.
  public let fileBytes: Int64
  /// The bytes of the write-ahead log; 0 if there is none.
  public let logBytes: Int64
  /// The partitions, in order.
  public let partitions: [StoreOverview.Partition]
  /// Messages that were no posts, the most frequent reasons first, at most fifty.
  public let rejected: [StoreOverview.Rejected]
  /// What became of all messages.
  public let outcomes: [Outcomes]

  /// When the store last took messages; nil if it never did.
  public var lastCommit: Timestamp? { partitions.lastCommit }
}

extension StoreReader {
  /// The figures at this instant.
  ///
  /// - Throws: `StoreError`.
  public func figures() throws -> StoreFigures {
    let file = StoreFile(path: path)
    return try read { db in
      let names = Outcome.allCases.map { "\($0)" } + ["missing"]
      let sums = names.map { "COALESCE(SUM(\"\($0)\"), 0)" }.joined(separator: ", ")
      let row = try Row.fetchOne(db, sql: "SELECT \(sums) FROM kafka_partitions")
      return StoreFigures(
        fileBytes: file.size, logBytes: file.logSize, partitions: try partitions(db),
        rejected: Array(try rejected(db).prefix(50)),
        outcomes: names.enumerated().map {
          StoreFigures.Outcomes(name: $1, messages: row?[$0] ?? 0)
        })
    }
  }
}
