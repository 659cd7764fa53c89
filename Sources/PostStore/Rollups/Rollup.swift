/// A fact that is kept summed up: one group of posts for each combination of its keys, in buckets of
/// one or several widths.
///
/// Its tables are made by a migration and named `rollup_<fact>_<level>`; the names of their columns are
/// the ones here.
public enum Rollup: String, CaseIterable, Sendable {
  /// All posts.
  case base
  /// By hashtag; a post counts for each of its tags.
  case hashtag
  /// By location, of posts that have one.
  case location
  /// By content type and post type.
  case content
  /// By language.
  case language
  /// By account and what a post says of it.
  case account
  /// The same by platform alone, whatever the other dimensions: questions that need none of them have a tenth
  /// to read.
  case accountTotal = "account_total"

  /// The width of a bucket of time, in UTC.
  public enum Level: String, CaseIterable, Comparable, Sendable {
    case quarter, hour, day

    /// The width in seconds.
    public var seconds: Int64 {
      switch self {
      case .quarter: 900
      case .hour: 3600
      case .day: 86_400
      }
    }

    /// The width in microseconds.
    public var microseconds: Int64 { seconds * 1_000_000 }

    public static func < (a: Level, b: Level) -> Bool { a.seconds < b.seconds }
  }

  /// The widths in which it is kept, finest first; each is a multiple of the one before.
  ///
  /// A width pays where it has far fewer groups than there are posts, or where they lie packed.
  public var levels: [Level] {
    switch self {
    case .base, .hashtag: [.quarter, .hour, .day]
    case .location, .content, .language, .account: [.hour, .day]
    case .accountTotal: [.day]
    }
  }

  /// The narrowest width.
  var finestLevel: Level {
    switch self {
    case .base, .hashtag: .quarter
    case .location, .content, .language, .account: .hour
    case .accountTotal: .day
    }
  }

  /// The dimensions that facts are keyed by, since every question can be filtered by them.
  public static let dimensions = ["platform", "sentiment", "topic", "is_viral"]

  /// Those of them that the rollup has: all, or the first ones.
  public var ownDimensions: [String] {
    self == .accountTotal ? ["platform"] : Self.dimensions
  }

  /// The rollup of the same groups with fewer dimensions, which is read where those are enough; nil if there is
  /// none.
  public var total: Rollup? { self == .account ? .accountTotal : nil }

  /// The rollup whose groups it adds up; most are their own.
  var source: Rollup { self == .accountTotal ? .account : self }

  /// The keys that it has beside the bucket and the dimensions.
  public var keys: [String] {
    switch self {
    case .base: []
    case .hashtag: ["hashtag"]
    case .location: ["location"]
    case .content: ["content_type", "post_type"]
    case .language: ["language"]
    case .account, .accountTotal: ["user", "username", "is_verified", "is_influencer", "followers"]
    }
  }

  /// The sums that it keeps.
  public var measures: [String] {
    let engagement = ["posts", "likes", "comments", "shares", "rate_sum"]
    return self == .base
      ? engagement + ["views", "posts_with_views", "verified_posts", "influencer_posts"]
      : engagement
  }

  /// The name of its table of a level.
  public func table(_ level: Level) -> String { "rollup_\(rawValue)_\(level.rawValue)" }

  /// The columns of its primary key.
  var keyColumns: [String] { ["start_s"] + ownDimensions + keys }

  /// The groups that raw posts make, as rows of the table of a level.
  ///
  /// - Parameters:
  ///   - level: The width of the buckets.
  ///   - condition: An SQL condition on `p`, a row of `posts`.
  func recomputation(_ level: Level, where condition: String) -> String {
    let width = level.microseconds
    let start = "(p.created_us - ((p.created_us % \(width)) + \(width)) % \(width)) / 1000000"
    let keys = [start] + ownDimensions.map { "p.\($0)" } + self.keys.map(keyExpression)
    let groups = (1...keys.count).map(String.init).joined(separator: ", ")
    let sums = measures.map(sum).joined(separator: ", ")
    return """
      SELECT \(keys.joined(separator: ", ")), \(sums)
      FROM posts AS p \(join)
      WHERE \(condition)\(restriction)
      GROUP BY \(groups)
      """
  }

  /// What a raw post is joined with to have the keys.
  public var join: String {
    self == .hashtag
      ? """
      CROSS JOIN json_each(p.hashtags) AS e
      CROSS JOIN main.hashtag_spellings AS hs ON hs.id = e.value
      """ : ""
  }

  /// Which raw posts `p` it is about, as what follows another condition; empty if about all.
  public var restriction: String { self == .location ? " AND p.location IS NOT NULL" : "" }

  /// A key of a raw post `p`, joined with `join`.
  public func keyExpression(_ key: String) -> String {
    key == "hashtag" ? "hs.hashtag" : "p.\(key)"
  }

  /// What one raw post `p` adds to a measure.
  public static func measureExpression(_ measure: String) -> String {
    switch measure {
    case "posts": "1"
    case "rate_sum": "p.rate_hundredths"
    case "views": "COALESCE(p.views, 0)"
    case "posts_with_views": "(p.views IS NOT NULL)"
    case "verified_posts": "p.is_verified"
    case "influencer_posts": "p.is_influencer"
    default: "p.\(measure)"
    }
  }

  private func sum(_ measure: String) -> String { "SUM(\(Self.measureExpression(measure)))" }
}
