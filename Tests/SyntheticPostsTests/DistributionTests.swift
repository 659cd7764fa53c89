import Posts
import Testing

@testable import SyntheticPosts

/// Proportions over 100,000 posts of a month, against those of the original's messages.
@Suite struct DistributionTests {
  private static let posts: [Post] = {
    let generator = PostGenerator(seed: 11)
    let history = History(
      seed: 11, start: wednesday, span: 30 * 86_400_000_000, count: 100_000)
    return (0..<100_000).map { generator.post($0, at: history.moment($0).timestamp) }
  }()

  private func share(_ condition: (Post) -> Bool) -> Double {
    let posts = DistributionTests.posts
    return Double(posts.count(where: condition)) / Double(posts.count)
  }

  private func expect(
    _ share: Double, near expected: Double, within tolerance: Double,
    _ location: SourceLocation = #_sourceLocation
  ) {
    #expect(abs(share - expected) < tolerance, "\(share)", sourceLocation: location)
  }

  @Test func sentimentIsHalfPositive() {
    expect(share { $0.sentiment == .positive }, near: 0.5, within: 0.01)
    expect(share { $0.sentiment == .neutral }, near: 0.35, within: 0.01)
    expect(share { $0.sentiment == .negative }, near: 0.15, within: 0.01)
  }

  @Test func threeOfTenPostsHaveNoPlace() {
    expect(share { $0.location == nil }, near: 0.3, within: 0.01)
    let cities = Set(DistributionTests.posts.compactMap(\.location))
    #expect(cities == Set(Vocabulary.cities))
    for city in cities { expect(share { $0.location == city }, near: 0.7 / 15, within: 0.02) }
  }

  @Test func everyPlatformHasItsPart() {
    for platform in Vocabulary.platforms {
      expect(share { $0.platform == platform.name }, near: 1.0 / 6, within: 0.06)
      let types = Set(
        DistributionTests.posts.filter { $0.platform == platform.name }.map(\.postType))
      #expect(types == Set(platform.postTypes))
    }
  }

  @Test func everyTopicHasItsPart() {
    for topic in Vocabulary.topics {
      expect(share { $0.topic == topic.name }, near: 0.125, within: 0.05)
    }
  }

  @Test func hashtagsBelongToTheTopic() {
    let strange = DistributionTests.posts.filter { post in
      let topic = Vocabulary.topics.first { $0.name == post.topic }
      var tags = post.hashtags
      if let first = tags.first, topic?.burstHashtags.contains(first) == true {
        tags.removeFirst()
      }
      return !(1...5).contains(tags.count) || Set(tags).count != tags.count
        || !tags.allSatisfy { topic?.hashtags.contains($0) == true }
    }
    #expect(strange == [])
    for count in 1...5 {
      expect(share { $0.hashtags.count == count }, near: 0.2, within: 0.04)
    }
  }

  @Test func exactlyVideosHaveViews() {
    #expect(DistributionTests.posts.allSatisfy { ($0.views != nil) == ($0.contentType == "video") })
    expect(share { $0.contentType == "video" }, near: 1.0 / 6, within: 0.01)
  }

  @Test func viralPostsSurge() {
    expect(share(\.isViral), near: 0.05, within: 0.005)
    let mean = { (viral: Bool) -> Double in
      let likes = DistributionTests.posts.filter { $0.isViral == viral }.map(\.likes)
      return Double(likes.reduce(0, +)) / Double(likes.count)
    }
    #expect((150.0...350).contains(mean(true) / mean(false)))
  }

  @Test func likesFollowThePlatform() {
    let mean = { (platform: ExactString) -> Double in
      let likes = DistributionTests.posts
        .filter { $0.platform == platform && !$0.isViral }.map(\.likes)
      return Double(likes.reduce(0, +)) / Double(likes.count)
    }
    let twitter = mean("Twitter")
    expect(twitter, near: 505, within: 15)
    for platform in Vocabulary.platforms {
      expect(
        mean(platform.name) / twitter, near: Double(platform.likesPercent) / 100, within: 0.06)
    }
  }

  @Test func otherCountsFollowLikes() {
    let strange = DistributionTests.posts.filter { post in
      let likes = Double(post.likes)
      let views = post.views.map { Double($0) / likes }
      return post.likes >= 200
        && !((0.07...0.37).contains(Double(post.shares) / likes)
          && (0.03...0.19).contains(Double(post.comments) / likes)
          && views.map { (3.9...24.1).contains($0) } != false)
    }
    #expect(strange == [])
  }

  @Test func theRateIsReactionsForEachFollower() {
    let strange = DistributionTests.posts.filter { post in
      let reactions = Double(post.likes + post.shares + post.comments)
      let rate = Double(post.engagementRate.hundredths) / 100
      return abs(rate - 100 * reactions / Double(post.followers)) > 0.005_000_1
    }
    #expect(strange == [])
  }

  @Test func accountsAreLikeTheOriginals() {
    expect(share(\.isVerified), near: 0.19, within: 0.06)
    expect(share(\.isInfluencer), near: 0.49, within: 0.08)
    expect(share { $0.language == "en" }, near: 0.8, within: 0.08)
    #expect(DistributionTests.posts.allSatisfy { (100...100_000).contains($0.followers) })
    #expect(DistributionTests.posts.allSatisfy { $0.isInfluencer == ($0.followers >= 50_000) })
  }
}
