import ArgumentParser
import Posts
import SyntheticPosts

/// Which posts there are, and when.
struct PostOptions: ParsableArguments {
  @Option(
    help: """
      How fast: 2/s, 200000/s, 30/min, 5/h, or a number for each second. Without it live posts \
      come at 2/s and a history as fast as can be; with it, a history is slowed down to it only if \
      --backfill-only is given.
      """)
  var rate: Pace?

  @Option(help: "Stop after this many messages.")
  var count: UInt64?

  @Option(help: "Stop after this time: 30s, 15m, 12h.")
  var duration: TimeSpan?

  @Option(help: "What everything is derived from, 0 to 2^64-1. (default: random)")
  var seed: UInt64?

  @Option(
    help: """
      When the live posts begin and the history ends, in ISO 8601. If given, posts are stamped as \
      if sent at the rate from then on, else by the clock. (default: now)
      """)
  var start: Timestamp?

  @Option(help: "Begin with a history of this span before the start: 12h, 30d, 4w.")
  var backfill: TimeSpan?

  @Option(help: "How many posts the history has, instead of --posts-per-day.")
  var backfillCount: UInt64?

  @Option(help: "How many posts a day of the history has. (default: 20000)")
  var postsPerDay: UInt64?

  @Flag(help: "Stop after the history.")
  var backfillOnly = false

  @Option(help: "How many accounts there are, 1 to 90000.")
  var accounts = 20_000

  private static let mostHistory: UInt64 = 1 << 40
  private static let earliestStart = Timestamp(microseconds: 86_400_000_000)
  private static let latestStart = Timestamp(microseconds: 6000 * 365 * 86_400_000_000)

  func validate() throws {
    if backfill == nil, backfillOnly || backfillCount != nil || postsPerDay != nil {
      throw ValidationError("say how far the history goes back, such as --backfill 30d")
    }
    if backfillCount != nil, postsPerDay != nil {
      throw ValidationError("give either --backfill-count or --posts-per-day")
    }
    if count == 0 || backfillCount == 0 || postsPerDay == 0 {
      throw ValidationError("a number of messages or posts is 1 or more")
    }
    guard historyCount <= PostOptions.mostHistory else {
      throw ValidationError("a history has at most \(PostOptions.mostHistory) posts")
    }
    guard (1...Population.largest).contains(accounts) else {
      throw ValidationError("--accounts is 1 to \(Population.largest)")
    }
    if let start, start < PostOptions.earliestStart || start > PostOptions.latestStart {
      throw ValidationError(
        "--start is from \(PostOptions.earliestStart.iso8601())"
          + " to \(PostOptions.latestStart.iso8601())")
    }
  }

  /// How many posts the history has; so many that it is too many where the product overflows.
  private var historyCount: UInt64 {
    guard let backfill else { return 0 }
    if let backfillCount { return backfillCount }
    let product = UInt64(backfill.microseconds)
      .multipliedFullWidth(by: postsPerDay ?? 20_000)
    let day: UInt64 = 86_400_000_000
    return product.high < day ? max(1, day.dividingFullWidth(product).quotient) : .max
  }

  func history(seed: UInt64, start: Timestamp) -> History? {
    backfill.map {
      History(seed: seed, start: start, span: $0.microseconds, count: historyCount)
    }
  }
}
