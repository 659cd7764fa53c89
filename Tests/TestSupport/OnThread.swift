import Dispatch
import Foundation

/// Runs blocking work on a thread of its own, as part of the current task, so that what it expects is
/// told of the current test.
///
/// Clients of Kafka and waits for other programs block, which threads of Swift's cooperative pool must
/// not do: there are as few of them as the machine has cores.
public func onThread<Result: Sendable>(
  _ work: @Sendable () throws -> Result
) async throws -> Result {
  try await withTaskExecutorPreference(ThreadExecutor()) {
    try await run(work)
  }
}

/// What is neither isolated nor given another executor runs where the task prefers to.
private func run<Result: Sendable>(
  _ work: @Sendable () throws -> Result
) async throws -> Result {
  try work()
}

/// Starts a thread for each piece of work.
private final class ThreadExecutor: TaskExecutor {
  func enqueue(_ job: consuming ExecutorJob) {
    let job = UnownedJob(job)
    let executor = asUnownedTaskExecutor()
    Thread { job.runSynchronously(on: executor) }.start()
  }
}

/// A thread that lasts as long as the process.
///
/// Child processes are started by it alone: they are told to end with their parent, and to Linux the
/// parent is the thread that started them, which among a pool's may go at any time.
final class Launcher: Sendable {
  static let shared = Launcher()

  private let jobs = Jobs()
  /// Held while a job runs.
  private let working = NSLock()

  /// A hand-over of closures. `@unchecked`: `list` is only touched with `lock` held.
  private final class Jobs: @unchecked Sendable {
    private let lock = NSLock()
    private let available = DispatchSemaphore(value: 0)
    private var list: [@Sendable () -> Void] = []

    func add(_ job: @escaping @Sendable () -> Void) {
      lock.withLock { list.append(job) }
      available.signal()
    }

    func next() -> @Sendable () -> Void {
      available.wait()
      return lock.withLock { list.removeFirst() }
    }
  }

  private init() {
    let (jobs, working) = (jobs, working)
    Thread {
      // A thread made by one of Dispatch's has its signals blocked, and so would every program that it
      // starts.
      var none = sigset_t()
      sigemptyset(&none)
      pthread_sigmask(SIG_SETMASK, &none, nil)
      while true {
        let job = jobs.next()
        working.withLock { job() }
      }
    }.start()
  }

  /// Does something while the thread does nothing.
  func whileIdle<Value>(_ body: () throws -> Value) rethrows -> Value {
    try working.withLock(body)
  }

  /// Does something on the thread and waits until it is done.
  func perform(_ work: @escaping @Sendable () throws -> Void) throws {
    let done = DispatchSemaphore(value: 0)
    let outcome = Outcome()
    jobs.add {
      outcome.error = Result { try work() }.failure
      done.signal()
    }
    done.wait()
    if let error = outcome.error { throw error }
  }

  /// `@unchecked`: written before the semaphore is signalled, read after it was waited for.
  private final class Outcome: @unchecked Sendable {
    var error: (any Error)?
  }
}

extension Result {
  fileprivate var failure: Failure? {
    if case .failure(let error) = self { error } else { nil }
  }
}
