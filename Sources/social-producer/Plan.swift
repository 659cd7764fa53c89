import Foundation
import Posts
import SyntheticPosts

/// What a run is to send, and when.
struct Plan {
  var start: Timestamp
  /// What comes first, if anything.
  var history: History?
  /// Whether live posts follow.
  var continuesLive: Bool
  /// The pace that the user has asked for.
  var pace: Pace?
  /// Whether live posts bear the time of the clock, or that at which they are due.
  var stampsByClock: Bool
  var isPrinted: Bool
  /// After how many messages to stop.
  var count: UInt64?
  /// After how long to stop.
  var duration: TimeSpan?

  static let usualPace = Pace(posts: 2, per: 1_000_000)

  /// The pace at which live posts are due.
  var livePace: Pace { pace ?? Plan.usualPace }

  /// Whether to wait until a live post is due.
  var waitsForLive: Bool { pace != nil || !isPrinted }

  /// Whether to wait between posts of the history.
  var waitsForHistory: Bool { pace != nil && !continuesLive }
}
