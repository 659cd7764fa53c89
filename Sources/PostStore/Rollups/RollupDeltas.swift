import Posts

/// What the posts of one transaction change in the rollups: the net of all rows that came and went.
struct RollupDeltas {
  /// The changes of each fact, in the order of `Rollup.allCases`, in buckets of its finest level.
  private var changes = Rollup.allCases.map { _ in GroupTable() }

  var isEmpty: Bool { changes.allSatisfy(\.groups.isEmpty) }

  mutating func removeAll() {
    for index in changes.indices { changes[index].removeAll() }
  }

  /// A post that came, or with a sign of −1 one that went.
  ///
  /// - Parameter hashtags: The ids of its hashtags.
  mutating func count(_ post: EncodedPost, hashtags: [Int64], sign: Int64) {
    var sums = GroupSums()
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
      var key = GroupKey(
        start: Self.start(post.createdMicroseconds, rollup.finestLevel), platform: post.platform,
        sentiment: post.sentiment, topic: post.topic, isViral: post.isViral)
      switch rollup {
      case .base: break
      case .hashtag:
        for tag in hashtags {
          key.keys.0 = tag
          changes[index].add(sums, to: key)
        }
        continue
      case .location:
        guard let location = post.location else { continue }
        key.keys.0 = location
      case .content: (key.keys.0, key.keys.1) = (post.contentType, post.postType)
      case .language: key.keys.0 = post.language
      // Made of the groups of accounts when they are handed over.
      case .accountTotal: continue
      case .account:
        key.keys = (
          post.user, post.username, post.isVerified ? 1 : 0, post.isInfluencer ? 1 : 0,
          post.followers
        )
      }
      changes[index].add(sums, to: key)
    }
  }

  /// Hands over the changes of a fact at a level, by rising key; groups that did not change are left
  /// out.
  func forEachChange(
    of rollup: Rollup, at level: Rollup.Level,
    _ body: (GroupKey, GroupSums) throws(StoreError) -> Void
  ) throws(StoreError) {
    guard let index = Rollup.allCases.firstIndex(of: rollup.source) else { return }
    var table = changes[index]
    let isTotal = rollup != rollup.source
    if isTotal || level != rollup.finestLevel {
      var wider = GroupTable()
      for group in table.groups {
        var key = isTotal ? group.key.total : group.key
        key.start = Self.start(key.start * 1_000_000, level)
        wider.add(group.sums, to: key)
      }
      table = wider
    }
    for place in table.sortedPlaces() {
      let group = table.groups[place]
      if group.sums != GroupSums() { try body(group.key, group.sums) }
    }
  }

  private static func start(_ microseconds: Int64, _ level: Rollup.Level) -> Int64 {
    microseconds.floored(toMultipleOf: level.microseconds) / 1_000_000
  }
}
