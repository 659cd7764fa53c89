/// One social-media post: the validated content of one message.
///
/// It has the 21 fields of the original system's `social_posts` table. A value of this type is within
/// the bounds of `PostDecoder`; it is made by the decoder or by a generator that keeps them.
public struct Post: Equatable, Sendable {
  /// The identity of the post, 1 to 200 bytes.
  public var postID: ExactString
  /// Who posted, as the network identifies them.
  public var userID: ExactString
  /// Who posted, as people see it.
  public var username: ExactString
  /// The network, such as `Twitter`.
  public var platform: ExactString
  /// The network's own kind of post, such as `retweet` or `story`.
  public var postType: ExactString
  /// What the post holds, such as `video`.
  public var contentType: ExactString
  /// What the post is about, such as `Travel`.
  public var topic: ExactString
  /// Each tag once, in the order of the message.
  public var hashtags: [Hashtag]
  /// How the post feels about its topic.
  public var sentiment: Sentiment
  /// Where the post was made, if it says so; never empty.
  public var location: ExactString?
  /// How often it was liked, from 0 to 10¹² like every count of a post.
  public var likes: Int64
  /// How often it was shared.
  public var shares: Int64
  /// How many comments it has.
  public var comments: Int64
  /// How often it was seen, if the network tells.
  public var views: Int64?
  /// Reactions for each follower, as the message states it.
  public var engagementRate: EngagementRate
  /// How many followers the account had.
  public var followers: Int64
  /// Whether the network vouches for the account.
  public var isVerified: Bool
  /// Whether the account counts as an influencer.
  public var isInfluencer: Bool
  /// Whether the post went viral.
  public var isViral: Bool
  /// When it was posted.
  public var timestamp: Timestamp
  /// The language code, such as `en`.
  public var language: ExactString

  /// A post of the given parts; the caller vouches for their bounds.
  public init(
    postID: ExactString, userID: ExactString, username: ExactString, platform: ExactString,
    postType: ExactString, contentType: ExactString, topic: ExactString, hashtags: [Hashtag],
    sentiment: Sentiment, location: ExactString?, likes: Int64, shares: Int64, comments: Int64,
    views: Int64?, engagementRate: EngagementRate, followers: Int64, isVerified: Bool,
    isInfluencer: Bool, isViral: Bool, timestamp: Timestamp, language: ExactString
  ) {
    self.postID = postID
    self.userID = userID
    self.username = username
    self.platform = platform
    self.postType = postType
    self.contentType = contentType
    self.topic = topic
    self.hashtags = hashtags
    self.sentiment = sentiment
    self.location = location
    self.likes = likes
    self.shares = shares
    self.comments = comments
    self.views = views
    self.engagementRate = engagementRate
    self.followers = followers
    self.isVerified = isVerified
    self.isInfluencer = isInfluencer
    self.isViral = isViral
    self.timestamp = timestamp
    self.language = language
  }
}

/// How a post feels about its topic.
public enum Sentiment: String, CaseIterable, Sendable {
  case positive, neutral, negative
}

/// An engagement rate, exact to 0.01 %.
public struct EngagementRate: Hashable, Comparable, Sendable {
  /// The rate in units of 0.01 %, from 0 to 10¹¹.
  public var hundredths: Int64

  /// A rate by its number of hundredths of a percent.
  public init(hundredths: Int64) { self.hundredths = hundredths }

  public static func < (a: EngagementRate, b: EngagementRate) -> Bool {
    a.hundredths < b.hundredths
  }
}
