import Foundation
import PostStore
import Posts

/// A thread that writes one batch at a time, while its owner reads the next one.
///
/// The owner hands over a batch, and takes the result before it hands over another: never more than one
/// batch is under way, so that a slow store slows the reading down.
///
/// `@unchecked Sendable`: all that changes is touched with `condition` locked, but for `underWay`, which only
/// the owner's thread touches. What is in the store is touched by the thread between a batch's handing over
/// and its result, and by the owner, who has to have taken the result, at all other times.
final class WriteThread: @unchecked Sendable {
  private var store: StoreWriter?
  private let condition = NSCondition()
  private var batch: (stretches: [PartitionStretch], now: Timestamp)?
  private var result: (outcome: Result<BatchResult, StoreError>, time: Duration)?
  private var isStopped = false
  private var hasEnded = false
  /// What was handed over and not taken back. Only the owner's thread uses it.
  private var underWay: [PartitionStretch]?

  /// What came of a batch.
  struct Written {
    let batch: [PartitionStretch]
    let outcome: Result<BatchResult, StoreError>
    /// How long it took.
    let time: Duration
  }

  /// Starts the thread, which runs until `stop()`.
  init(store: StoreWriter) {
    self.store = store
    let thread = Thread { self.work() }
    thread.name = "store writer"
    thread.start()
  }

  /// Whether a batch was handed over whose result was not taken.
  var isBusy: Bool { underWay != nil }

  /// Hands over a batch; there must be none under way.
  func submit(_ stretches: [PartitionStretch], now: Timestamp) {
    precondition(underWay == nil, "one batch at a time")
    underWay = stretches
    condition.lock()
    defer { condition.unlock() }
    batch = (stretches, now)
    condition.signal()
  }

  /// Takes the result of the batch that is under way; nil if there is none, or it is not done.
  ///
  /// - Parameter waits: Whether to wait until it is done.
  func take(
    waits: Bool
  ) -> Written? {
    guard let stretches = underWay else { return nil }
    condition.lock()
    defer { condition.unlock() }
    while waits, result == nil { condition.wait() }
    guard let result else { return nil }
    self.result = nil
    underWay = nil
    return Written(batch: stretches, outcome: result.outcome, time: result.time)
  }

  /// Waits until the thread has done what it was handed and ended, and lets go of the store, so that it is
  /// closed when its owner lets go of it too.
  func stop() {
    condition.lock()
    defer { condition.unlock() }
    isStopped = true
    condition.signal()
    while !hasEnded { condition.wait() }
    store = nil
  }

  private func work() {
    while let (store, stretches, now) = next() {
      let start = ContinuousClock.now
      let outcome = store.attempt(stretches, now: now)
      condition.lock()
      result = (outcome, .now - start)
      condition.signal()
      condition.unlock()
    }
    condition.lock()
    hasEnded = true
    condition.signal()
    condition.unlock()
  }

  private func next() -> (store: StoreWriter, stretches: [PartitionStretch], now: Timestamp)? {
    condition.lock()
    defer { condition.unlock() }
    while true {
      if let batch, let store {
        self.batch = nil
        return (store, batch.stretches, batch.now)
      }
      if isStopped { return nil }
      condition.wait()
    }
  }
}
