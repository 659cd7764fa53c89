import Kafka

/// Holds messages back so that a consumer group never has more than so many before it.
///
/// Each look at the group gives leave for as many messages as may still come until the limit, were the
/// group to read none; so the limit is kept at any speed, with a few looks a second.
final class LagGate {
  private let lag: GroupLag
  private let group: String
  private let limit: Int64
  private let timeout: Duration
  private var leave: Int64 = 0
  private var lastLook: ContinuousClock.Instant?
  /// What the last look that gave no leave saw.
  private(set) var obstacle: String?

  init(_ lag: GroupLag, group: String, limit: Int64, timeout: Duration) {
    self.lag = lag
    self.group = group
    self.limit = limit
    self.timeout = timeout
  }

  /// Whether the next message may go.
  ///
  /// - Parameter outstanding: How many messages may not be in the topic yet.
  func admits(outstanding: Int) throws -> Bool {
    if leave > 0 { return true }
    if let lastLook, ContinuousClock.now - lastLook < .milliseconds(50) { return false }
    do throws(KafkaError) {
      let behind = try lag.records(timeout: timeout)
      leave = limit - behind - Int64(outstanding)
      obstacle = leave > 0 ? nil : "waiting for \(group), which is \(behind) messages behind"
    } catch {
      guard error.isRetriable else { throw error }
      obstacle = error.message
    }
    lastLook = .now
    return leave > 0
  }

  /// Counts a message that went.
  func pass() { leave -= 1 }
}
