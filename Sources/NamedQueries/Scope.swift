import Posts

/// What a question is narrowed to: a window, filters, a zone and a width of buckets.
public struct Scope: Sendable {
  /// The instants it is about.
  public var window: Window
  /// Any of these platforms, or all if there are none; the same for the other filters.
  public var platforms: [String] = []
  /// Any of these sentiments.
  public var sentiments: [String] = []
  /// Any of these topics.
  public var topics: [String] = []
  /// Viral posts only.
  public var viralOnly = false
  /// The zone of buckets, weekdays and hours.
  public var zone: Zone
  /// The width of buckets.
  public var bucket: Bucket

  /// A scope without filters.
  public init(window: Window, zone: Zone = .utc, bucket: Bucket = .hour) {
    self.window = window
    self.zone = zone
    self.bucket = bucket
  }
}

/// A scope in the terms of one store: filters are ids, and the window ends where its posts do.
struct ResolvedScope {
  let window: Window
  let platforms: [Int64]
  let sentiments: [Int64]
  let topics: [Int64]
  let viralOnly: Bool
  let bucket: Bucket
  let localTime: LocalTime

  /// The condition that a row of `posts` meets, by the columns of an alias.
  func condition(_ alias: String) -> String {
    var terms: [String] = []
    if let since = window.since { terms.append("\(alias).created_us >= \(since.microseconds)") }
    if let until = window.until { terms.append("\(alias).created_us < \(until.microseconds)") }
    for (column, ids) in [
      ("platform", platforms), ("sentiment", sentiments), ("topic", topics),
    ] where !ids.isEmpty {
      let list = ids.map(String.init).joined(separator: ", ")
      terms.append("\(alias).\(column) IN (\(list))")
    }
    if viralOnly { terms.append("\(alias).is_viral = 1") }
    return terms.isEmpty ? "1 = 1" : terms.joined(separator: " AND ")
  }
}
