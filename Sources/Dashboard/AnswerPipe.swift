import Foundation
import Rendering

/// Takes the bytes of an answer from the thread that reads the store to the task that sends them.
///
/// Up to a limit they are kept, so that the reader is free for others however slow the client is, and so
/// that a failure can still have a status of its own. Beyond it the reader waits for the client.
///
/// `@unchecked Sendable`: all that changes is touched with `condition` locked.
final class AnswerPipe: ByteSink, @unchecked Sendable {
  /// The answer as far as it is known when sending may begin.
  enum Beginning {
    /// All of it.
    case whole([UInt8])
    /// The first bytes; ``next()`` has the others.
    case first([UInt8])
  }

  /// Bytes are handed over in pieces of this size.
  private static let pieceSize = 65_536

  private let limit: Int
  private let condition = NSCondition()
  private var bytes: [UInt8] = []
  private var entity: EntityTag?
  private var end: Result<Void, any Error>?
  private var isAbandoned = false
  /// How many seconds the reader will yet wait for the client.
  private var patience: TimeInterval
  private var waiting: (wanted: Int, continuation: CheckedContinuation<Void, Never>)?

  /// - Parameters:
  ///   - limit: How many bytes may wait for the client.
  ///   - timeLimit: How many seconds in all a reader waits for the client.
  init(limit: Int, timeLimit: TimeInterval) {
    self.limit = limit
    patience = timeLimit
  }

  // MARK: The thread's side

  /// Names the answer, before its first byte.
  func announce(_ entity: EntityTag) {
    condition.lock()
    defer { condition.unlock() }
    self.entity = entity
  }

  func write(_ more: [UInt8]) throws(OutputError) {
    condition.lock()
    defer { condition.unlock() }
    while bytes.count >= limit, !isAbandoned {
      let start = Date()
      _ = condition.wait(until: start.addingTimeInterval(patience))
      patience -= -start.timeIntervalSinceNow
      if patience <= 0 { throw .refused(errno: ETIMEDOUT) }
    }
    if isAbandoned { throw .readerGone }
    bytes += more
    wakeReader()
  }

  func flush() throws(OutputError) {}

  /// Says that all was written, or why it was not.
  func finish(_ outcome: Result<Void, any Error>) {
    condition.lock()
    defer { condition.unlock() }
    end = outcome
    wakeReader()
  }

  // MARK: The task's side

  /// Waits until all of the answer is there, or as much of it as may wait.
  func ready() async { await waitFor(limit) }

  /// Waits for that, but not for long.
  ///
  /// - Returns: Whether it is so.
  func isReady(within duration: Duration) async -> Bool {
    let timer = Task {
      try await Task.sleep(for: duration)
      stopWaiting()
    }
    defer { timer.cancel() }
    return await waitOnce(for: limit)
  }

  /// What there is of the answer, and its name, once it is ready.
  ///
  /// - Throws: Why there is no answer.
  func beginning() throws -> (entity: EntityTag, content: Beginning) {
    try locked {
      try end?.get()
      guard let entity else { throw OutputError.readerGone }
      return (entity, end == nil ? .first(take()) : .whole(take()))
    }
  }

  /// The next bytes; nil at the end.
  ///
  /// - Throws: Why the answer ends too early.
  func next() async throws -> [UInt8]? {
    await waitFor(AnswerPipe.pieceSize)
    return try locked {
      if !bytes.isEmpty { return take() }
      try end?.get()
      return nil
    }
  }

  /// Lets the thread know that nobody waits any more for an answer that is not ready.
  func abandonUnlessReady() {
    condition.lock()
    defer { condition.unlock() }
    guard !isThere(limit) else { return }
    isAbandoned = true
    condition.broadcast()
  }

  /// Lets the thread know that nobody wants the answer any more.
  func abandon() {
    condition.lock()
    defer { condition.unlock() }
    isAbandoned = true
    condition.broadcast()
  }

  /// Whether nobody wants the answer any more.
  var isUnwanted: Bool { locked { isAbandoned } }

  private func waitFor(_ count: Int) async {
    while await !waitOnce(for: count) {}
  }

  /// Waits for so many bytes or the end.
  ///
  /// - Returns: Whether they are there; if not, the waiting was ended.
  private func waitOnce(for count: Int) async -> Bool {
    await withCheckedContinuation { continuation in
      condition.lock()
      defer { condition.unlock() }
      waiting = (count, continuation)
      wakeReader()
    }
    return locked { isThere(count) }
  }

  private func stopWaiting() {
    condition.lock()
    defer { condition.unlock() }
    waiting?.continuation.resume()
    waiting = nil
  }

  private func isThere(_ count: Int) -> Bool { end != nil || bytes.count >= count }

  private func wakeReader() {
    guard let (wanted, continuation) = waiting, isThere(wanted) else { return }
    waiting = nil
    continuation.resume()
  }

  private func take() -> [UInt8] {
    defer { bytes = [] }
    condition.broadcast()
    return bytes
  }

  private func locked<Value>(_ body: () throws -> Value) rethrows -> Value {
    condition.lock()
    defer { condition.unlock() }
    return try body()
  }
}
