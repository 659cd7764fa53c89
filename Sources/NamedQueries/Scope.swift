import Posts

/// What a question is narrowed to: a window, filters, a zone and a width of buckets.
public struct Scope: Sendable {
  /// The instants it is about.
  public var window: Window
  /// The time of the clock, by which a window that ends later is still running; nil if all are over.
  public var now: Timestamp?
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
  /// Whether rollups may answer; without them every question is a scan of the posts.
  public var usesRollups = true

  /// A scope without filters.
  public init(window: Window, zone: Zone = .utc, bucket: Bucket = .hour) {
    self.window = window
    self.zone = zone
    self.bucket = bucket
  }
}
