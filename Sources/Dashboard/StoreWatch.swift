import Foundation
import PostStore
import ServiceLifecycle
import Synchronization

/// Looks whether the store has changed, and tells those who listen.
///
/// It looks only while somebody listens. A listener that is slow gets the newest state, never a backlog. All hear of a
/// change at the same time, and not more often than pages ask again, so that they can share their answers.
final class StoreWatch: Service {
  /// What a listener is told: the state of the store, nil while there is none; or, now and then, the
  /// same again, so that a connection that is gone is noticed.
  typealias State = StoreStatus?

  private struct Listeners {
    var all: [Int: AsyncStream<State>.Continuation] = [:]
    var next = 0
    /// What the listeners were told last; nil before the first look.
    var told: State?
  }

  private let threads: ReaderThreads
  private let interval: Duration
  private let pace: Duration
  private let heartbeat: Duration
  private let limit: Int
  private let replaced: @Sendable () -> Void
  private let listeners = Mutex(Listeners())

  /// - Parameters:
  ///   - threads: What reads the store.
  ///   - interval: How long it waits between two looks.
  ///   - pace: How long it waits between two changes that it tells.
  ///   - heartbeat: After how long listeners hear the same again.
  ///   - limit: How many may listen.
  ///   - replaced: Called when another store is in the place of the one before, or none.
  init(
    threads: ReaderThreads, interval: Duration, pace: Duration, heartbeat: Duration, limit: Int,
    replaced: @escaping @Sendable () -> Void
  ) {
    self.threads = threads
    self.interval = interval
    self.pace = pace
    self.heartbeat = heartbeat
    self.limit = limit
    self.replaced = replaced
  }

  /// The states of the store from now on, the first at once; nil if too many listen already.
  func states() -> AsyncStream<State>? {
    let (stream, continuation) = AsyncStream<State>.makeStream(bufferingPolicy: .bufferingNewest(1))
    let number: Int? = listeners.withLock { listeners in
      guard listeners.all.count < limit else { return nil }
      listeners.next += 1
      listeners.all[listeners.next] = continuation
      if let told = listeners.told { continuation.yield(told) }
      return listeners.next
    }
    guard let number else { return nil }
    continuation.onTermination = { [weak self] _ in
      self?.listeners.withLock { _ = $0.all.removeValue(forKey: number) }
    }
    return stream
  }

  func run() async {
    await cancelWhenGracefulShutdown {
      var lastTold = ContinuousClock.now
      while !Task.isCancelled {
        if await self.look(after: lastTold.duration(to: .now)) { lastTold = .now }
        do { try await Task.sleep(for: self.interval) } catch { return }
      }
    }
  }

  /// Looks at the store and tells the listeners if it has changed, or if they are due to be told.
  ///
  /// - Parameter quiet: How long ago they were told last.
  /// - Returns: Whether they were told.
  private func look(after quiet: Duration) async -> Bool {
    guard listeners.withLock({ !$0.all.isEmpty }) else {
      listeners.withLock { $0.told = nil }
      return false
    }
    let seen: State?
    do {
      seen = .some(try await threads.read(isUrgent: true) { try $0.status() })
    } catch let error as StoreError where error.code == .notFound {
      seen = .some(nil)
    } catch {
      // A store that cannot be read just now has not changed: who asks it something is told why.
      seen = nil
    }
    return listeners.withLock { listeners in
      guard let state = seen ?? listeners.told else { return false }
      if let before = listeners.told ?? nil, isAnother(state, than: before) { replaced() }
      if let told = listeners.told {
        guard quiet >= (told == state ? heartbeat : pace) else { return false }
      }
      listeners.told = .some(state)
      for listener in listeners.all.values { listener.yield(state) }
      return true
    }
  }

  /// Whether a state cannot be a later one of the same store: versions only grow, each at a time of its own.
  private func isAnother(_ state: State, than before: StoreStatus) -> Bool {
    guard let state else { return true }
    return state.version < before.version
      || (state.version == before.version && state.changed != before.changed)
  }
}
