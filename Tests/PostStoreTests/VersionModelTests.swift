import PostStore
import Posts
import StoreFixtures
import TestSupport
import Testing

/// Random histories of a few posts, held against the rules applied one by one to plain dictionaries.
@Suite struct VersionModelTests {
  private struct Model {
    var posts: [ExactString: Post] = [:]
    var versions: [ExactString: Int64] = [:]
    var spellings: [ExactString: ExactString] = [:]
    var outcomes = OutcomeCounts()

    mutating func apply(_ content: IncomingMessage.Content, at milliseconds: Int64) {
      outcomes[outcome(of: content, at: milliseconds)] += 1
    }

    private mutating func outcome(
      of content: IncomingMessage.Content, at milliseconds: Int64
    ) -> Outcome {
      switch content {
      case .rejected: return .rejected
      case .tombstone(let postID):
        if let standing = versions[postID], milliseconds < standing { return .stale }
        versions[postID] = milliseconds
        return posts.removeValue(forKey: postID) == nil ? .ignored : .deleted
      case .post(.prepared): preconditionFailure("the model is given posts as they were read")
      case .post(.decoded(let post)):
        if let standing = versions[post.postID], milliseconds < standing { return .stale }
        versions[post.postID] = milliseconds
        for tag in post.hashtags {
          spellings[tag.key] = min(spellings[tag.key] ?? tag.spelling, tag.spelling)
        }
        let old = posts.updateValue(post, forKey: post.postID)
        return old == nil ? .stored : old == post ? .duplicate : .updated
      }
    }
  }

  @Test(arguments: 0..<16 as Range<UInt64>)
  func storeEqualsModel(seed: UInt64) throws {
    let folder = try TemporaryDirectory()
    let path = folder.path("store.db")
    var random = SplitMix64(seed: seed)
    var model = Model()
    var outcomes = OutcomeCounts()
    var writer = try StoreWriter(path: path)
    var offset: Int64 = 0
    var ready = 0
    while offset < 240 {
      let messages = (0..<Int.random(in: 1...30, using: &random)).map { _ in
        (Int64.random(in: 0...9, using: &random), content(using: &random))
      }
      for (milliseconds, content) in messages { model.apply(content, at: milliseconds) }
      // Some are ready to be stored, as far as the texts are known from batches before.
      let preparation = writer.preparation
      let given = messages.map { milliseconds, content in
        guard random.happens(0.5), case .post(.decoded(let post)) = content,
          let prepared = preparation?.prepare(post)
        else { return (milliseconds, content) }
        ready += 1
        return (milliseconds, .post(.prepared(prepared)))
      }
      let stretch = PartitionStretch(offset, given)
      outcomes += try writer.apply([stretch], now: .init(microseconds: 0)).outcomes
      offset = stretch.end
      // A program that starts again knows only what the file holds.
      if random.happens(0.2) { writer = try StoreWriter(path: path) }
    }
    #expect(outcomes == model.outcomes)
    #expect(ready > 20)

    let reader = try StoreReader(path: path)
    let posts = model.posts.values.sorted { $0.postID < $1.postID }
    #expect(try reader.shownPosts() == posts.map { shownRow(of: $0) })
    #expect(
      try reader.strings("SELECT key || ' ' || spelling FROM hashtags ORDER BY key")
        == model.spellings.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" })
    let gone = model.versions.keys.filter { model.posts[$0] == nil }.sorted()
    #expect(
      try reader.strings("SELECT post_id FROM deleted_posts ORDER BY post_id")
        == gone.map(\.string))
    for outcome in Outcome.allCases {
      #expect(
        try reader.integers("SELECT \(outcome) FROM kafka_partitions") == [outcomes[outcome]])
    }
  }

  private func content(using random: inout SplitMix64) -> IncomingMessage.Content {
    func pick<Value>(_ values: [Value]) -> Value? { values.randomElement(using: &random) }
    let postID = ExactString("p\(Int.random(in: 1...5, using: &random))")
    if random.happens(0.2) { return .tombstone(postID: postID) }
    if random.happens(0.05) {
      return .rejected(.tombstoneWithoutKey, key: nil, value: nil)
    }
    return .post(
      .sample(postID) { post in
        // Few choices, so that a version often says what the one before it said.
        post.likes = pick([1, 2]) ?? 0
        post.platform = pick(["Twitter", "Reddit"]) ?? ""
        post.location = pick([nil, "Paris"]) ?? nil
        let tags = pick([[], ["#ai"], ["#AI", "#Go"], ["#Ai"], ["#go", "#aI"]]) ?? []
        post.hashtags = tags.compactMap { Hashtag($0) }
      })
  }
}
