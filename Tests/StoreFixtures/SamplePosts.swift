import PostStore
import Posts

extension Post {
  /// A valid post, with what a test is about changed in it.
  public static func sample(
    _ postID: ExactString = "p1", _ edit: (inout Post) -> Void = { _ in }
  ) -> Post {
    var post = Post(
      postID: postID, userID: "USER_1", username: "ada", platform: "Twitter",
      postType: "tweet", contentType: "text", topic: "Travel", hashtags: [],
      sentiment: .neutral, location: "Paris", likes: 10, shares: 2, comments: 3, views: 100,
      engagementRate: EngagementRate(hundredths: 1234), followers: 1000, isVerified: false,
      isInfluencer: false, isViral: false,
      timestamp: Timestamp(microseconds: 1_764_000_000_000_000), language: "en")
    edit(&post)
    return post
  }
}

extension PartitionID {
  /// The partition of tests that need but one.
  public static let only = PartitionID(topic: "social_media", partition: 0)
}

extension PartitionStretch {
  /// A stretch of messages at offsets in a row.
  ///
  /// - Parameters:
  ///   - begin: The offset of the first message.
  ///   - messages: The record time in milliseconds and the content of each.
  public init(
    _ begin: Int64, _ messages: [(Int64, IncomingMessage.Content)],
    of partition: PartitionID = .only
  ) {
    self.init(partition: partition, at: begin)
    for (milliseconds, content) in messages {
      self.messages.append(
        IncomingMessage(offset: end, recordMilliseconds: milliseconds, content: content))
      end += 1
    }
  }
}

extension StoreWriter {
  /// Stores posts as the next messages of the only partition, as if the clock showed `now`.
  public func store(_ posts: [Post], now: Timestamp = Timestamp(microseconds: 0)) throws {
    let begin = try nextOffsets(topic: PartitionID.only.topic)[.only] ?? 0
    _ = try apply(
      [PartitionStretch(begin, posts.map { (0, .post($0)) })], now: now)
  }
}

extension IncomingMessage.Content {
  /// A post as it was read.
  public static func post(_ post: Post) -> IncomingMessage.Content { .post(.decoded(post)) }
}
