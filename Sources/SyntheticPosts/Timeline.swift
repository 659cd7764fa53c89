import Posts

/// When a step of the stream happens: the time that its post bears and the time of its record.
public struct Moment: Equatable, Sendable {
  /// When a new post of this step says it was posted.
  public var timestamp: Timestamp
  /// The Kafka record time of this step's messages, in milliseconds since the epoch.
  public var recordTime: Int64

  /// A moment of two times.
  public init(timestamp: Timestamp, recordTime: Int64) {
    self.timestamp = timestamp
    self.recordTime = recordTime
  }

  /// The moment of a post that is recorded as it is made.
  public init(live instant: Timestamp) {
    timestamp = instant
    recordTime = instant.flooredMilliseconds
  }
}

/// The past that is made up before the live posts: so many posts, spread over a span by the hours of
/// the day.
///
/// The n-th post falls into the n-th of equal portions of the span's activity, so that the posts come
/// in time order, and any one of them costs the same, without a list of times.
///
/// Their *records* bear times of the last hour before the start, in order. Would they bear the posts'
/// own times, a broker that keeps records for a week would drop a month of history at once.
public struct History: Sendable {
  /// How many posts it has.
  public let count: UInt64
  /// When it ends and the live posts begin.
  public let start: Timestamp

  private let seed: UInt64
  private let curve: ActivityCurve
  private let weekStart: Timestamp
  private let volumeBefore: Int64
  private let volume: Int64

  /// The longest span, 100 years of 365 days, in microseconds.
  public static let longestSpan: Int64 = 36_500 * 86_400_000_000

  /// A history of posts before a start.
  ///
  /// - Parameters:
  ///   - span: How far it goes back, in microseconds, from 1 to ``longestSpan``.
  ///   - count: How many posts, at most 2⁴⁰.
  public init(seed: UInt64, start: Timestamp, span: Int64, count: UInt64) {
    precondition((1...History.longestSpan).contains(span), "the span is up to 100 years")
    precondition(count <= 1 << 40, "a history has at most 2^40 posts")
    self.seed = seed
    self.start = start
    self.count = count
    curve = .standard
    let beginning = Timestamp(microseconds: start.microseconds - span)
    weekStart = ActivityCurve.weekStart(of: beginning)
    volumeBefore = curve.volume(of: beginning.microseconds - weekStart.microseconds)
    volume = curve.volume(of: start.microseconds - weekStart.microseconds) - volumeBefore
  }

  /// When a post of the history happens.
  ///
  /// - Parameter sequence: Which post, below ``count``.
  public func moment(_ sequence: UInt64) -> Moment {
    precondition(sequence < count, "the history has only \(count) posts")
    let portionStart = portion(sequence, of: volume)
    let portionSize = portion(sequence + 1, of: volume) - portionStart
    var random = SplitMix64(seed: seed, purpose: .history, number: sequence)
    let place = portionStart + Int64(random.below(Int(max(1, portionSize))))
    let timestamp =
      weekStart.microseconds + curve.microseconds(reaching: volumeBefore + place)
    let recordTime = start.flooredMilliseconds - 3_600_000 + portion(sequence, of: 3_600_000)
    return Moment(
      timestamp: Timestamp(microseconds: min(timestamp, start.microseconds - 1)),
      recordTime: recordTime)
  }

  /// The share of a whole that lies before a post.
  private func portion(_ sequence: UInt64, of whole: Int64) -> Int64 {
    Int64(count.dividingFullWidth(UInt64(whole).multipliedFullWidth(by: sequence)).quotient)
  }
}

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

extension Timestamp {
  /// Whole milliseconds since the epoch, rounded towards the past.
  var flooredMilliseconds: Int64 {
    microseconds / 1000 - (microseconds % 1000 < 0 ? 1 : 0)
  }
}
