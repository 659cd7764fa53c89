import Foundation
import GRDB
import PostStore
import Posts

/// The columns of the original system's table, in its order.
public let originalColumns = [
  "post_id", "user_id", "username", "platform", "post_type", "content_type", "topic", "hashtags",
  "sentiment", "location", "likes", "shares", "comments", "views", "engagement_rate", "followers",
  "is_verified", "is_influencer", "is_viral", "timestamp", "language",
]

/// The row of `social_posts` that shows a post; its tags need no escapes in JSON.
public func shownRow(of post: Post) -> [DatabaseValue] {
  let tags = post.hashtags.map { "\"\($0.spelling.string)\"" }.joined(separator: ",")
  let values: [(any DatabaseValueConvertible)?] = [
    post.postID.string, post.userID.string, post.username.string, post.platform.string,
    post.postType.string, post.contentType.string, post.topic.string, "[\(tags)]",
    post.sentiment.rawValue, post.location?.string, post.likes, post.shares, post.comments,
    post.views, Double(post.engagementRate.hundredths) / 100, post.followers, post.isVerified,
    post.isInfluencer, post.isViral, post.timestamp.withoutZone(separator: " "),
    post.language.string,
  ]
  return values.map { $0?.databaseValue ?? .null }
}

/// The rows of `social_posts` by post, and what else a query of a store gives.
extension StoreReader {
  /// What `social_posts` shows, by post.
  public func shownPosts() throws -> [[DatabaseValue]] {
    try read { db in
      try Row.fetchAll(db, sql: "SELECT * FROM social_posts ORDER BY post_id").map {
        Array($0.databaseValues)
      }
    }
  }

  /// The bytes of the only column of a query; a text with a NUL inside is whole here.
  public func bytes(_ sql: String) throws -> [[UInt8]?] {
    try read { db in
      try Row.fetchAll(db, sql: sql).map { row in (row[0] as Data?).map { Array($0) } }
    }
  }

  /// The numbers of a query's only column.
  public func integers(_ sql: String) throws -> [Int64] {
    try read { try Int64.fetchAll($0, sql: sql) }
  }

  /// The texts of a query's only column.
  public func strings(_ sql: String) throws -> [String] {
    try read { try String.fetchAll($0, sql: sql) }
  }
}

/// A connection past the store's own, as another program would have one.
public func otherConnection(_ path: String) throws -> DatabaseQueue {
  var configuration = Configuration()
  configuration.busyMode = .timeout(5)
  configuration.allowsUnsafeTransactions = true
  return try DatabaseQueue(path: path, configuration: configuration)
}
