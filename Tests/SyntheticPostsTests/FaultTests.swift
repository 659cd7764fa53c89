import Posts
import Testing

@testable import SyntheticPosts

@Suite struct FaultTests {
  @Test func withoutFaultsEveryMessageIsANewPost() {
    var store = ExpectedStore()
    for message in messages(seed: 1, posts: 5000) { store.apply(message) }
    #expect(store.count(of: .stored) == 5000)
    #expect(store.postCount == 5000)
  }

  @Test(arguments: [
    (FaultRates(duplicates: 0.2), ExpectedStore.Outcome.duplicate, 2000),
    (FaultRates(stale: 0.2), .stale, 2000),
    (FaultRates(malformed: 0.2), .rejected, 2000),
    // Every fourth update is followed by another.
    (FaultRates(updates: 0.2), .updated, 2667),
  ])
  func aRateIsKept(faults: FaultRates, outcome: ExpectedStore.Outcome, expected: Int) {
    var store = ExpectedStore()
    for message in messages(seed: 2, posts: 10_000, faults: faults) { store.apply(message) }
    #expect(abs(store.count(of: outcome) - expected) < 200)
    #expect(store.count(of: .stored) == 10_000)
    let total = ExpectedStore.Outcome.allCases.map { store.count(of: $0) }.reduce(0, +)
    #expect(total == 10_000 + store.count(of: outcome))
  }

  @Test func deletedPostsMayBeRebornOrDeletedAgain() {
    var store = ExpectedStore()
    let faults = FaultRates(deletes: 1)
    for message in messages(seed: 2, posts: 5000, faults: faults) { store.apply(message) }
    #expect(store.count(of: .deleted) == 5000)
    #expect(store.count(of: .ignored) > 500)
    #expect(abs(store.postCount - 1875) < 150)
    #expect(store.count(of: .stored) == 5000 + store.postCount)
  }

  @Test func latePostsLieMinutesToDaysBack() {
    let onTime = messages(seed: 3, posts: 5000)
    let late = messages(seed: 3, posts: 5000, faults: FaultRates(late: 0.3))
    let delays = zip(onTime, late).map { onTime, late -> Int64 in
      guard case .post(let a) = onTime.content, case .post(let b) = late.content else { return -1 }
      return a.timestamp.microseconds - b.timestamp.microseconds
    }
    let moved = delays.filter { $0 != 0 }
    #expect(abs(moved.count - 1500) < 150)
    #expect(moved.allSatisfy { (120_000_000..<(4321 * 60_000_000)).contains($0) })
    #expect(moved.contains { $0 < 3_600_000_000 } && moved.contains { $0 > 86_400_000_000 })
    #expect(zip(onTime, late).allSatisfy { $0.recordTime == $1.recordTime })
  }

  @Test func someUpdatesMoveBuckets() {
    var first: [ExactString: Post] = [:]
    var (updates, moved) = (0, 0)
    for message in messages(seed: 3, posts: 5000, faults: FaultRates(updates: 0.5)) {
      guard case .post(let post) = message.content else { continue }
      if let old = first[post.postID] {
        updates += 1
        #expect(post.likes > old.likes)
        #expect((post.topic != old.topic) == (post.timestamp != old.timestamp))
        if post.topic != old.topic { moved += 1 }
      }
      first[post.postID] = post
    }
    #expect(abs(Double(moved) / Double(updates) - 0.2) < 0.03)
  }

  @Test(arguments: MalformedKind.allCases)
  func everyMalformedValueIsRejected(kind: MalformedKind) {
    let generator = PostGenerator(seed: 5, accounts: 100)
    var random = SplitMix64(seed: 5)
    var decoder = PostDecoder()
    for sequence in 0..<2000 as Range<UInt64> {
      let message = kind.message(
        from: generator.post(sequence, at: wednesday), recordTime: 0, &random)
      guard let value = message.value else {
        #expect(kind == .tombstoneWithoutKey && message.key == nil)
        continue
      }
      #expect(throws: Rejection.self, "\(String(decoding: value, as: UTF8.self))") {
        try value.withUnsafeBytes { try decoder.decode($0) }
      }
    }
  }

  @Test func valuesMissAFieldOrHaveItsTypeWrongByNothingElse() throws {
    let generator = PostGenerator(seed: 5, accounts: 100)
    var random = SplitMix64(seed: 5)
    var decoder = PostDecoder()
    for (kind, problems) in [
      (MalformedKind.missingField, ["missing", "missing or not a boolean"]),
      (.wrongType, ["not a number", "missing or not a boolean"]),
    ] {
      for sequence in 0..<200 as Range<UInt64> {
        let message = kind.message(
          from: generator.post(sequence, at: wednesday), recordTime: 0, &random)
        let value = try #require(message.value)
        let rejection = #expect(throws: Rejection.self) {
          try value.withUnsafeBytes { try decoder.decode($0) }
        }
        #expect(problems.contains(rejection?.problem ?? ""))
      }
    }
  }

  @Test func aStreamMayBeCutAnywhere() {
    let whole = messages(seed: 8, posts: 200, faults: heavyFaults)
    let history = History(seed: 8, start: wednesday, span: 7 * 86_400_000_000, count: 200)
    for limit in [1, 57, 130] {
      var stream = MessageStream(
        generator: PostGenerator(seed: 8, accounts: 2000), faults: heavyFaults)
      var taken: [Message] = []
      var sequence: UInt64 = 0
      while taken.count < limit {
        stream.next(at: history.moment(sequence)) {
          taken.append($0)
          return taken.count < limit
        }
        sequence += 1
      }
      #expect(taken == Array(whole.prefix(limit)))
    }
  }
}
