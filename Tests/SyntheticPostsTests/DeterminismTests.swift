import Posts
import Testing

@testable import SyntheticPosts

@Suite struct DeterminismTests {
  private func checksum(seed: UInt64, faults: FaultRates) -> UInt64 {
    var checksum = Checksum()
    for message in messages(seed: seed, posts: 10_000, faults: faults) {
      checksum.update((message.key?.string ?? "-").utf8)
      checksum.update(message.value ?? [0])
      checksum.update(String(message.recordTime).utf8)
    }
    return checksum.value
  }

  @Test(arguments: [FaultRates.none, heavyFaults])
  func sameSeedGivesTheSameBytes(faults: FaultRates) {
    #expect(checksum(seed: 7, faults: faults) == checksum(seed: 7, faults: faults))
    #expect(checksum(seed: 7, faults: faults) != checksum(seed: 8, faults: faults))
  }

  /// Holds platforms and versions of the compiler to the same bytes. It changes only when the posts
  /// are meant to.
  @Test func bytesOfSeed7ArePinned() {
    #expect(checksum(seed: 7, faults: .none) == 9_674_137_361_014_333_678)
    #expect(checksum(seed: 7, faults: heavyFaults) == 7_365_978_070_516_122_848)
  }

  @Test func aPostDependsOnNothingButItsNumberAndTime() {
    let generator = PostGenerator(seed: 3, accounts: 500)
    let forward = (0..<100).map { generator.post($0, at: wednesday) }
    let backward = (0..<100).reversed().map { generator.post($0, at: wednesday) }
    #expect(forward == backward.reversed())
    #expect(PostGenerator(seed: 3, accounts: 500).post(42, at: wednesday) == forward[42])
  }

  @Test func splitMix64GivesItsReferenceNumbers() {
    // The first numbers of the reference implementation for the seed 1234567.
    var random = SplitMix64(seed: 1_234_567)
    let numbers = (0..<3).map { _ in random.next() }
    #expect(
      numbers == [6_457_827_717_110_365_317, 3_203_168_211_198_807_973, 9_817_491_932_198_370_423])
  }

  @Test func drawsStayWithinTheirBounds() {
    var random = SplitMix64(seed: 1)
    var seen = Set<Int>()
    var (zeros, certain, impossible) = (0, 0, 0)
    for _ in 0..<1000 {
      seen.insert(random.within(-2...2))
      if random.below(1) == 0 { zeros += 1 }
      if random.happens(Probability(1)) { certain += 1 }
      if random.happens(Probability(0)) { impossible += 1 }
    }
    #expect((zeros, certain, impossible) == (1000, 1000, 0))
    #expect(seen == [-2, -1, 0, 1, 2])
  }
}
