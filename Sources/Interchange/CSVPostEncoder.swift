import Posts

/// Writes posts as rows of CSV that PostgreSQL's `\copy social_posts from … csv header` takes.
///
/// The columns are those of the original system's `social_posts`. NULL is an empty field, an empty text
/// is `""`, hashtags are an array of PostgreSQL, and times are UTC without a zone. Lines end with `\n`.
public struct CSVPostEncoder: Sendable {
  /// An encoder; it holds no state.
  public init() {}

  /// The first line.
  public var header: [UInt8] { Array((PostColumns.names.joined(separator: ",") + "\n").utf8) }

  /// Appends the line of a post.
  public func encode(_ post: Post, into output: inout [UInt8]) {
    for text in [
      post.postID, post.userID, post.username, post.platform, post.postType, post.contentType,
      post.topic,
    ] {
      append(text.string.utf8, to: &output)
    }
    var hashtags: [UInt8] = []
    PostgreSQLArray.append(post.hashtags.map(\.spelling), to: &hashtags)
    append(hashtags, to: &output)
    append(post.sentiment.rawValue.utf8, to: &output)
    append(post.location?.string.utf8, to: &output)
    append(post.likes, to: &output)
    append(post.shares, to: &output)
    append(post.comments, to: &output)
    append(post.views, to: &output)
    append(post.engagementRate.decimal.utf8, to: &output)
    append(post.followers, to: &output)
    append("\(post.isVerified)".utf8, to: &output)
    append("\(post.isInfluencer)".utf8, to: &output)
    append("\(post.isViral)".utf8, to: &output)
    append(post.timestamp.withoutZone(separator: " ").utf8, to: &output)
    append(post.language.string.utf8, to: &output)
    output[output.count - 1] = UInt8(ascii: "\n")
  }

  private func append(_ number: Int64?, to output: inout [UInt8]) {
    append(number.map { "\($0)".utf8 }, to: &output)
  }

  /// Appends a field and the comma behind it.
  private func append(_ field: (some Collection<UInt8>)?, to output: inout [UInt8]) {
    defer { output.append(UInt8(ascii: ",")) }
    guard let field else { return }
    let quote = UInt8(ascii: "\"")
    let needsQuotes =
      field.isEmpty
      || field.contains { byte in
        byte == quote || byte == UInt8(ascii: ",") || byte == UInt8(ascii: "\n")
          || byte == UInt8(ascii: "\r")
      }
    guard needsQuotes else {
      output.append(contentsOf: field)
      return
    }
    output.append(quote)
    for byte in field {
      if byte == quote { output.append(quote) }
      output.append(byte)
    }
    output.append(quote)
  }
}

extension EngagementRate {
  /// The rate as messages have it, such as `12.34` or `0.1`.
  fileprivate var decimal: String {
    let (whole, fraction) = hundredths.quotientAndRemainder(dividingBy: 100)
    let digits = fraction % 10 == 0 ? "\(fraction / 10)" : "\(fraction / 10)\(fraction % 10)"
    return "\(whole).\(digits)"
  }
}
