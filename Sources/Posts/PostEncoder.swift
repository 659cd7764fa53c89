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
    output.append("{\"post_id\": ")
    output.append(quoted: post.postID)
    output.append(", \"user_id\": ")
    output.append(quoted: post.userID)
    output.append(", \"username\": ")
    output.append(quoted: post.username)
    output.append(", \"platform\": ")
    output.append(quoted: post.platform)
    output.append(", \"post_type\": ")
    output.append(quoted: post.postType)
    output.append(", \"content_type\": ")
    output.append(quoted: post.contentType)
    output.append(", \"topic\": ")
    output.append(quoted: post.topic)
    output.append(", \"hashtags\": [")
    for (position, hashtag) in post.hashtags.enumerated() {
      if position > 0 { output.append(", ") }
      output.append(quoted: hashtag.spelling)
    }
    output.append("], \"sentiment\": ")
    output.append(post.sentiment.quoted)
    output.append(", \"location\": ")
    if let location = post.location {
      output.append(quoted: location)
    } else {
      output.append("null")
    }
    output.append(", \"likes\": ")
    output.append(decimal: post.likes)
    output.append(", \"shares\": ")
    output.append(decimal: post.shares)
    output.append(", \"comments\": ")
    output.append(decimal: post.comments)
    output.append(", \"views\": ")
    if let views = post.views {
      output.append(decimal: views)
    } else {
      output.append("null")
    }
    output.append(", \"engagement_rate\": ")
    output.append(rate: post.engagementRate)
    output.append(", \"followers\": ")
    output.append(decimal: post.followers)
    output.append(post.isVerified ? ", \"is_verified\": true" : ", \"is_verified\": false")
    output.append(post.isInfluencer ? ", \"is_influencer\": true" : ", \"is_influencer\": false")
    output.append(post.isViral ? ", \"is_viral\": true" : ", \"is_viral\": false")
    output.append(", \"timestamp\": \"")
    output.append(timestamp: post.timestamp)
    output.append("\", \"language\": ")
    output.append(quoted: post.language)
    output.append(ASCII.closeBrace)
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

extension [UInt8] {
  @inline(__always)
  fileprivate mutating func append(_ text: StaticString) {
    append(contentsOf: UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
  }

  fileprivate mutating func append(quoted text: ExactString) {
    var string = text.string
    append(ASCII.quote)
    string.withUTF8 { bytes in
      if bytes.allSatisfy({
        0x20..<0x7F ~= $0 && $0 != ASCII.quote && $0 != ASCII.backslash
      }) {
        append(contentsOf: bytes)
      } else {
        append(escaped: String(decoding: bytes, as: UTF8.self))
      }
    }
    append(ASCII.quote)
  }

  /// Escapes what JSON demands, and all that is not ASCII in units of UTF-16, as the original does.
  private mutating func append(escaped text: String) {
    for unit in text.utf16 {
      switch unit {
      case UInt16(ASCII.quote): append("\\\"")
      case UInt16(ASCII.backslash): append("\\\\")
      case UInt16(ASCII.newline): append("\\n")
      case UInt16(ASCII.carriageReturn): append("\\r")
      case UInt16(ASCII.tab): append("\\t")
      case UInt16(ASCII.backspace): append("\\b")
      case UInt16(ASCII.formFeed): append("\\f")
      case 0x20..<0x80: append(UInt8(unit))
      default:
        append("\\u")
        for shift in [12, 8, 4, 0] {
          let digit = UInt8(unit >> shift & 0xF)
          append(digit < 10 ? ASCII.zero + digit : UInt8(ascii: "a") + digit - 10)
        }
      }
    }
  }

  fileprivate mutating func append(decimal number: Int64) {
    if number < 0 { append(ASCII.minus) }
    var rest = number.magnitude
    withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 20) { digits in
      var start = digits.count
      repeat {
        start -= 1
        digits.initializeElement(at: start, to: ASCII.zero + UInt8(rest % 10))
        rest /= 10
      } while rest > 0
      append(contentsOf: UnsafeBufferPointer(rebasing: digits[start...]))
    }
  }

  /// At least one digit after the point, the second only if it is not zero.
  fileprivate mutating func append(rate: EngagementRate) {
    let (whole, fraction) = rate.hundredths.quotientAndRemainder(dividingBy: 100)
    append(decimal: whole)
    append(ASCII.dot)
    append(ASCII.zero + UInt8(fraction / 10))
    if fraction % 10 > 0 { append(ASCII.zero + UInt8(fraction % 10)) }
  }

  fileprivate mutating func append(timestamp: Timestamp) {
    let time = CivilTime(microseconds: timestamp.microseconds)
    append(pairs: time.year / 100, time.year % 100)
    append(ASCII.minus)
    append(pairs: time.month)
    append(ASCII.minus)
    append(pairs: time.day)
    append(UInt8(ascii: "T"))
    append(pairs: time.hour)
    append(ASCII.colon)
    append(pairs: time.minute)
    append(ASCII.colon)
    append(pairs: time.second)
    append(ASCII.dot)
    append(pairs: time.microsecond / 10_000, time.microsecond / 100 % 100, time.microsecond % 100)
  }

  /// Numbers below 100, each in two digits.
  @inline(__always)
  private mutating func append(pairs numbers: Int...) {
    for number in numbers {
      append(ASCII.zero + UInt8(number / 10))
      append(ASCII.zero + UInt8(number % 10))
    }
  }
}
