import Posts
import Testing

@testable import SyntheticPosts

@Suite struct PopulationTests {
  @Test func anAccountNeverChanges() {
    let generator = PostGenerator(seed: 4, accounts: 300)
    var seen: [ExactString: Post] = [:]
    var changed: Set<ExactString> = []
    var platforms: [ExactString: Set<ExactString>] = [:]
    for sequence in 0..<20_000 as Range<UInt64> {
      let post = generator.post(
        sequence, at: Timestamp(microseconds: Int64(sequence) * 3_600_000_000))
      let first = seen[post.userID] ?? post
      seen[post.userID] = first
      let isSame =
        post.username == first.username && post.followers == first.followers
        && post.isVerified == first.isVerified && post.isInfluencer == first.isInfluencer
        && post.language == first.language
      if !isSame { changed.insert(post.userID) }
      platforms[post.userID, default: []].insert(post.platform)
    }
    #expect(changed == [])
    #expect(seen.count == 300)
    #expect(platforms.values.allSatisfy { $0.count <= 2 })
  }

  @Test(arguments: [1, 2, 1000, Population.largest])
  func namesAndNumbersAreUnique(count: Int) {
    let accounts = Population(seed: 9, count: count).accounts
    #expect(accounts.count == count)
    #expect(Set(accounts.map(\.userID)).count == count)
    #expect(Set(accounts.map(\.username)).count == count)
    #expect(accounts.allSatisfy { $0.username.string.utf8.count <= 15 })
    #expect(
      accounts.prefix(1000).allSatisfy { $0.userID.string.wholeMatch(of: /USER_\d{5}/) != nil })
  }

  @Test func activityFollowsZipf() {
    let population = Population(seed: 2, count: 1000)
    var random = SplitMix64(seed: 1)
    var counts = Array(repeating: 0, count: 1000)
    for _ in 0..<1_000_000 { counts[population.draw(&random)] += 1 }
    // Rank 1 has weight 1/21, rank 22 half of that, rank 190 a tenth.
    #expect(abs(Double(counts[0]) / Double(counts[21]) - 2) < 0.1)
    #expect(abs(Double(counts[0]) / Double(counts[189]) - 10) < 1)
  }

  @Test func theAliasTableKeepsItsWeights() {
    let table = AliasTable(weights: [0, 1, 2, 7])
    var random = SplitMix64(seed: 1)
    var counts = [0, 0, 0, 0]
    for _ in 0..<100_000 { counts[table.draw(&random)] += 1 }
    #expect(counts[0] == 0)
    for (count, expected) in zip(counts.dropFirst(), [10_000, 20_000, 70_000]) {
      #expect(abs(count - expected) < 600)
    }
  }
}
