import Posts

/// A partition of a Kafka topic.
public struct PartitionID: Hashable, Comparable, Sendable, CustomStringConvertible {
  /// The topic.
  public let topic: String
  /// The number of the partition.
  public let partition: Int32

  /// The partition of a topic by its number.
  public init(topic: String, partition: Int32) {
    self.topic = topic
    self.partition = partition
  }

  public static func < (a: PartitionID, b: PartitionID) -> Bool {
    (a.topic, a.partition) < (b.topic, b.partition)
  }

  /// Such as `social_media[3]`, as Kafka's own tools write it.
  public var description: String { "\(topic)[\(partition)]" }
}

/// One message, decoded.
public struct IncomingMessage: Sendable {
  /// What a message turned out to be.
  public enum Content: Sendable {
    case post(IncomingPost)
    /// A null value: the post of that id is deleted.
    case tombstone(postID: ExactString)
    /// Not a post; kept whole with the reason.
    case rejected(Rejection, key: [UInt8]?, value: [UInt8]?)
  }

  /// The offset in its partition.
  public let offset: Int64
  /// The Kafka record time, in milliseconds since the epoch, which orders the versions of a post.
  public let recordMilliseconds: Int64
  /// What it is.
  public let content: Content
  /// A digest of what the broker has at the offset.
  public let digest: Int64

  /// A message of an offset, a record time and a content.
  public init(
    offset: Int64, recordMilliseconds: Int64, content: Content, digest: Int64 = 0
  ) {
    self.offset = offset
    self.recordMilliseconds = recordMilliseconds
    self.content = content
    self.digest = digest
  }
}

/// The post of a message. Thousands of them wait to be written, so that one that is ready is held
/// without its texts.
public enum IncomingPost: Sendable {
  /// As it was read; some text of it may be new to the store.
  indirect case decoded(Post)
  /// Ready to be stored.
  case prepared(PreparedPost)

  /// Its identity.
  public var postID: ExactString {
    switch self {
    case .decoded(let post): post.postID
    case .prepared(let post): post.postID
    }
  }

  /// When it was posted.
  public var timestamp: Timestamp {
    switch self {
    case .decoded(let post): post.timestamp
    case .prepared(let post): Timestamp(microseconds: post.row.createdMicroseconds)
    }
  }
}

/// The message that was read last of a partition, as it is known again.
public struct LastMessage: Hashable, Sendable {
  /// Its offset.
  public let offset: Int64
  /// Its record time, in milliseconds since the epoch.
  public let recordMilliseconds: Int64
  /// The digest of what it was.
  public let digest: Int64

  /// A message of an offset, a record time and a digest.
  public init(offset: Int64, recordMilliseconds: Int64, digest: Int64) {
    self.offset = offset
    self.recordMilliseconds = recordMilliseconds
    self.digest = digest
  }
}

/// A stretch `[begin, end)` of one partition, with the messages that are in it.
///
/// Offsets without a message are normal: transaction markers, compaction, expired segments.
public struct PartitionStretch: Sendable {
  /// The partition.
  public let partition: PartitionID
  /// Where the stretch begins: the offset before which everything was handed over already.
  public var begin: Int64
  /// One past the last offset of the stretch.
  public var end: Int64
  /// The offsets of messages that expired on the broker before they were read, by rising offset.
  public var missing: [Range<Int64>] = []
  /// Where the log of the partition ends, as the broker last said; nil if it has not.
  public var logEnd: Int64?
  /// The messages, by rising offset.
  public var messages: [IncomingMessage] = []

  /// An empty stretch at an offset.
  public init(partition: PartitionID, at offset: Int64) {
    self.partition = partition
    begin = offset
    end = offset
  }

  /// Its last message; nil if it has none.
  public var lastMessage: LastMessage? {
    messages.last.map {
      LastMessage(
        offset: $0.offset, recordMilliseconds: $0.recordMilliseconds, digest: $0.digest)
    }
  }

  /// How many messages at or after an offset expired before they were read.
  func missing(from offset: Int64) -> Int64 {
    missing.reduce(0) { $0 + max(0, $1.upperBound - max($1.lowerBound, offset)) }
  }
}

/// What becomes of one message.
public enum Outcome: Int, CaseIterable, Sendable {
  /// A post not known before.
  case stored
  /// A version that says what the store says already.
  case duplicate
  /// A newer version of a known post.
  case updated
  /// An older version than the one that stands.
  case stale
  /// A tombstone of a known post.
  case deleted
  /// A tombstone of a post that is not there.
  case ignored
  /// Not a post.
  case rejected
}

/// How many messages came to each outcome.
public struct OutcomeCounts: Equatable, Sendable {
  private var counts = [Int64](repeating: 0, count: Outcome.allCases.count)

  /// No messages.
  public init() {}

  /// The number of messages of one outcome.
  public subscript(outcome: Outcome) -> Int64 {
    get { counts[outcome.rawValue] }
    set { counts[outcome.rawValue] = newValue }
  }

  /// The number of all messages.
  public var total: Int64 { counts.reduce(0, +) }

  /// Adds the counts of another tally.
  public static func += (a: inout OutcomeCounts, b: OutcomeCounts) {
    for index in a.counts.indices { a.counts[index] += b.counts[index] }
  }
}

/// What a transaction did with a batch.
public struct BatchResult: Sendable {
  /// The outcomes of the messages that were applied.
  public var outcomes = OutcomeCounts()
  /// How many messages were left out, since another writer had applied them or they lie past a gap.
  public var fenced: Int64 = 0
  /// How many messages had expired before anyone read them.
  public var missing: Int64 = 0
  /// For every partition of the batch, where the store is now; reading goes on there.
  public var nextOffsets: [PartitionID: Int64] = [:]

  /// Nothing done.
  public init() {}
}
