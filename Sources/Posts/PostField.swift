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

  func field(of name: UnsafeRawBufferPointer) -> PostField? {
    guard let key = Key(name) else { return nil }
    return keys.firstIndex(of: key).flatMap(PostField.init(rawValue:))
  }

  /// How many bytes the key of a field takes with its closing quote, if it is what begins at an
  /// offset of a message.
  @inline(__always)
  func length(
    ofKeyAt offset: Int, in message: UnsafeRawBufferPointer, ifOf position: Int
  ) -> Int? {
    guard position < keys.count, let key = keys[position], offset + key.count < message.count,
      message[offset + key.count] == ASCII.quote, key.begins(at: offset, in: message)
    else { return nil }
    return key.count + 1
  }

  /// A key of 4 to 16 bytes, as every known one is, held in its first and its last bytes. These
  /// overlap, so that together with the length they say all.
  private struct Key: Equatable {
    let head, tail: UInt64
    let count: Int

    init?(_ name: UnsafeRawBufferPointer) {
      guard 4...16 ~= name.count else { return nil }
      count = name.count
      (head, tail) = Key.words(count, at: 0, in: name)
    }

    /// Whether the bytes of a message that begin at an offset, and are enough, are this key.
    @inline(__always)
    func begins(at offset: Int, in message: UnsafeRawBufferPointer) -> Bool {
      Key.words(count, at: offset, in: message) == (head, tail)
    }

    @inline(__always)
    private static func words(
      _ count: Int, at offset: Int, in bytes: UnsafeRawBufferPointer
    ) -> (UInt64, UInt64) {
      func word<Word: FixedWidthInteger & BitwiseCopyable>(_ type: Word.Type) -> (UInt64, UInt64) {
        let last = offset + count - MemoryLayout<Word>.size
        return (
          UInt64(bytes.loadUnaligned(fromByteOffset: offset, as: type)),
          UInt64(bytes.loadUnaligned(fromByteOffset: last, as: type))
        )
      }
      return count >= 8 ? word(UInt64.self) : word(UInt32.self)
    }
  }
}
