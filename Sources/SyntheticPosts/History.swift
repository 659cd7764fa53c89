import Posts

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

  /// A history of posts before a start.
  ///
  /// - Parameters:
  ///   - span: How far it goes back, in microseconds, from 1 to `TimeSpan.longest`.
  ///   - count: How many posts, at most 2⁴⁰.
  public init(seed: UInt64, start: Timestamp, span: Int64, count: UInt64) {
    precondition((1...TimeSpan.longest).contains(span), "the span is up to 100 years")
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
