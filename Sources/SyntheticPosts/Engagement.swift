import Posts

/// What people did with a post.
struct Engagement: Equatable {
  var likes: Int64
  var shares: Int64
  var comments: Int64
  var views: Int64?

  /// The engagement of a new post, by the original's ranges: 10 to 1,000 likes times the platform's
  /// part, 10 to 30 % as many shares, 5 to 15 % as many comments, 5 to 20 times as many views, each up
  /// to a fifth more or less.
  init(likesPercent: Int, isViral: Bool, isViewed: Bool, _ random: inout SplitMix64) {
    func sway(_ random: inout SplitMix64) -> Int { random.within(800...1200) }
    var likes = random.within(10...1000) * likesPercent * sway(&random) / 100_000
    if isViral { likes *= random.within(10...500) }
    self.likes = Int64(likes)
    shares = Int64(likes * random.within(100...300) * sway(&random) / 1_000_000)
    comments = Int64(likes * random.within(50...150) * sway(&random) / 1_000_000)
    let viewed = likes * random.within(5000...20_000) * sway(&random) / 1_000_000
    views = isViewed ? Int64(viewed) : nil
  }

  /// The engagement of a post.
  init(of post: Post) {
    (likes, shares, comments) = (post.likes, post.shares, post.comments)
    views = post.views
  }

  /// Reactions for each follower, to 0.01 %, half away from zero.
  ///
  /// - Parameter followers: At least 1.
  func rate(followers: Int64) -> EngagementRate {
    let reactions = (likes + shares + comments) * 10_000
    return EngagementRate(hundredths: (2 * reactions + followers) / (2 * followers))
  }

  /// The engagement some time later: every count a twentieth to twice more, and at least one like.
  mutating func grow(_ random: inout SplitMix64) {
    let percent = Int64(random.within(105...300))
    likes = min(Engagement.most, max(likes + 1, likes * percent / 100))
    shares = min(Engagement.most, shares * percent / 100)
    comments = min(Engagement.most, comments * percent / 100)
    views = views.map { min(Engagement.most, $0 * percent / 100) }
  }

  /// Far below the bound of a post's counts, so that sums and products here stay exact.
  private static let most: Int64 = 1_000_000_000
}
