/// What to take in, and how.
public struct IngestConfiguration: Sendable {
  /// Where a partition begins of which the store knows nothing.
  public enum Start: String, CaseIterable, Sendable {
    /// With the oldest message that the broker has.
    case beginning
    /// Where the consumer group committed to Kafka, or else at the beginning.
    case committed
    /// With the next message to come.
    case end
  }

  /// The topic.
  public var topic: String
  /// Where a partition begins of which the store knows nothing.
  public var start: Start
  /// Whether to end once every partition is read to where it ended at the start.
  public var exitAtEnd: Bool
  /// A transaction takes at most so many messages.
  public var batchMessages: Int
  /// A transaction waits at most so long to be filled.
  public var batchDelay: Duration
  /// How long to wait for the broker when starting.
  public var connectTimeout: Duration
  /// How long to wait for another program that keeps the store locked.
  public var lockTimeout: Duration = .seconds(60)
  /// How many bytes the write-ahead log of the store may have; beyond it nothing is read.
  public var logBytes: Int64 = 1 << 30

  /// Everything of a topic, for ever.
  public init(
    topic: String, start: Start = .beginning, exitAtEnd: Bool = false, batchMessages: Int = 20_000,
    batchDelay: Duration = .milliseconds(200), connectTimeout: Duration = .seconds(10)
  ) {
    self.topic = topic
    self.start = start
    self.exitAtEnd = exitAtEnd
    self.batchMessages = batchMessages
    self.batchDelay = batchDelay
    self.connectTimeout = connectTimeout
  }
}
