import PostStore
import Posts

/// Takes posts into a store, by batches in a transaction each.
///
/// A post counts as a version of the time it was made at, so that to import it again changes nothing,
/// and a later version that Kafka brought stands.
public struct PostImporter {
  /// So many posts make a transaction, or the posts of so many bytes.
  static let batchSize = 20_000
  static let batchBytes: Int64 = 33_554_432

  /// What became of the lines.
  public struct Summary: Equatable, Sendable {
    /// What became of the posts.
    public var outcomes = OutcomeCounts()
    /// How many lines hold no post.
    public var rejected: Int64 = 0
    /// The line up to which all is stored.
    public var line = 0
    /// Whether it was asked to stop before the end.
    public var wasStopped = false
  }

  private let writer: StoreWriter
  private let now: () -> Timestamp

  /// - Parameters:
  ///   - writer: The store.
  ///   - now: The time of the clock, which the store notes as that of its last change.
  public init(writer: StoreWriter, now: @escaping () -> Timestamp) {
    self.writer = writer
    self.now = now
  }

  /// Reads to the end.
  ///
  /// - Parameters:
  ///   - shouldStop: Asked after each line; what was read up to then is stored.
  ///   - progress: Called after each transaction.
  ///   - rejected: Called for each line that holds no post.
  /// - Throws: `InterchangeError`, `StoreError`; what came before is stored.
  public func run(
    _ reader: inout PostReader, shouldStop: () -> Bool = { false },
    progress: (Summary) -> Void = { _ in }, rejected: (Rejection, _ line: Int) -> Void
  ) throws -> Summary {
    var summary = Summary()
    var batch: [(post: Post, milliseconds: Int64)] = []
    var last = 0
    var storedBytes: Int64 = 0
    func store() throws {
      if !batch.isEmpty { summary.outcomes += try writer.apply(batch, now: now()) }
      summary.line = last
      storedBytes = reader.byteCount
      batch.removeAll(keepingCapacity: true)
      progress(summary)
    }
    do {
      while let entry = try reader.next() {
        switch entry {
        case .post(let post, let line):
          batch.append((post, post.timestamp.milliseconds))
          last = line
        case .rejected(let rejection, let line):
          summary.rejected += 1
          rejected(rejection, line)
          last = line
        }
        if batch.count >= Self.batchSize || reader.byteCount - storedBytes >= Self.batchBytes {
          try store()
        }
        if shouldStop() {
          summary.wasStopped = true
          break
        }
      }
    } catch let error as InterchangeError {
      try store()
      throw error
    }
    try store()
    return summary
  }
}

extension Timestamp {
  /// Whole milliseconds since the epoch, as Kafka has times.
  fileprivate var milliseconds: Int64 { microseconds.floored(toMultipleOf: 1000) / 1000 }
}
