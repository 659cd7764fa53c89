/// The keys of a message that are read, in the order in which the original producer writes them.
enum PostField: Int, CaseIterable {
  case postID, userID, username, platform, postType, contentType, topic, hashtags, sentiment
  case location, likes, shares, comments, views, engagementRate, followers, isVerified
  case isInfluencer, isViral, timestamp, language

  var name: StaticString {
    switch self {
    case .postID: "post_id"
    case .userID: "user_id"
    case .username: "username"
    case .platform: "platform"
    case .postType: "post_type"
    case .contentType: "content_type"
    case .topic: "topic"
    case .hashtags: "hashtags"
    case .sentiment: "sentiment"
    case .location: "location"
    case .likes: "likes"
    case .shares: "shares"
    case .comments: "comments"
    case .views: "views"
    case .engagementRate: "engagement_rate"
    case .followers: "followers"
    case .isVerified: "is_verified"
    case .isInfluencer: "is_influencer"
    case .isViral: "is_viral"
    case .timestamp: "timestamp"
    case .language: "language"
    }
  }

  func rejection(_ problem: String) -> Rejection {
    Rejection(field: "\(name)", problem: problem)
  }
}

/// Finds the field of a key, fastest if keys come in the order of the original producer.
struct PostFieldIndex: Sendable {
  private let keys = PostField.allCases.map { field in
    Key(UnsafeRawBufferPointer(start: field.name.utf8Start, count: field.name.utf8CodeUnitCount))
  }

  /// - Parameter expected: The position to try first.
  @inline(__always)
  func field(of name: UnsafeRawBufferPointer, expected: Int) -> PostField? {
    guard let key = Key(name) else { return nil }
    if expected < keys.count, keys[expected] == key { return PostField(rawValue: expected) }
    return keys.firstIndex(of: key).flatMap(PostField.init(rawValue:))
  }

  /// A key of 4 to 16 bytes, as every known one is, held in its first and its last bytes. These
  /// overlap, so that together with the length they say all.
  private struct Key: Equatable {
    let head, tail: UInt64
    let count: Int

    @inline(__always)
    init?(_ name: UnsafeRawBufferPointer) {
      count = name.count
      switch count {
      case 8...16:
        head = name.loadUnaligned(as: UInt64.self)
        tail = name.loadUnaligned(fromByteOffset: count - 8, as: UInt64.self)
      case 4..<8:
        head = UInt64(name.loadUnaligned(as: UInt32.self))
        tail = UInt64(name.loadUnaligned(fromByteOffset: count - 4, as: UInt32.self))
      default: return nil
      }
    }
  }
}
