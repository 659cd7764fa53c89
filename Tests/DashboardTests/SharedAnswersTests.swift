import Foundation
import StoreFixtures
import Synchronization
import Testing

@testable import Dashboard

/// One answer for several pages.
@Suite struct SharedAnswersTests {
  private let cache = AnswerCache(capacity: 1_000_000)

  private func shared(for lifetime: Duration = .seconds(60)) -> SharedAnswers {
    SharedAnswers(lifetime: lifetime, cache: cache)
  }

  /// Counts how often an answer is made, which takes a moment.
  private final class Kitchen: Sendable {
    let count = Atomic<Int>(0)
    let abandoned = Atomic<Int>(0)
    let cache: AnswerCache
    init(_ cache: AnswerCache) { self.cache = cache }

    func maker(
      _ text: String, version: Int64, takes time: Duration = .milliseconds(50)
    ) -> SharedAnswers.Maker {
      { interest in
        self.count.add(1, ordering: .relaxed)
        let end = ContinuousClock.now + time
        while ContinuousClock.now < end {
          if interest.isGone {
            self.abandoned.add(1, ordering: .relaxed)
            return .failure(CancellationError())
          }
          try? await Task.sleep(for: .milliseconds(2))
        }
        let entity = EntityTag(version: version, meaning: text)
        self.cache.keep(Array(text.utf8), as: entity.meaning)
        return .success(SharedAnswers.Answer(bytes: Array(text.utf8), entity: entity))
      }
    }

    var made: Int { count.load(ordering: .relaxed) }
  }

  private func text(_ outcome: SharedAnswers.Outcome) throws -> String {
    String(decoding: try outcome.get().bytes, as: UTF8.self)
  }

  @Test func whoAsksAtTheSameTimeOrSoonAfterHasTheSameAnswer() async throws {
    let (shared, kitchen) = (shared(), Kitchen(cache))
    let make = kitchen.maker("a", version: 3)
    let outcomes = await withTaskGroup(of: SharedAnswers.Outcome.self) { group in
      for _ in 0..<10 { group.addTask { await shared.outcome(of: "q", atLeast: 2, make) } }
      return await group.reduce(into: []) { $0.append($1) }
    }
    for outcome in outcomes { #expect(try text(outcome) == "a") }
    #expect(try text(await shared.outcome(of: "q", atLeast: 3, make)) == "a")
    #expect(kitchen.made == 1)
    // Another question, a page that knows a later version, and one that shares nothing.
    _ = await shared.outcome(of: "r", atLeast: 3, make)
    #expect(kitchen.made == 2)
    let later = kitchen.maker("b", version: 4)
    #expect(try text(await shared.outcome(of: "q", atLeast: 4, later)) == "b")
    #expect(try text(await shared.outcome(of: "q", atLeast: nil, later)) == "b")
    #expect(kitchen.made == 4)
  }

  @Test func anAnswerBegunTooEarlyIsMadeAgain() async throws {
    let (shared, kitchen) = (shared(), Kitchen(cache))
    async let first = shared.outcome(of: "q", atLeast: 1, kitchen.maker("old", version: 1))
    while kitchen.made == 0 { try await Task.sleep(for: .milliseconds(1)) }
    let second = await shared.outcome(of: "q", atLeast: 2, kitchen.maker("new", version: 2))
    #expect(try text(await first) == "old")
    #expect(try text(second) == "new")
    #expect(kitchen.made == 2)
  }

  @Test func aFailureIsToldToAllWhoWait() async throws {
    let (shared, kitchen) = (shared(), Kitchen(cache))
    await withTaskGroup(of: Void.self) { group in
      for _ in 0..<8 {
        group.addTask {
          let outcome = await shared.outcome(of: "q", atLeast: 1) { interest in
            _ = await kitchen.maker("a", version: 1)(interest)
            return .failure(CancellationError())
          }
          #expect(throws: CancellationError.self) { try outcome.get() }
        }
      }
    }
    // Whoever came after the first one had begun may want one of its own, and shares that.
    #expect(kitchen.made <= 2)
    // The next one tries again.
    #expect(
      try text(await shared.outcome(of: "q", atLeast: 1, kitchen.maker("b", version: 1))) == "b")
  }

  @Test func whatAnotherStoreHasAnsweredIsForgotten() async throws {
    let (shared, kitchen) = (shared(), Kitchen(cache))
    _ = await shared.outcome(of: "q", atLeast: 1, kitchen.maker("before", version: 9))
    shared.forgetAll()
    #expect(
      try text(await shared.outcome(of: "q", atLeast: 1, kitchen.maker("after", version: 1)))
        == "after")
  }

  @Test func anAnswerIsSharedOnlySoLong() async throws {
    let (shared, kitchen) = (shared(for: .milliseconds(100)), Kitchen(cache))
    for _ in 0..<2 {
      _ = await shared.outcome(of: "q", atLeast: 1, kitchen.maker("a", version: 1))
      try await Task.sleep(for: .milliseconds(150))
    }
    #expect(kitchen.made == 2)
  }

  @Test func anAnswerIsMadeAsLongAsSomebodyWaits() async throws {
    let (shared, kitchen) = (shared(), Kitchen(cache))
    let slow = kitchen.maker("a", version: 1, takes: .milliseconds(600))
    let pages = (0..<2).map { _ in Task { await shared.outcome(of: "q", atLeast: 1, slow) } }
    while kitchen.made == 0 { try await Task.sleep(for: .milliseconds(1)) }
    try await Task.sleep(for: .milliseconds(50))
    // One of the two leaves, whichever asked first.
    pages[0].cancel()
    #expect(try text(await pages[1].value) == "a")
    #expect(kitchen.made == 1 && kitchen.abandoned.load(ordering: .relaxed) == 0)

    for version: Int64? in [2, nil] {
      let made = kitchen.made
      let page = Task {
        await shared.outcome(
          of: "q", atLeast: version, kitchen.maker("b", version: 2, takes: .seconds(60)))
      }
      while kitchen.made == made { try await Task.sleep(for: .milliseconds(1)) }
      page.cancel()
      _ = await page.value
    }
    #expect(kitchen.abandoned.load(ordering: .relaxed) == 2)
    // Who comes then is not told of those who have left.
    #expect(
      try text(await shared.outcome(of: "q", atLeast: 2, kitchen.maker("c", version: 2))) == "c")
  }
}
