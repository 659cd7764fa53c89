import Synchronization

/// Answers of the last second, for pages that follow the same store.
///
/// Pages hear of a new version at the same time, and ask the same then. The first one's question is answered; those
/// who come while that is being done wait with it, and those who come soon after get its answer, as long as it is of
/// the version that they have heard of, or of a later one.
final class SharedAnswers: Sendable {
  /// An answer with its name.
  struct Answer: Sendable {
    let bytes: [UInt8]
    let entity: EntityTag
  }

  typealias Outcome = Result<Answer, any Error>
  /// Makes an answer, unless nobody is interested in it any more.
  typealias Maker = @Sendable (Interest) async -> Outcome

  /// How many pages wait for an answer.
  final class Interest: Sendable {
    private let count = Atomic<Int>(1)

    fileprivate func add() { count.add(1, ordering: .relaxed) }
    fileprivate func remove() { count.subtract(1, ordering: .relaxed) }
    /// Whether there are none, so that it is made in vain.
    var isGone: Bool { count.load(ordering: .relaxed) <= 0 }
  }

  private struct Entry {
    enum State {
      case making(Task<Outcome, Never>, Interest)
      /// What the answer is found by; its bytes are in the cache, if anywhere.
      case made(EntityTag)
    }

    let number: UInt64
    let began: ContinuousClock.Instant
    var state: State

    /// Whether it can still be shared: an answer is as old as the look at the store that it began with.
    func isAlive(_ lifetime: Duration, at now: ContinuousClock.Instant) -> Bool {
      if case .made = state { now - began < lifetime } else { true }
    }
  }

  private struct Entries {
    var all: [String: Entry] = [:]
    var next: UInt64 = 0
  }

  private let lifetime: Duration
  private let cache: AnswerCache
  private let entries = Mutex(Entries())

  /// - Parameters:
  ///   - lifetime: How old an answer may be, since a window that ends now moves on.
  ///   - cache: Where makers keep their answers.
  init(lifetime: Duration, cache: AnswerCache) {
    self.lifetime = lifetime
    self.cache = cache
  }

  /// The outcome of a question.
  ///
  /// - Parameters:
  ///   - words: The question as it was asked.
  ///   - version: The version of the store that the page has heard of; nil for an answer of its own.
  func outcome(
    of words: String, atLeast version: Int64?, _ make: @escaping Maker
  ) async -> Outcome {
    guard let version else {
      let interest = Interest()
      return await withTaskCancellationHandler {
        await make(interest)
      } onCancel: {
        interest.remove()
      }
    }
    let asked = ContinuousClock.now
    while true {
      let (entry, isOwn) = join(words, make)
      switch entry.state {
      case .made(let entity):
        if entity.version >= version, let bytes = cache.answer(entity.meaning) {
          return .success(Answer(bytes: bytes, entity: entity))
        }
      case .making(let work, let interest):
        let outcome = await withTaskCancellationHandler {
          await work.value
        } onCancel: {
          interest.remove()
        }
        if isOwn || Task.isCancelled { return outcome }
        switch outcome {
        case .success(let answer) where answer.entity.version >= version: return outcome
        // Begun after this page has asked, it is about what the page knows, also if it failed; unless it was
        // given up before this page came.
        case .failure where entry.began >= asked && !interest.isGone: return outcome
        default: break
        }
      }
      forget(words, entry)
    }
  }

  /// Forgets all answers: another store is in the place of the one that they are of.
  func forgetAll() { entries.withLock { $0.all = [:] } }

  /// The question as somebody has asked it already, or else as it is asked now.
  private func join(_ words: String, _ make: @escaping Maker) -> (Entry, isOwn: Bool) {
    entries.withLock { entries in
      let now = ContinuousClock.now
      if let entry = entries.all[words], entry.isAlive(lifetime, at: now) {
        if case .making(_, let interest) = entry.state { interest.add() }
        return (entry, false)
      }
      entries.all = entries.all.filter { $0.value.isAlive(lifetime, at: now) }
      entries.next += 1
      let (number, interest) = (entries.next, Interest())
      let work = Task {
        let outcome = await make(interest)
        keep(try? outcome.get().entity, of: words, number)
        return outcome
      }
      let entry = Entry(number: number, began: now, state: .making(work, interest))
      entries.all[words] = entry
      return (entry, true)
    }
  }

  private func keep(_ entity: EntityTag?, of words: String, _ number: UInt64) {
    entries.withLock { entries in
      guard entries.all[words]?.number == number else { return }
      if let entity { entries.all[words]?.state = .made(entity) } else { entries.all[words] = nil }
    }
  }

  private func forget(_ words: String, _ entry: Entry) {
    entries.withLock { entries in
      if entries.all[words]?.number == entry.number { entries.all[words] = nil }
    }
  }
}
