import StoreFixtures
import TestSupport
import Testing

@testable import NamedQueries

/// Pairs in open addressing are those of a set.
@Suite struct PairSetTests {
  @Test func pairsAreThoseOfASet() {
    var random = SplitMix64(seed: 8)
    var pairs = PairSet()
    var expected: Set<[Int64]> = []
    for _ in 0..<50_000 {
      let pair = [Int64.random(in: 0...99, using: &random), .random(in: 0...299, using: &random)]
      #expect(pairs.insert(pair[0], pair[1]) == expected.insert(pair).inserted)
    }
    #expect(pairs.count == expected.count && pairs.count > 20_000)
  }

  @Test func theEndsOfTheRangeAreApart() {
    var pairs = PairSet()
    let ends: [Int64] = [0, 1, Int64(UInt32.max) - 1]
    for first in ends {
      for second in ends + [Int64(UInt32.max)] {
        #expect(pairs.insert(first, second) == true)
        #expect(pairs.insert(first, second) == false)
      }
    }
    #expect(pairs.count == 12)
    let beyond: [(Int64, Int64)] = [
      (-1, 0), (0, -1), (Int64(UInt32.max), 0), (0, 1 << 32), (.max, .min),
    ]
    for (first, second) in beyond {
      #expect(pairs.insert(first, second) == nil)
    }
    #expect(pairs.count == 12)
  }
}
