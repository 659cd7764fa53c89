import Posts

/// What a store must hold after the messages so far, and what it must have made of each.
///
/// The rules are applied here anew, one message at a time and to a dictionary, so that a store can be
/// held against them: of two versions of a post the one with the later record time stands, at the same
/// time the later arrival; a tombstone is a version like any other. It keeps every post and every
/// tombstone, some 600 bytes each.
public struct ExpectedStore: Sendable {
  /// What becomes of a message.
  public enum Outcome: String, CaseIterable, Sendable {
    /// A post that was not there.
    case stored
    /// A version that says what the standing one says.
    case duplicate
    /// A version that says something else.
    case updated
    /// A version older than the standing one.
    case stale
    /// A tombstone for a standing post.
    case deleted
    /// A tombstone for a post that is not there.
    case ignored
    /// No post, and no tombstone with a key.
    case rejected
  }

  private struct Version {
    var recordTime: Int64
    /// Nil for a tombstone.
    var post: Post?
  }

  private var versions: [Version] = []
  private var places: [ExactString: Int] = [:]
  private var counts: [Outcome: Int] = [:]

  /// How many posts stand.
  public private(set) var postCount = 0

  /// A store before the first message.
  public init() {}

  /// How many messages had an outcome.
  public func count(of outcome: Outcome) -> Int { counts[outcome, default: 0] }

  /// The standing posts by the bytes of their ids, none copied before it is asked for.
  public var posts: some Sequence<Post> {
    places.sorted { $0.key < $1.key }.lazy.compactMap { versions[$0.value].post }
  }

  /// Takes the next message; those of one key must come in the order of their partition.
  @discardableResult
  public mutating func apply(_ message: Message) -> Outcome {
    let outcome = outcome(of: message)
    counts[outcome, default: 0] += 1
    return outcome
  }

  private mutating func outcome(of message: Message) -> Outcome {
    switch message.content {
    case .malformed:
      return .rejected
    case .tombstone:
      guard let key = message.key else { return .rejected }
      return replace(key, with: Version(recordTime: message.recordTime, post: nil))
    case .post(let post):
      return replace(post.postID, with: Version(recordTime: message.recordTime, post: post))
    }
  }

  private mutating func replace(_ id: ExactString, with version: Version) -> Outcome {
    var standing: Post?
    if let place = places[id] {
      guard version.recordTime >= versions[place].recordTime else { return .stale }
      standing = versions[place].post
      versions[place] = version
    } else {
      places[id] = versions.count
      versions.append(version)
    }
    postCount += (version.post == nil ? 0 : 1) - (standing == nil ? 0 : 1)
    return switch (standing, version.post) {
    case (nil, nil): .ignored
    case (nil, _): .stored
    case (_, nil): .deleted
    case (let old, let new): old == new ? .duplicate : .updated
    }
  }
}
