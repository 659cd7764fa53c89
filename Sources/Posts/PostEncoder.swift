/// Writes posts as the original producer does: one JSON object in ASCII, keys in its order, `", "`
/// and `": "` between them.
///
/// What it writes of a post within the bounds of `PostDecoder` decodes to an equal post.
public struct PostEncoder: Sendable {
  /// An encoder; it holds no state.
  public init() {}

  /// Appends the message of a post, without a newline.
  ///
  /// - Parameters:
  ///   - post: What to write.
  ///   - output: Gets some 500 bytes more.
  public func encode(_ post: Post, into output: inout [UInt8]) {
    withUnsafeTemporaryAllocation(
      byteCount: PostEncoder.largestSize(of: post), alignment: 1
    ) { buffer in
      var json = JSONWriter(buffer)
      PostEncoder.write(post, to: &json)
      output.append(contentsOf: json.written)
    }
  }

  /// No message of the post is longer.
  private static func largestSize(of post: Post) -> Int {
    // Keys and punctuation, six numbers of up to twenty digits, three flags and a time take below 500.
    var size = 700
    func add(_ text: ExactString) { size += JSONWriter.largestSize(of: text) }
    add(post.postID)
    add(post.userID)
    add(post.username)
    add(post.platform)
    add(post.postType)
    add(post.contentType)
    add(post.topic)
    add(post.language)
    if let location = post.location { add(location) }
    for hashtag in post.hashtags { add(hashtag.spelling) }
    return size
  }

  private static func write(_ post: Post, to json: inout JSONWriter) {
    json.put("{\"post_id\": ")
    json.put(quoted: post.postID)
    json.put(", \"user_id\": ")
    json.put(quoted: post.userID)
    json.put(", \"username\": ")
    json.put(quoted: post.username)
    json.put(", \"platform\": ")
    json.put(quoted: post.platform)
    json.put(", \"post_type\": ")
    json.put(quoted: post.postType)
    json.put(", \"content_type\": ")
    json.put(quoted: post.contentType)
    json.put(", \"topic\": ")
    json.put(quoted: post.topic)
    json.put(", \"hashtags\": [")
    for (position, hashtag) in post.hashtags.enumerated() {
      if position > 0 { json.put(", ") }
      json.put(quoted: hashtag.spelling)
    }
    json.put("], \"sentiment\": ")
    json.put(post.sentiment.quoted)
    json.put(", \"location\": ")
    if let location = post.location {
      json.put(quoted: location)
    } else {
      json.put("null")
    }
    json.put(", \"likes\": ")
    json.put(decimal: post.likes)
    json.put(", \"shares\": ")
    json.put(decimal: post.shares)
    json.put(", \"comments\": ")
    json.put(decimal: post.comments)
    json.put(", \"views\": ")
    if let views = post.views {
      json.put(decimal: views)
    } else {
      json.put("null")
    }
    json.put(", \"engagement_rate\": ")
    json.put(rate: post.engagementRate)
    json.put(", \"followers\": ")
    json.put(decimal: post.followers)
    json.put(post.isVerified ? ", \"is_verified\": true" : ", \"is_verified\": false")
    json.put(post.isInfluencer ? ", \"is_influencer\": true" : ", \"is_influencer\": false")
    json.put(post.isViral ? ", \"is_viral\": true" : ", \"is_viral\": false")
    json.put(", \"timestamp\": \"")
    json.put(timestamp: post.timestamp)
    json.put("\", \"language\": ")
    json.put(quoted: post.language)
    json.put(ASCII.closeBrace)
  }
}

extension Sentiment {
  fileprivate var quoted: StaticString {
    switch self {
    case .positive: "\"positive\""
    case .neutral: "\"neutral\""
    case .negative: "\"negative\""
    }
  }
}
