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

  private let limits: Limits
  private var stretches: [PartitionID: PartitionStretch] = [:]
  private var oldest: ContinuousClock.Instant?
  private var bytes = 0

  /// The number of messages that wait.
  private(set) var count = 0

  init(limits: Limits) { self.limits = limits }

  /// How many more messages fit into the batch.
  var room: Int { max(0, limits.messages - count) }

  /// The partitions that are being read.
  var partitions: [PartitionID] { stretches.keys.sorted() }

  /// The offset that comes next in a partition; nil if it is not being read.
  func position(of partition: PartitionID) -> Int64? { stretches[partition]?.end }

  /// Begins to read a partition at an offset; what waits of it is dropped.
  mutating func start(_ partition: PartitionID, at offset: Int64) {
    stop(partition)
    stretches[partition] = PartitionStretch(partition: partition, at: offset)
  }

  /// Reads a partition no longer; what waits of it is dropped.
  mutating func stop(_ partition: PartitionID) {
    guard let stretch = stretches.removeValue(forKey: partition) else { return }
    count -= stretch.messages.count
  }

  /// Reads nothing any longer, and drops all that waits.
  mutating func stopAll() {
    for partition in partitions { stop(partition) }
  }

  /// Whether a message of an offset is the next one, or one after a gap, of a partition that is read.
  func expects(_ offset: Int64, of partition: PartitionID) -> Bool {
    stretches[partition].map { offset >= $0.end } ?? false
  }

  /// Takes in a message that is expected. Offsets that it skips hold no messages: they were compacted
  /// away or are markers of transactions.
  ///
  /// - Parameter size: The bytes of the message.
  mutating func add(
    _ message: IncomingMessage, of partition: PartitionID, size: Int, now: ContinuousClock.Instant
  ) {
    precondition(expects(message.offset, of: partition))
    stretches[partition]?.messages.append(message)
    stretches[partition]?.end = message.offset + 1
    count += 1
    bytes += size
    if oldest == nil { oldest = now }
  }

  /// Moves a partition on over offsets that hold no messages.
  ///
  /// - Parameter missing: Whether they did hold messages, which expired before they were read.
  mutating func skip(
    to offset: Int64, of partition: PartitionID, missing: Bool = false,
    now: ContinuousClock.Instant
  ) {
    guard let position = position(of: partition), offset > position else { return }
    stretches[partition]?.end = offset
    if missing { stretches[partition]?.missing.append(position..<offset) }
    if oldest == nil { oldest = now }
  }

  /// Whether the batch is full or has waited long enough.
  func isDue(at now: ContinuousClock.Instant) -> Bool {
    if count >= limits.messages || bytes >= limits.bytes { return true }
    return oldest.map { now >= $0 + limits.delay } ?? false
  }

  /// When the batch will have waited long enough; nil while it is empty.
  var due: ContinuousClock.Instant? { oldest.map { $0 + limits.delay } }

  /// Takes the batch out; reading goes on behind it.
  mutating func take() -> [PartitionStretch] {
    var batch: [PartitionStretch] = []
    for (partition, stretch) in stretches.sorted(by: { $0.key < $1.key })
    where stretch.end > stretch.begin {
      batch.append(stretch)
      stretches[partition] = PartitionStretch(partition: partition, at: stretch.end)
    }
    count = 0
    bytes = 0
    oldest = nil
    return batch
  }
}
