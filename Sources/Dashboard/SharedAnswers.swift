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

  typealias Outcome = Result<Answer, ProblemDetails>
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
    let number: UInt64
    let began: ContinuousClock.Instant
    let work: Task<Outcome, Never>
    let interest: Interest
    /// What the answer is found by once it is made; its bytes are in the cache, if anywhere.
    var made: EntityTag?
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
    while true {
      let (entry, isOwn) = join(words, make)
      if let entity = entry.made {
        if entity.version >= version, let bytes = cache.answer(entity.meaning) {
          return .success(Answer(bytes: bytes, entity: entity))
        }
        forget(words, entry)
        continue
      }
      let outcome = await withTaskCancellationHandler {
        await entry.work.value
      } onCancel: {
        entry.interest.remove()
      }
      if isOwn || Task.isCancelled { return outcome }
      if case .success(let answer) = outcome, answer.entity.version >= version { return outcome }
      // Begun before the version that is wanted, or a problem, such as that the first page has left.
      forget(words, entry)
    }
  }

  /// The question as somebody has asked it already, or else as it is asked now.
  private func join(_ words: String, _ make: @escaping Maker) -> (Entry, isOwn: Bool) {
    entries.withLock { entries in
      let now = ContinuousClock.now
      if let entry = entries.all[words], now - entry.began < lifetime {
        entry.interest.add()
        return (entry, false)
      }
      entries.all = entries.all.filter { now - $0.value.began < lifetime }
      entries.next += 1
      let (number, interest) = (entries.next, Interest())
      let work = Task {
        let outcome = await make(interest)
        keep(try? outcome.get().entity, of: words, number)
        return outcome
      }
      let entry = Entry(number: number, began: now, work: work, interest: interest)
      entries.all[words] = entry
      return (entry, true)
    }
  }

  private func keep(_ entity: EntityTag?, of words: String, _ number: UInt64) {
    entries.withLock { entries in
      guard entries.all[words]?.number == number else { return }
      if let entity { entries.all[words]?.made = entity } else { entries.all[words] = nil }
    }
  }

  private func forget(_ words: String, _ entry: Entry) {
    entries.withLock { entries in
      if entries.all[words]?.number == entry.number { entries.all[words] = nil }
    }
  }
}
