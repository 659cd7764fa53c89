import Posts

/// What is still to come, by the step at which it is due: a ring of as many slots as the longest delay.
struct PendingMessages: Sendable {
  /// Something that becomes a message, and perhaps another event, once it is due.
  enum Event: Sendable {
    /// A message that is settled already.
    case message(Message)
    /// A version that is newer than this one.
    case update(Post)
    /// The end of a post.
    case delete(Post)
  }

  private static let slotCount: UInt64 = 4096
  private var slots: [[Event]] = []
  private var count = 0

  var isEmpty: Bool { count == 0 }

  /// A delay of 1 to 4,095 steps; half of all delays are below 64.
  static func delay(_ random: inout SplitMix64) -> UInt64 {
    let octave = 1 << random.below(12)
    return UInt64(octave + random.below(octave))
  }

  /// Adds what is due at a step that is 1 to 4,095 after the last taken.
  mutating func add(_ event: Event, step: UInt64) {
    if slots.isEmpty { slots = Array(repeating: [], count: Int(PendingMessages.slotCount)) }
    slots[Int(step % PendingMessages.slotCount)].append(event)
    count += 1
  }

  /// Takes out what is due at a step; every step is taken once, in order.
  mutating func take(step: UInt64) -> [Event] {
    guard count > 0 else { return [] }
    let slot = Int(step % PendingMessages.slotCount)
    let events = slots[slot]
    slots[slot] = []
    count -= events.count
    return events
  }
}
