/// How often the stream has each kind of trouble: the chance, from 0 to 1, that it befalls a new post.
public struct FaultRates: Equatable, Sendable {
  /// The same message comes again later, with the same record time.
  public var duplicates: Double
  /// The post's own timestamp lies minutes to days back.
  public var late: Double
  /// A newer version comes later, with more engagement; one in five also moves to another topic and
  /// an earlier timestamp. Some are followed by another.
  public var updates: Double
  /// An older version, with an earlier record time, comes after the post.
  public var stale: Double
  /// A tombstone comes later; three in ten of these posts are reborn, two in ten deleted again.
  public var deletes: Double
  /// A message that is no post comes as well.
  public var malformed: Double

  /// Rates of each kind.
  public init(
    duplicates: Double = 0, late: Double = 0, updates: Double = 0, stale: Double = 0,
    deletes: Double = 0, malformed: Double = 0
  ) {
    self.duplicates = duplicates
    self.late = late
    self.updates = updates
    self.stale = stale
    self.deletes = deletes
    self.malformed = malformed
  }

  /// No trouble at all.
  public static let none = FaultRates()
}
