import Posts

/// Makes posts like those of the original system, the same ones for the same seed.
///
/// A post is a function of the seed, its sequence number and its time, and of nothing else; posts can
/// be made in any order and again. Values and proportions are the original's, where posts of video
/// content alone have views, 5 % are viral with 10 to 500 times the engagement, and the rate is
/// reactions for each follower. Beyond it, there are accounts that last (``Population``), hours and
/// days that differ (``History``) and topics that trend.
public struct PostGenerator: Sendable {
  /// Who posts.
  public let population: Population
  /// What everything is derived from.
  public let seed: UInt64

  private let identities: IdentityPermutation
  private let trends: Trends

  /// The most posts of one seed, 2⁴⁴: their ids are all different.
  public static let mostPosts: UInt64 = 1 << 44

  /// A generator with a population of 1 to ``Population/largest`` accounts.
  public init(seed: UInt64, accounts: Int = 20_000) {
    self.seed = seed
    population = Population(seed: seed, count: accounts)
    identities = IdentityPermutation(seed: seed)
    trends = Trends(seed: seed)
  }

  /// A post.
  ///
  /// - Parameters:
  ///   - sequence: Which post of the seed, below ``mostPosts``.
  ///   - timestamp: When it is posted, which also decides what trends.
  public func post(_ sequence: UInt64, at timestamp: Timestamp) -> Post {
    var random = SplitMix64(seed: seed, purpose: .post, number: sequence)
    let account = population.accounts[population.draw(&random)]
    let platform = Vocabulary.platforms[
      random.below(10) < 8 ? account.platforms.home : account.platforms.other]
    let contentType = random.below(Vocabulary.contentTypes.count)
    let (topic, hashtags) = subject(of: account, at: timestamp, &random)
    let sentiment: Sentiment =
      switch random.below(100) {
      case ..<50: .positive
      case ..<85: .neutral
      default: .negative
      }
    let isViral = random.below(100) < 5
    let engagement = Engagement(
      likesPercent: platform.likesPercent, isViral: isViral,
      isViewed: contentType == Vocabulary.viewedContentType, &random)
    return Post(
      postID: identities.postID(sequence), userID: account.userID, username: account.username,
      platform: platform.name, postType: random.pick(platform.postTypes),
      contentType: Vocabulary.contentTypes[contentType], topic: topic, hashtags: hashtags,
      sentiment: sentiment, location: location(of: account, &random), likes: engagement.likes,
      shares: engagement.shares, comments: engagement.comments, views: engagement.views,
      engagementRate: engagement.rate(followers: account.followers), followers: account.followers,
      isVerified: account.isVerified, isInfluencer: account.isInfluencer, isViral: isViral,
      timestamp: timestamp, language: account.language)
  }

  /// A topic with one to five of its hashtags; a post of a burst has the burst's before them.
  private func subject(
    of account: Account, at timestamp: Timestamp, _ random: inout SplitMix64
  ) -> (topic: ExactString, hashtags: [Hashtag]) {
    let pull = random.below(1000)
    if let burst = trends.burst(at: timestamp), pull < burst.permille {
      let topic = Vocabulary.topics[burst.topic]
      let hashtags = PostGenerator.hashtags(of: topic, &random)
      return (topic.name, [topic.burstHashtags[burst.hashtag]] + hashtags)
    }
    let index =
      random.below(2) == 0 ? account.favouriteTopic : random.below(Vocabulary.topics.count)
    let topic = Vocabulary.topics[index]
    return (topic.name, PostGenerator.hashtags(of: topic, &random))
  }

  static func hashtags(
    of topic: Vocabulary.Topic, _ random: inout SplitMix64
  ) -> [Hashtag] {
    random.pick(topic.choices[random.below(topic.choices.count)])
  }

  /// Nowhere for three posts of ten, else the account's own city for half.
  private func location(of account: Account, _ random: inout SplitMix64) -> ExactString? {
    switch random.below(100) {
    case ..<30: nil
    case ..<65: Vocabulary.cities[account.homeCity]
    default: random.pick(Vocabulary.cities)
    }
  }
}
