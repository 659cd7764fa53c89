import Posts
import Testing

@testable import SyntheticPosts

@Suite struct TrendTests {
  @Test func aBurstRisesAndFalls() {
    let trends = Trends(seed: 6)
    let minutes = (0..<10 * 1440).map {
      trends.burst(at: Timestamp(microseconds: wednesday.microseconds + Int64($0) * 60_000_000))
    }
    let bursts = minutes.split(separator: nil).map { $0.compactMap { $0 } }
    // Eighty slots of three hours, half of them with a burst.
    #expect((20...60).contains(bursts.count))
    for burst in bursts {
      let peak = burst.map(\.permille).max() ?? 0
      #expect((350...800).contains(peak))
      #expect((burst.first?.permille ?? 1000) < peak / 3)
      #expect((burst.last?.permille ?? 1000) < peak / 3)
    }
  }

  @Test func aBurstTakesPostsToItsTopicAndTag() throws {
    let generator = PostGenerator(seed: 6, accounts: 1000)
    let trends = Trends(seed: 6)
    let instant = try #require(
      (0..<10_000).lazy
        .map { Timestamp(microseconds: wednesday.microseconds + $0 * 60_000_000) }
        .first { (trends.burst(at: $0)?.permille ?? 0) > 400 })
    let burst = try #require(trends.burst(at: instant))
    let topic = Vocabulary.topics[burst.topic]
    let posts = (0..<10_000).map { generator.post($0, at: instant) }
    let tagged = posts.count { $0.hashtags.contains(topic.burstHashtags[burst.hashtag]) }
    #expect(abs(tagged - burst.permille * 10) < 200)
    #expect(posts.count { $0.topic == topic.name } > tagged)
  }
}
