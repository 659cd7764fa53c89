import Posts

/// One message for the topic, not yet encoded.
public struct Message: Equatable, Sendable {
  /// What the value says.
  public enum Content: Equatable, Sendable {
    /// A version of a post.
    case post(Post)
    /// A null value: the post of the key is gone, or nothing is said if there is no key.
    case tombstone
    /// Bytes that are no post.
    case malformed([UInt8])
  }

  /// The `post_id` that it concerns, which also chooses the partition.
  public var key: ExactString?
  /// What the value says.
  public var content: Content
  /// Which version it is: the Kafka record time, in milliseconds since the epoch.
  public var recordTime: Int64

  /// A message of its parts.
  public init(key: ExactString?, content: Content, recordTime: Int64) {
    self.key = key
    self.content = content
    self.recordTime = recordTime
  }

  /// A version of a post, under the post's own key.
  init(_ post: Post, recordTime: Int64) {
    self.init(key: post.postID, content: .post(post), recordTime: recordTime)
  }
}
