import StoreFixtures
import TestSupport
import Testing

@testable import NamedQueries

/// Groups in open addressing hold what a dictionary does.
@Suite struct FactSumsTests {
  @Test(arguments: [(0, 2), (1, 1), (3, 2), (2, 0)])
  func groupsAreThoseOfADictionary(_ keyCount: Int, _ sumCount: Int) {
    var random = SplitMix64(seed: UInt64(keyCount * 10 + sumCount))
    var sums = FactSums(keyCount: keyCount, sumCount: sumCount)
    var expected: [[Int64]: [Int64]] = [:]
    for _ in 0..<20_000 {
      let keys = (0..<keyCount).map { _ in Int64.random(in: -30...30, using: &random) }
      let values = (0..<sumCount).map { _ in Int64.random(in: -1000...1000, using: &random) }
      let isNew = sums.add(keys + values)
      #expect(isNew == (expected[keys] == nil))
      let before = expected[keys] ?? Array(repeating: 0, count: sumCount)
      expected[keys] = zip(before, values).map { $0 + $1 }
    }
    #expect(sums.count == expected.count)
    for group in 0..<sums.count {
      let keys = (0..<keyCount).map { sums.key($0, of: group) }
      #expect(expected[keys] == (0..<sumCount).map { sums.sum($0, of: group) })
    }
    sums.removeAll()
    #expect(sums.count == 0)
    sums.add(Array(repeating: 7, count: keyCount + sumCount))
    #expect(sums.count == 1)
  }

  /// Rows that share their first keys come to the same groups as rows one by one.
  @Test(arguments: 0...3)
  func sharedKeysAreKeys(_ sharedCount: Int) {
    var random = SplitMix64(seed: UInt64(sharedCount))
    var sums = FactSums(keyCount: 3, sumCount: 2, greatest: [1])
    var single = FactSums(keyCount: 3, sumCount: 2, greatest: [1])
    for _ in 0..<2000 {
      func number() -> Int64 { .random(in: -4...4, using: &random) }
      let shared = (0..<sharedCount).map { _ in number() }
      // Of each row the last number says whether it counts.
      let step = 5 - sharedCount + 1
      let rest = (0..<Int.random(in: 0...6, using: &random) * step).map { _ in number() }
      sums.add(shared[...], rest, every: step) { rest[$0 + step - 1] > 0 }
      for place in stride(from: 0, to: rest.count, by: step) where rest[place + step - 1] > 0 {
        single.add(shared + rest[place..<place + step - 1])
      }
      if random.happens(0.2) {
        let row = (0..<5).map { _ in number() }
        sums.add(row)
        single.add(row)
      }
    }
    #expect(sums.count == single.count && sums.count > 500)
    for group in 0..<sums.count {
      #expect((0..<3).map { sums.key($0, of: group) } == (0..<3).map { single.key($0, of: group) })
      #expect((0..<2).map { sums.sum($0, of: group) } == (0..<2).map { single.sum($0, of: group) })
    }
  }

  @Test func sharedKeysDoNotHideARangeThatIsPassed() {
    var sums = FactSums(keyCount: 2, sumCount: 2, greatest: [1])
    sums.add([7], [1, .max, .max, 1, 1, .max, 2, 5, 5], every: 3) { _ in true }
    // The same rest after another shared key is another group.
    sums.add([8], [2, 5, 5], every: 3) { _ in true }
    #expect((0..<4).map { sums.key(0, of: $0) } == [7, 7, 7, 8])
    #expect((0..<4).map { sums.sum(0, of: $0) } == [.max, 1, 5, 5])
    #expect((0..<4).map { sums.sum(1, of: $0) } == [.max, .max, 5, 5])
  }

  @Test func aSumBeyondItsRangeBeginsAnotherGroup() {
    var sums = FactSums(keyCount: 1, sumCount: 2)
    sums.add([1, .max - 1, 5])
    sums.add([2, 0, 0])
    let isNew = sums.add([1, 2, 6])
    #expect(!isNew)
    sums.add([1, 3, 7])
    #expect(sums.count == 3)
    #expect((0..<3).map { sums.sum(0, of: $0) } == [.max - 1, 0, 5])
    #expect((0..<3).map { sums.sum(1, of: $0) } == [5, 0, 13])
  }
}
