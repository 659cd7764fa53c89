import Posts

/// What the posts of one transaction change in the rollups: the net of all rows that came and went.
struct RollupDeltas {
  /// The key of a group: a bucket, the dimensions, and up to five keys of the fact.
  struct Key: Hashable {
    var start: Int64
    var platform: Int64
    var sentiment: Int64
    var topic: Int64
    var viral: Int64
    var keys: (Int64, Int64, Int64, Int64, Int64)

    static func == (a: Key, b: Key) -> Bool {
      a.start == b.start && a.platform == b.platform && a.sentiment == b.sentiment
        && a.topic == b.topic && a.viral == b.viral && a.keys == b.keys
    }

    func hash(into hasher: inout Hasher) {
      hasher.combine(start)
      hasher.combine(platform &* 4 &+ sentiment)
      hasher.combine(topic &* 2 &+ viral)
      hasher.combine(keys.0)
      hasher.combine(keys.1)
    }

    /// The columns of the primary key, of which a fact uses the first ones.
    var columns: [Int64] {
      [start, platform, sentiment, topic, viral, keys.0, keys.1, keys.2, keys.3, keys.4]
    }
  }

  /// Sums of posts, or what is to be added to them.
  struct Sums: Equatable {
    var posts: Int64 = 0
    var likes: Int64 = 0
    var comments: Int64 = 0
    var shares: Int64 = 0
    var rate: Int64 = 0
    var views: Int64 = 0
    var postsWithViews: Int64 = 0
    var verified: Int64 = 0
    var influencer: Int64 = 0

    /// In the order of `Rollup.measures`.
    var columns: [Int64] {
      [posts, likes, comments, shares, rate, views, postsWithViews, verified, influencer]
    }

    static func += (a: inout Sums, b: Sums) {
      a.posts += b.posts
      a.likes += b.likes
      a.comments += b.comments
      a.shares += b.shares
      a.rate += b.rate
      a.views += b.views
      a.postsWithViews += b.postsWithViews
      a.verified += b.verified
      a.influencer += b.influencer
    }
  }

  /// The changes of each fact, in the order of `Rollup.allCases`, in buckets of its finest level.
  private var changes: [[Key: Sums]] = Rollup.allCases.map { _ in [:] }

  var isEmpty: Bool { changes.allSatisfy(\.isEmpty) }

  mutating func removeAll() {
    for index in changes.indices { changes[index].removeAll(keepingCapacity: true) }
  }

  /// A post that came, or with a sign of −1 one that went.
  ///
  /// - Parameter hashtags: The ids of its hashtags.
  mutating func count(_ post: EncodedPost, hashtags: [Int64], sign: Int64) {
    var sums = Sums()
    sums.posts = sign
    sums.likes = sign * post.likes
    sums.comments = sign * post.comments
    sums.shares = sign * post.shares
    sums.rate = sign * post.rateHundredths
    sums.views = sign * (post.views ?? 0)
    sums.postsWithViews = post.views == nil ? 0 : sign
    sums.verified = post.isVerified ? sign : 0
    sums.influencer = post.isInfluencer ? sign : 0
    for (index, rollup) in Rollup.allCases.enumerated() {
      var key = Key(
        start: start(post.createdMicroseconds, rollup.levels[0]), platform: post.platform,
        sentiment: post.sentiment, topic: post.topic, viral: post.isViral ? 1 : 0,
        keys: (0, 0, 0, 0, 0))
      switch rollup {
      case .base: break
      case .hashtag:
        for tag in hashtags {
          key.keys.0 = tag
          changes[index][key, default: Sums()] += sums
        }
        continue
      case .location:
        guard let location = post.location else { continue }
        key.keys.0 = location
      case .content: (key.keys.0, key.keys.1) = (post.contentType, post.postType)
      case .language: key.keys.0 = post.language
      case .account:
        key.keys = (
          post.user, post.username, post.isVerified ? 1 : 0, post.isInfluencer ? 1 : 0,
          post.followers
        )
      }
      changes[index][key, default: Sums()] += sums
    }
  }

  /// The changes of a fact at a level, by rising key; groups that did not change are left out.
  func changes(of rollup: Rollup, at level: Rollup.Level) -> [(key: Key, sums: Sums)] {
    guard let index = Rollup.allCases.firstIndex(of: rollup) else { return [] }
    var groups = changes[index]
    if level != rollup.levels[0] {
      var wider: [Key: Sums] = [:]
      for (key, sums) in groups {
        var key = key
        key.start = start(key.start * 1_000_000, level)
        wider[key, default: Sums()] += sums
      }
      groups = wider
    }
    // Rising keys make neighbours in the table one after another.
    return groups.filter { $0.value != Sums() }.map { (key: $0.key, sums: $0.value) }
      .sorted { $0.key.columns.lexicographicallyPrecedes($1.key.columns) }
  }

  private func start(_ microseconds: Int64, _ level: Rollup.Level) -> Int64 {
    microseconds.floored(toMultipleOf: level.microseconds) / 1_000_000
  }
}
