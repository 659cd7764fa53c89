import PostStore
import Posts

/// A scope in the terms of one store and one query.
struct ResolvedScope {
  /// The windows; an end that lies outside of all posts is open.
  let windows: [Span: Window]
  /// The ids of the platforms to keep, or none for all; the same for the other filters.
  let platforms: [Int64]
  let sentiments: [Int64]
  let topics: [Int64]
  let viralOnly: Bool
  let bucket: Bucket
  let localTime: LocalTime
  /// The columns of time that the query reads, which rule out buckets wider than theirs.
  let usedTimes: Set<TimeColumn>
  /// Whether rollups may be used.
  let usesRollups: Bool
  /// Before this instant accounts are kept by the day only; nil if all hours are known.
  let accountHoursFrom: Timestamp?

  /// From the first post to the last, as far as is known.
  let posts: ClosedRange<Timestamp>

  /// Which instants a relation is about.
  enum Span: CaseIterable {
    /// The window of the question.
    case window
    /// The equally long window before it.
    case previous
    /// The 24 buckets before the one that the window starts in.
    case leading
  }

  /// A column of relations that says when.
  enum TimeColumn: String, CaseIterable {
    /// The start of the bucket.
    case bucket
    /// The place of the bucket among all buckets: of neighbours one more.
    case bucketNumber = "bucket_number"
    /// The day of the week, 1 is Monday.
    case weekday
    /// The hour of the day.
    case hour
  }

  /// The window of a span; one that there is none of has no instant in it.
  func window(_ span: Span) -> Window { windows[span] ?? .empty }

  /// The pieces of its window that a relation is read from.
  ///
  /// - Parameter isPlain: Whether SQL alone is to read them, which cannot read packed groups.
  func cover(of relation: Relation, isPlain: Bool = false) -> Cover {
    let window = window(relation.span)
    guard usesRollups, let rollup = relation.rollup else { return Cover(of: window, by: []) }
    var levels = rollup.levels.filter {
      isAllowed($0.microseconds) && !(isPlain && rollup.isPacked($0))
    }
    if rollup == .account, let accountHoursFrom, window.since.map({ $0 < accountHoursFrom }) ?? true
    {
      levels = levels.filter { $0 == .day }
    }
    return Cover(of: window, by: levels)
  }

  /// Whether each whole stretch of a width, in microseconds, shares the local times that the query reads.
  func isAllowed(_ width: Int64) -> Bool {
    usedTimes.allSatisfy { column in
      let bucket = column == .bucket || column == .bucketNumber ? bucket : .hour
      return width <= bucket.microseconds && localTime.isAligned(to: width)
    }
  }

  /// The share of all posts that come before an instant, if they are spread evenly.
  private func shareOfPosts(before instant: Timestamp) -> Double {
    let (first, last) = (
      Double(posts.lowerBound.microseconds), Double(posts.upperBound.microseconds)
    )
    return last > first ? (Double(instant.microseconds) - first) / (last - first) : 0.5
  }

  /// The columns of time that the query reads, of an instant in microseconds, each with a comma after it.
  func times(of instant: String) -> String {
    let times: [String] = TimeColumn.allCases.filter(usedTimes.contains).map { column in
      switch column {
      case .bucket: "\(localTime.bucketStart(of: instant, bucket)) AS bucket"
      case .bucketNumber: "\(localTime.bucketNumber(of: instant, bucket)) AS bucket_number"
      case .weekday: "\(localTime.weekday(of: instant)) AS weekday"
      case .hour: "\(localTime.hour(of: instant)) AS hour"
      }
    }
    return times.map { $0 + ", " }.joined()
  }

  /// The dimensions that are filtered by, each with the values that are kept.
  var filters: [(dimension: String, ids: [Int64])] {
    [
      ("platform", platforms), ("sentiment", sentiments), ("topic", topics),
      ("is_viral", viralOnly ? [1] : []),
    ].filter { !$0.ids.isEmpty }
  }

  /// The condition that a row of a level of a rollup meets. What its packed groups have to meet beside it, they
  /// are held against when they are read.
  func condition(_ piece: Cover.Piece, of rollup: Rollup, _ level: Rollup.Level) -> String {
    condition(
      "r", "r.start_s", piece, unit: 1_000_000,
      dimensions: rollup.isPacked(level) ? rollup.cellDimensions : Rollup.dimensions)
  }

  /// The condition that a row of posts or of a rollup meets.
  ///
  /// - Parameters:
  ///   - alias: The row.
  ///   - column: Its instant.
  ///   - piece: The instants that are wanted.
  ///   - unit: How many microseconds the column counts in.
  ///   - isWeighed: Whether to tell SQLite's planner what share of all posts either end leaves.
  ///   - dimensions: The dimensions that the row has.
  func condition(
    _ alias: String, _ column: String, _ piece: Cover.Piece, unit: Int64, isWeighed: Bool = false,
    dimensions: [String] = Rollup.dimensions
  ) -> String {
    func weighed(_ term: String, _ share: Double) -> String {
      isWeighed ? "likelihood(\(term), \(share.asShare))" : term
    }
    var terms: [String] = []
    if let since = piece.since {
      terms.append(
        weighed("\(column) >= \(since.microseconds / unit)", 1 - shareOfPosts(before: since)))
    }
    if let until = piece.until {
      terms.append(weighed("\(column) < \(until.microseconds / unit)", shareOfPosts(before: until)))
    }
    for (dimension, ids) in filters where dimensions.contains(dimension) {
      let list = ids.map(String.init).joined(separator: ", ")
      terms.append("\(alias).\(dimension) \(ids.count == 1 ? "= \(list)" : "IN (\(list))")")
    }
    return terms.isEmpty ? "1 = 1" : terms.joined(separator: " AND ")
  }
}

extension Double {
  /// As SQLite's `likelihood` takes it: a constant, neither 0 nor 1.
  fileprivate var asShare: String {
    let thousandths = Int((Swift.min(0.999, Swift.max(0.001, self)) * 1000).rounded())
    let digits = String(thousandths)
    return "0." + String(repeating: "0", count: 3 - digits.count) + digits
  }
}

extension Bucket {
  /// The width, of a day one with 24 hours.
  var microseconds: Int64 {
    switch self {
    case .minute: 60_000_000
    case .hour: 3_600_000_000
    case .day: 86_400_000_000
    }
  }
}
