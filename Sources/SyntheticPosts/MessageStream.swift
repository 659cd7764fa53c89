import Posts

/// The messages of a run: its posts in sequence, and the trouble that befalls them.
///
/// Trouble comes 1 to 4,095 posts later, sooner rather than later, with versions of record times that
/// say how they are meant; whether a message then really is an update, stale or ignored depends on
/// what came between, and ``ExpectedStore`` tells. Everything follows from the generator's seed and
/// the moments. What is kept is only what is still to come, so memory is bounded by the rates.
///
/// Messages of one key come in an order that matters and have one key, which keeps it within a
/// partition; messages of different keys may overtake each other without any difference.
public struct MessageStream: Sendable {
  private let generator: PostGenerator
  private let faults: Faults?
  /// The number of posts so far.
  public private(set) var posts: UInt64 = 0
  private var pending = PendingMessages()

  /// The stream of a generator with faults of given rates, each from 0 to 1.
  public init(generator: PostGenerator, faults: FaultRates = .none) {
    self.generator = generator
    self.faults = faults == .none ? nil : Faults(rates: faults)
  }

  /// Gives the messages of the next post: first what has become due, then the post itself.
  ///
  /// - Parameters:
  ///   - moment: When this is; record times must not go back from one call to the next.
  ///   - emit: Takes each message. It may return false to skip the rest of this step.
  public mutating func next(
    at moment: Moment, _ emit: (Message) throws -> Bool
  ) rethrows {
    let sequence = posts
    posts += 1
    var post = generator.post(sequence, at: moment.timestamp)
    guard let faults else {
      _ = try emit(Message(post, recordTime: moment.recordTime))
      return
    }
    var random = SplitMix64(seed: generator.seed, purpose: .fault, number: sequence)
    for event in pending.take(step: sequence) {
      let message = resolve(event, at: moment, step: sequence, &random)
      guard try emit(message) else { return }
    }
    if random.happens(faults.late) {
      post.timestamp = Faults.earlier(post.timestamp, &random)
    }
    if random.happens(faults.malformed) {
      let kind = random.pick(MalformedKind.allCases)
      guard try emit(kind.message(from: post, recordTime: moment.recordTime, &random)) else {
        return
      }
    }
    schedule(after: post, at: moment, step: sequence, faults, &random)
    _ = try emit(Message(post, recordTime: moment.recordTime))
  }

  /// Gives whatever is still to come, when no more posts will.
  ///
  /// - Parameters:
  ///   - recordTime: Of these messages, not before that of the last post.
  ///   - emit: Takes each message. It may return false to skip all others.
  public mutating func finish(
    recordTime: Int64, _ emit: (Message) throws -> Bool
  ) rethrows {
    var step = posts
    let moment = Moment(
      timestamp: Timestamp(microseconds: recordTime * 1000), recordTime: recordTime)
    while !pending.isEmpty {
      var random = SplitMix64(seed: generator.seed, purpose: .fault, number: step)
      for event in pending.take(step: step) {
        guard try emit(resolve(event, at: moment, step: step, &random)) else { return }
      }
      step += 1
    }
  }

  /// Decides what is to befall a new post.
  private mutating func schedule(
    after post: Post, at moment: Moment, step: UInt64, _ faults: Faults,
    _ random: inout SplitMix64
  ) {
    func delay(_ random: inout SplitMix64) -> UInt64 { PendingMessages.delay(&random) }
    if random.happens(faults.duplicates) {
      let again = Message(post, recordTime: moment.recordTime)
      pending.add(.message(again), step: step + delay(&random))
    }
    if random.happens(faults.updates) {
      pending.add(.update(post), step: step + delay(&random))
    }
    if random.happens(faults.stale) {
      var older = post
      older.likes /= 2
      older.comments /= 2
      let recordTime = moment.recordTime - Int64(random.within(1...60_000))
      pending.add(.message(Message(older, recordTime: recordTime)), step: step + delay(&random))
    }
    if random.happens(faults.deletes) {
      pending.add(.delete(post), step: step + delay(&random))
    }
  }

  /// Makes the message of an event that is due, and decides what follows from it.
  private mutating func resolve(
    _ event: PendingMessages.Event, at moment: Moment, step: UInt64, _ random: inout SplitMix64
  ) -> Message {
    func delay(_ random: inout SplitMix64) -> UInt64 { PendingMessages.delay(&random) }
    switch event {
    case .message(let message):
      return message
    case .update(let post):
      let newer = Faults.revised(post, &random)
      if random.below(4) == 0 { pending.add(.update(newer), step: step + delay(&random)) }
      return Message(newer, recordTime: moment.recordTime)
    case .delete(let post):
      let tombstone = Message(
        key: post.postID, content: .tombstone, recordTime: moment.recordTime)
      switch random.below(10) {
      case ..<3: pending.add(.update(post), step: step + delay(&random))
      case ..<5: pending.add(.delete(post), step: step + delay(&random))
      default: break
      }
      return tombstone
    }
  }
}

/// The rates as draws compare them, and what the faults do to a post.
private struct Faults: Sendable {
  let duplicates, late, updates, stale, deletes, malformed: Probability

  init(rates: FaultRates) {
    duplicates = Probability(rates.duplicates)
    late = Probability(rates.late)
    updates = Probability(rates.updates)
    stale = Probability(rates.stale)
    deletes = Probability(rates.deletes)
    malformed = Probability(rates.malformed)
  }

  /// An instant two minutes to three days earlier; hours are as likely as minutes and days.
  static func earlier(_ instant: Timestamp, _ random: inout SplitMix64) -> Timestamp {
    let minutes =
      switch random.below(3) {
      case 0: 2...59
      case 1: 60...1439
      default: 1440...4320
      }
    let microseconds = random.within(minutes) * 60_000_000 + random.below(60_000_000)
    return Timestamp(microseconds: instant.microseconds - Int64(microseconds))
  }

  /// A newer version, with more engagement and for one in five another topic and time.
  static func revised(_ post: Post, _ random: inout SplitMix64) -> Post {
    var newer = post
    var engagement = Engagement(of: post)
    engagement.grow(&random)
    newer.likes = engagement.likes
    newer.shares = engagement.shares
    newer.comments = engagement.comments
    newer.views = engagement.views
    newer.engagementRate = engagement.rate(followers: post.followers)
    if random.below(5) == 0 {
      let others = Vocabulary.topics.filter { $0.name != post.topic }
      let topic = random.pick(others)
      newer.topic = topic.name
      newer.hashtags = PostGenerator.hashtags(of: topic, &random)
      newer.timestamp = earlier(post.timestamp, &random)
    }
    return newer
  }
}
