import PostStore
import Posts

extension QueryRunner {
  /// Hands over all posts of a scope, by time and then by `post_id`, in constant memory.
  ///
  /// - Throws: `QueryError`, also if posts of the scope were pruned; `StoreError`, or what `post` throws.
  public func posts(in scope: Scope, post: (Post) throws -> Void) throws {
    var decoder = PostDecoder()
    try run(.allPosts, scope: scope) { cells in
      guard let value = try Post(cells, &decoder) else {
        throw StoreError(.corrupt, "the store holds a post that is none: restore a backup of it")
      }
      try post(value)
    }
  }
}

extension QueryRunner {
  /// How many posts a scope has.
  public func postCount(in scope: Scope) throws -> Int64 {
    var count: Int64 = 0
    try run(.postCount, scope: scope) { cells in
      if case .integer(let posts) = cells[0] { count = posts }
    }
    return count
  }
}

extension NamedQuery {
  fileprivate static let postCount = NamedQuery(
    name: "export", file: "export", title: "Number of posts", help: "", parameters: [], bucket: nil,
    columns: [Column(name: "posts", kind: .count)], chart: nil,
    sql: "SELECT SUM(posts) AS posts FROM post_facts")

  /// Each post of a scope, as `Post.init(_:_:)` reads it.
  fileprivate static let allPosts: NamedQuery = {
    let columns = [
      "post_id", "user_id", "username", "platform", "post_type", "content_type", "topic",
      "hashtags",
      "sentiment", "location", "likes", "shares", "comments", "views", "rate_hundredths",
      "followers", "is_verified", "is_influencer", "is_viral", "created_us", "language",
    ]
    return NamedQuery(
      name: "export", file: "export", title: "All posts", help: "", parameters: [], bucket: nil,
      columns: columns.map { Column(name: $0, kind: .text) }, chart: nil,
      sql:
        "SELECT \(columns.joined(separator: ", ")) FROM scoped_posts ORDER BY created_us, post_id")
  }()
}

extension Post {
  /// The post of a row of `NamedQuery.allPosts`; nil if it is none.
  fileprivate init?(_ cells: [Cell], _ decoder: inout PostDecoder) throws {
    func text(_ column: Int) -> ExactString? {
      if case .text(let text) = cells[column] { ExactString(text) } else { nil }
    }
    func number(_ column: Int) -> Int64? {
      if case .integer(let number) = cells[column] { number } else { nil }
    }
    guard let postID = text(0), let userID = text(1), let username = text(2),
      let platform = text(3), let postType = text(4), let contentType = text(5),
      let topic = text(6), let hashtags = text(7), let sentiment = text(8),
      let sentiment = Sentiment(rawValue: sentiment.string), let likes = number(10),
      let shares = number(11), let comments = number(12), let rate = number(14),
      let followers = number(15), let isVerified = number(16), let isInfluencer = number(17),
      let isViral = number(18), let created = number(19), let language = text(20)
    else { return nil }
    self.init(
      postID: postID, userID: userID, username: username, platform: platform, postType: postType,
      contentType: contentType, topic: topic,
      hashtags: try decoder.hashtags(ofJSONArray: hashtags.string), sentiment: sentiment,
      location: text(9), likes: likes, shares: shares, comments: comments, views: number(13),
      engagementRate: EngagementRate(hundredths: rate), followers: followers,
      isVerified: isVerified == 1, isInfluencer: isInfluencer == 1, isViral: isViral == 1,
      timestamp: Timestamp(microseconds: created), language: language)
  }
}
