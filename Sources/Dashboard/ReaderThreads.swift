import Foundation
import PostStore

/// Threads that read one store, each through a connection of its own.
///
/// SQLite blocks the thread that asks it, which the threads of Swift's tasks must never be. There are as
/// many readers as threads, however many clients there are; what they ask meanwhile waits in line.
///
/// `@unchecked Sendable`: all that changes is touched with `condition` locked.
final class ReaderThreads: @unchecked Sendable {
  /// What a thread does with the store, or is told why there is none.
  typealias Job = @Sendable (Result<StoreReader, any Error>) -> Void

  /// The line is full.
  struct Overloaded: Error {}

  private let path: String
  private let queueLimit: Int
  private let condition = NSCondition()
  private var jobs: [Job] = []
  private var isStopped = false

  /// - Parameters:
  ///   - path: The store, which need not be there yet.
  ///   - count: How many threads there are.
  ///   - queueLimit: How many jobs may wait.
  init(path: String, count: Int, queueLimit: Int) {
    self.path = path
    self.queueLimit = queueLimit
    for number in 1...count {
      // A thread holds on to the line as long as it runs.
      let thread = Thread { self.work() }
      thread.name = "store reader \(number)"
      thread.start()
    }
  }

  /// Puts a job into the line.
  ///
  /// - Parameter isUrgent: Whether it goes before all others, and into a full line, too.
  /// - Throws: `Overloaded`
  func submit(isUrgent: Bool = false, _ job: @escaping Job) throws(Overloaded) {
    condition.lock()
    defer { condition.unlock() }
    guard !isStopped, isUrgent || jobs.count < queueLimit else { throw Overloaded() }
    if isUrgent { jobs.insert(job, at: 0) } else { jobs.append(job) }
    condition.signal()
  }

  /// What `body` reads from the store.
  ///
  /// - Throws: `Overloaded`, `StoreError`, or what `body` throws.
  func read<Value: Sendable>(
    isUrgent: Bool = false, _ body: @escaping @Sendable (StoreReader) throws -> Value
  ) async throws -> Value {
    try await withCheckedThrowingContinuation { continuation in
      do {
        try submit(isUrgent: isUrgent) { reader in
          continuation.resume(with: Result { try body(reader.get()) })
        }
      } catch {
        continuation.resume(throwing: error)
      }
    }
  }

  /// What `body` makes, which may read files but not the store.
  ///
  /// - Throws: `Overloaded`, or what `body` throws.
  func perform<Value: Sendable>(
    _ body: @escaping @Sendable () throws -> Value
  ) async throws -> Value {
    try await withCheckedThrowingContinuation { continuation in
      do {
        try submit { _ in continuation.resume(with: Result { try body() }) }
      } catch {
        continuation.resume(throwing: error)
      }
    }
  }

  /// Lets the threads end after the jobs that wait.
  func stop() {
    condition.lock()
    defer { condition.unlock() }
    isStopped = true
    condition.broadcast()
  }

  /// Lets other programs have the processors first: pages that wait a little harm nobody, a consumer that
  /// falls behind does. On Linux this is about the calling thread.
  private static func giveWay() {
    // Where it is not allowed all goes on as before.
    #if canImport(Glibc)
      _ = setpriority(__priority_which_t(PRIO_PROCESS.rawValue), 0, 10)
    #else
      _ = setpriority(PRIO_PROCESS, 0, 10)
    #endif
  }

  private func work() {
    Self.giveWay()
    var open: (reader: StoreReader, file: FileIdentity)?
    while let job = next() {
      // A store that was put in place of another is another store.
      let file = FileIdentity(path)
      if let known = open?.file, known != file { open = nil }
      if open == nil, let file {
        do {
          open = (try StoreReader(path: path), file)
        } catch {
          job(.failure(error))
          continue
        }
      }
      job(open.map { .success($0.reader) } ?? Result { throw StoreError.missing(at: path) })
    }
  }

  private func next() -> Job? {
    condition.lock()
    defer { condition.unlock() }
    while jobs.isEmpty {
      if isStopped { return nil }
      condition.wait()
    }
    return jobs.removeFirst()
  }
}
