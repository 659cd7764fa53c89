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

  /// The client has taken too long.
  struct TooSlow: Error {}

  /// Bytes are handed over in pieces of this size.
  private static let pieceSize = 65_536

  private let limit: Int
  private let deadline: Date
  private let condition = NSCondition()
  private var bytes: [UInt8] = []
  private var end: Result<Void, any Error>?
  private var isAbandoned = false
  private var waiting: (wanted: Int, continuation: CheckedContinuation<Void, Never>)?

  /// - Parameters:
  ///   - limit: How many bytes may wait for the client.
  ///   - timeLimit: After how many seconds a reader no longer waits for the client.
  init(limit: Int, timeLimit: TimeInterval) {
    self.limit = limit
    deadline = Date(timeIntervalSinceNow: timeLimit)
  }

  // MARK: The thread's side

  func write(_ more: [UInt8]) throws(OutputError) {
    condition.lock()
    defer { condition.unlock() }
    while bytes.count >= limit, !isAbandoned {
      if !condition.wait(until: deadline) { throw .refused(errno: ETIMEDOUT) }
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
  ///
  /// - Throws: Why there is no answer.
  func beginning() async throws -> Beginning {
    await waitFor(limit)
    return try locked {
      if let end {
        try end.get()
        return .whole(take())
      }
      return .first(take())
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

  /// Lets the thread know that nobody wants the answer any more.
  func abandon() {
    condition.lock()
    defer { condition.unlock() }
    isAbandoned = true
    condition.broadcast()
  }

  /// Whether nobody wants the answer any more.
  var isUnwanted: Bool { (try? locked { isAbandoned }) ?? true }

  private func waitFor(_ count: Int) async {
    await withCheckedContinuation { continuation in
      condition.lock()
      defer { condition.unlock() }
      waiting = (count, continuation)
      wakeReader()
    }
  }

  private func wakeReader() {
    guard let (wanted, continuation) = waiting, end != nil || bytes.count >= wanted else { return }
    waiting = nil
    continuation.resume()
  }

  private func take() -> [UInt8] {
    defer { bytes = [] }
    condition.broadcast()
    return bytes
  }

  private func locked<Value>(_ body: () throws -> Value) throws -> Value {
    condition.lock()
    defer { condition.unlock() }
    return try body()
  }
}
