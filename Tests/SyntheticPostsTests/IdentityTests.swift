import Posts
import Testing

@testable import SyntheticPosts

@Suite struct IdentityTests {
  @Test(arguments: [0, 1, 99, UInt64.max])
  func everyNumberOfAWidthIsHitOnce(seed: UInt64) {
    for bits in [2, 8, 16] {
      let permutation = IdentityPermutation(seed: seed, bits: bits)
      let images = Set((0..<UInt64(1) << UInt64(bits)).map { permutation($0) })
      #expect(images.count == 1 << bits)
      #expect(images.max() == UInt64.max >> UInt64(64 - bits))
    }
  }

  @Test func aMillionIDsAreUnique() {
    let permutation = IdentityPermutation(seed: 5)
    var ids = Set<ExactString>(minimumCapacity: 1_000_000)
    for sequence in 0..<1_000_000 as Range<UInt64> { ids.insert(permutation.postID(sequence)) }
    #expect(ids.count == 1_000_000)
  }

  @Test func idsHaveTheOriginalForm() {
    let permutation = IdentityPermutation(seed: 5)
    for sequence in [0, 1, 1000, PostGenerator.mostPosts - 1] {
      let id = permutation.postID(sequence).string
      #expect(id.wholeMatch(of: /[0-9a-f]{8}-[0-9a-f]{3}/) != nil, "\(id)")
    }
  }

  @Test func seedsGiveDifferentIDs() {
    let (a, b) = (IdentityPermutation(seed: 1), IdentityPermutation(seed: 2))
    let ids = Set((0..<1000).map { a.postID($0) })
    #expect((0..<1000).allSatisfy { !ids.contains(b.postID($0)) })
  }
}
