import Posts

/// When a step of the stream happens: the time that its post bears and the time of its record.
public struct Moment: Equatable, Sendable {
  /// When a new post of this step says it was posted.
  public var timestamp: Timestamp
  /// The Kafka record time of this step's messages, in milliseconds since the epoch.
  public var recordTime: Int64

  /// A moment of two times.
  public init(timestamp: Timestamp, recordTime: Int64) {
    self.timestamp = timestamp
    self.recordTime = recordTime
  }

  /// The moment of a post that is recorded as it is made.
  public init(live instant: Timestamp) {
    timestamp = instant
    recordTime = instant.flooredMilliseconds
  }
}

extension Timestamp {
  /// Whole milliseconds since the epoch, rounded towards the past.
  var flooredMilliseconds: Int64 { microseconds.floored(toMultipleOf: 1000) / 1000 }
}
