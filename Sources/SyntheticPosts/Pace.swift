/// Posts at an even rate from a start.
public struct Pace: Equatable, Sendable {
  /// How many posts.
  public let posts: UInt64
  /// In how many microseconds.
  public let microseconds: UInt64

  /// A pace of so many posts, from 1 to 10⁹, in so many microseconds, from 1 to a day.
  public init(posts: UInt64, per microseconds: UInt64) {
    precondition((1...1_000_000_000).contains(posts), "a pace is of 1 to 1,000,000,000 posts")
    precondition((1...86_400_000_000).contains(microseconds), "a pace is for up to a day")
    self.posts = posts
    self.microseconds = microseconds
  }

  /// How long after the start a post is due, in microseconds.
  ///
  /// - Parameter index: The number of posts before it, at most 2⁴⁴, less where the pace is slow: a
  ///   post more than 1,000 years away is due then.
  public func delay(ofPost index: UInt64) -> Int64 {
    let far: UInt64 = 1000 * 365 * 86_400_000_000
    let product = index.multipliedFullWidth(by: microseconds)
    guard product.high < posts else { return Int64(far) }
    return Int64(min(far, posts.dividingFullWidth(product).quotient))
  }
}

extension Pace {
  /// A whole number of posts, for each second unless it says otherwise: `2`, `2/s`, `30/min`, `5/h`.
  public init?(_ text: String) {
    let parts = text.split(separator: "/", omittingEmptySubsequences: false)
    let units: [Substring: UInt64] = ["s": 1_000_000, "min": 60_000_000, "h": 3_600_000_000]
    guard (1...2).contains(parts.count), parts[0].allSatisfy({ $0.isASCII && $0.isNumber }),
      let posts = UInt64(parts[0]), (1...1_000_000_000).contains(posts),
      let unit = units[parts.count == 2 ? parts[1] : "s"]
    else { return nil }
    self.init(posts: posts, per: unit)
  }
}
