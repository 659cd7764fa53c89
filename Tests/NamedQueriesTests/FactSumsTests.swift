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
