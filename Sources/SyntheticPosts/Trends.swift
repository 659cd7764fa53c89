import Posts

/// The bursts in which a topic takes over the networks for an hour or so, each with its own hashtag.
///
/// Time is cut into slots of three hours. Whether a slot has a burst, of what, and when, is a function
/// of the seed and the slot alone, so that any instant can be asked in any order.
struct Trends: Sendable {
  /// What pulls posts to itself at an instant.
  struct Burst: Equatable {
    /// An index of `Vocabulary.topics`.
    var topic: Int
    /// An index of the topic's `burstHashtags`.
    var hashtag: Int
    /// How many of a thousand posts it takes.
    var permille: Int
  }

  private static let slotLength: Int64 = 3 * 3_600_000_000
  private let seed: UInt64

  init(seed: UInt64) { self.seed = seed }

  /// The burst of an instant, if there is one: it rises to its peak and falls again in straight lines.
  func burst(at instant: Timestamp) -> Burst? {
    var slot = instant.microseconds / Trends.slotLength
    if instant.microseconds % Trends.slotLength < 0 { slot -= 1 }
    var random = SplitMix64(
      seed: seed, purpose: .trend, number: UInt64(bitPattern: slot))
    guard random.below(2) == 0 else { return nil }
    let topic = random.below(Vocabulary.topics.count)
    let hashtag = random.below(Vocabulary.topics[topic].burstHashtags.count)
    let minute = 60_000_000
    let begin = random.within(0...(60 * minute))
    let length = random.within((30 * minute)...(110 * minute))
    let peak = random.within(400...800)
    let age = Int(instant.microseconds - slot * Trends.slotLength) - begin
    guard age >= 0, age < length else { return nil }
    let permille = peak * min(age, length - age) * 2 / length
    return Burst(topic: topic, hashtag: hashtag, permille: permille)
  }
}
