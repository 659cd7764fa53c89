import Posts

/// What one stretch of a partition adds to the counts that tell how the ingest goes.
struct IngestCounts {
  /// The classes of lateness: at least so many seconds, and less than the next.
  static let latenessClasses: [Int64] = [0, 60, 3600, 86_400, 604_800, 2_592_000]

  /// Messages by outcome.
  private(set) var outcomes = OutcomeCounts()
  /// Messages with a post by lateness, in the order of the classes.
  private(set) var late = [Int64](repeating: 0, count: latenessClasses.count)
  /// Rejected messages by reason; the place within a message is no part of it.
  private(set) var rejections: [Rejection: Int64] = [:]

  /// Counts a message.
  mutating func add(_ message: IncomingMessage, _ outcome: Outcome) {
    outcomes[outcome] += 1
    switch message.content {
    case .post(let post):
      let time = message.recordMilliseconds
      late[Self.latenessClass(of: post.timestamp, recordMilliseconds: time)] += 1
    case .rejected(let rejection, _, _):
      rejections[Rejection(field: rejection.field, problem: rejection.problem), default: 0] += 1
    case .tombstone: break
    }
  }

  /// The place in the classes of how long after its own time a post was recorded. One that claims to be
  /// of the future is not late.
  static func latenessClass(of timestamp: Timestamp, recordMilliseconds: Int64) -> Int {
    // Doubles, since a producer may claim any record time, and are exact for those of real clocks.
    let late = Double(recordMilliseconds) * 1000 - Double(timestamp.microseconds)
    return latenessClasses.lastIndex { Double($0) * 1_000_000 <= late } ?? 0
  }
}
