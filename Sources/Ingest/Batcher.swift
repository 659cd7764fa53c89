import PostStore

/// Gathers the messages of several partitions until there are enough of them for a transaction.
///
/// It knows, for every partition that is being read, the offset that comes next, so that each stretch
/// begins where the one before ended. It reads no clock and does no input or output.
struct Batcher {
  /// When a batch is worth a transaction.
  struct Limits: Sendable {
    /// So many messages make a batch at once.
    var messages = 20_000
    /// So many bytes of posts and rejected messages do too, which bounds the memory of a batch.
    var bytes = 32 << 20
    /// A smaller batch waits so long for more.
    var delay: Duration = .milliseconds(200)
  }

  /// What waits of a partition.
  private struct Waiting {
    var stretch: PartitionStretch
    /// The bytes of its messages.
    var bytes = 0
    /// Since when it has waited; nil if it is empty.
    var since: ContinuousClock.Instant?

    init(_ partition: PartitionID, at offset: Int64) {
      stretch = PartitionStretch(partition: partition, at: offset)
    }

    mutating func add(_ message: IncomingMessage, size: Int, now: ContinuousClock.Instant) {
      stretch.messages.append(message)
      stretch.end = message.offset + 1
      bytes += size
      since = since ?? now
    }

    mutating func skip(to offset: Int64, missing: Bool, now: ContinuousClock.Instant) {
      if missing { stretch.missing.append(stretch.end..<offset) }
      stretch.end = offset
      since = since ?? now
    }
  }

  private let limits: Limits
  private var waiting: [PartitionID: Waiting] = [:]
  /// The bytes of the messages that wait.
  private var bytes = 0

  /// The number of messages that wait.
  private(set) var count = 0

  init(limits: Limits) { self.limits = limits }

  /// How many more messages fit into the batch.
  var room: Int { max(0, limits.messages - count) }

  /// The partitions that are being read.
  var partitions: [PartitionID] { waiting.keys.sorted() }

  /// The offset that comes next in a partition; nil if it is not being read.
  func position(of partition: PartitionID) -> Int64? { waiting[partition]?.stretch.end }

  /// Begins to read a partition at an offset; what waits of it is dropped.
  mutating func start(_ partition: PartitionID, at offset: Int64) {
    stop(partition)
    waiting[partition] = Waiting(partition, at: offset)
  }

  /// Reads a partition no longer; what waits of it is dropped.
  mutating func stop(_ partition: PartitionID) {
    guard let dropped = waiting.removeValue(forKey: partition) else { return }
    count -= dropped.stretch.messages.count
    bytes -= dropped.bytes
  }

  /// Reads nothing any longer, and drops all that waits.
  mutating func stopAll() {
    for partition in partitions { stop(partition) }
  }

  /// Whether a message of an offset is the next one, or one after a gap, of a partition that is read.
  func expects(_ offset: Int64, of partition: PartitionID) -> Bool {
    position(of: partition).map { offset >= $0 } ?? false
  }

  /// Takes in a message that is expected. Offsets that it skips hold no messages: they were compacted
  /// away or are markers of transactions.
  ///
  /// - Parameter size: The bytes of the message.
  mutating func add(
    _ message: IncomingMessage, of partition: PartitionID, size: Int, now: ContinuousClock.Instant
  ) {
    precondition(expects(message.offset, of: partition))
    waiting[partition]?.add(message, size: size, now: now)
    count += 1
    bytes += size
  }

  /// Moves a partition on over offsets that hold no messages.
  ///
  /// - Parameter missing: Whether they did hold messages, which expired before they were read.
  mutating func skip(
    to offset: Int64, of partition: PartitionID, missing: Bool = false,
    now: ContinuousClock.Instant
  ) {
    guard let position = position(of: partition), position < offset else { return }
    waiting[partition]?.skip(to: offset, missing: missing, now: now)
  }

  /// Whether the batch may not grow any more.
  var isFull: Bool { count >= limits.messages || bytes >= limits.bytes }

  /// Whether the batch is full or has waited long enough.
  func isDue(at now: ContinuousClock.Instant) -> Bool {
    if isFull { return true }
    return due.map { now >= $0 } ?? false
  }

  /// When the batch will have waited long enough; nil while it is empty.
  var due: ContinuousClock.Instant? {
    waiting.values.lazy.compactMap(\.since).min().map { $0 + limits.delay }
  }

  /// Takes the batch out; reading goes on behind it.
  mutating func take() -> [PartitionStretch] {
    var batch: [PartitionStretch] = []
    for (partition, waiting) in waiting.sorted(by: { $0.key < $1.key })
    where waiting.since != nil {
      batch.append(waiting.stretch)
      self.waiting[partition] = Waiting(partition, at: waiting.stretch.end)
    }
    count = 0
    bytes = 0
    return batch
  }
}
