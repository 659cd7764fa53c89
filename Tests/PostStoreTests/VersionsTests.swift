import PostStore
import Posts
import StoreFixtures
import TestSupport
import Testing

@Suite struct VersionsTests {
  /// What arrives, at which record time, and what must become of it.
  enum Arrival {
    case version(likes: Int64)
    case tombstone
  }

  struct Case: CustomTestStringConvertible {
    let testDescription: String
    let steps: [(Int64, Arrival, Outcome)]
    /// The likes of the post in the end; nil if it is gone.
    let likes: Int64?
  }

  static let cases: [Case] = [
    Case(
      testDescription: "new", steps: [(5, .version(likes: 1), .stored)], likes: 1),
    Case(
      testDescription: "the same at the same time",
      steps: [(5, .version(likes: 1), .stored), (5, .version(likes: 1), .duplicate)], likes: 1),
    Case(
      testDescription: "the same again later",
      steps: [(5, .version(likes: 1), .stored), (6, .version(likes: 1), .duplicate)], likes: 1),
    Case(
      testDescription: "a later duplicate makes a version between them stale",
      steps: [
        (5, .version(likes: 1), .stored), (9, .version(likes: 1), .duplicate),
        (7, .version(likes: 2), .stale),
      ], likes: 1),
    Case(
      testDescription: "newer",
      steps: [(5, .version(likes: 1), .stored), (6, .version(likes: 2), .updated)], likes: 2),
    Case(
      testDescription: "older",
      steps: [(5, .version(likes: 1), .stored), (4, .version(likes: 2), .stale)], likes: 1),
    Case(
      testDescription: "older, though it says the same",
      steps: [(5, .version(likes: 1), .stored), (4, .version(likes: 1), .stale)], likes: 1),
    Case(
      testDescription: "at equal time the later arrival stands",
      steps: [(5, .version(likes: 1), .stored), (5, .version(likes: 2), .updated)], likes: 2),
    Case(
      testDescription: "no record time at all",
      steps: [(-1, .version(likes: 1), .stored), (-1, .version(likes: 2), .updated)], likes: 2),
    Case(
      testDescription: "deleted",
      steps: [(5, .version(likes: 1), .stored), (6, .tombstone, .deleted)],
      likes: nil),
    Case(
      testDescription: "deleted at equal time",
      steps: [(5, .version(likes: 1), .stored), (5, .tombstone, .deleted)], likes: nil),
    Case(
      testDescription: "a tombstone that is too old",
      steps: [(5, .version(likes: 1), .stored), (4, .tombstone, .stale)], likes: 1),
    Case(
      testDescription: "deleted and born again",
      steps: [
        (5, .version(likes: 1), .stored), (6, .tombstone, .deleted),
        (7, .version(likes: 2), .stored),
      ], likes: 2),
    Case(
      testDescription: "born again at the time of the tombstone",
      steps: [
        (5, .version(likes: 1), .stored), (6, .tombstone, .deleted),
        (6, .version(likes: 1), .stored),
      ], likes: 1),
    Case(
      testDescription: "a version older than the tombstone",
      steps: [
        (5, .version(likes: 1), .stored), (7, .tombstone, .deleted),
        (6, .version(likes: 2), .stale),
      ], likes: nil),
    Case(
      testDescription: "a tombstone of an unknown post, then an older version of it",
      steps: [(6, .tombstone, .ignored), (5, .version(likes: 1), .stale)], likes: nil),
    Case(
      testDescription: "a tombstone of an unknown post, then a newer version of it",
      steps: [(6, .tombstone, .ignored), (7, .version(likes: 1), .stored)], likes: 1),
    Case(
      testDescription: "the latest of several tombstones counts",
      steps: [
        (6, .tombstone, .ignored), (9, .tombstone, .ignored), (7, .tombstone, .stale),
        (8, .version(likes: 1), .stale),
      ], likes: nil),
    Case(
      testDescription: "an old tombstone does not delete a post that was born again",
      steps: [
        (6, .tombstone, .ignored), (8, .version(likes: 1), .stored), (7, .tombstone, .stale),
      ], likes: 1),
  ]

  /// A batch for each message, or one for all: the rules hold within a transaction as well.
  @Test(arguments: cases, [true, false])
  func ofTwoVersionsTheLaterStands(_ example: Case, inOneBatch: Bool) throws {
    let folder = try TemporaryDirectory()
    let writer = try StoreWriter(path: folder.path("store.db"))
    let messages = example.steps.map { milliseconds, arrival, _ in
      switch arrival {
      case .version(let likes):
        (milliseconds, IncomingMessage.Content.post(.sample("p1") { $0.likes = likes }))
      case .tombstone: (milliseconds, IncomingMessage.Content.tombstone(postID: "p1"))
      }
    }
    var expected = OutcomeCounts()
    for (_, _, outcome) in example.steps { expected[outcome] += 1 }
    if inOneBatch {
      let result = try writer.apply([PartitionStretch(0, messages)], now: .init(microseconds: 0))
      #expect(result.outcomes == expected)
    } else {
      for (index, message) in messages.enumerated() {
        let result = try writer.apply(
          [PartitionStretch(Int64(index), [message])], now: .init(microseconds: 0))
        #expect(result.outcomes[example.steps[index].2] == 1, "step \(index)")
        #expect(result.outcomes.total == 1)
      }
    }
    let reader = try StoreReader(path: folder.path("store.db"))
    let likes = try reader.integers("SELECT likes FROM social_posts")
    #expect(likes == (example.likes.map { [$0] } ?? []))
  }

  @Test func everyFieldMakesAVersionAnotherOne() throws {
    let edits: [(inout Post) -> Void] = [
      { $0.userID = "USER_2" }, { $0.username = "bob" }, { $0.platform = "X" },
      { $0.postType = "poll" }, { $0.contentType = "video" }, { $0.topic = "Food" },
      { $0.hashtags = [Hashtag("#a"), Hashtag("#b")].compactMap { $0 } },
      { $0.hashtags = [Hashtag("#b"), Hashtag("#a")].compactMap { $0 } },
      { $0.hashtags = [Hashtag("#B"), Hashtag("#a")].compactMap { $0 } },
      { $0.sentiment = .negative }, { $0.location = nil }, { $0.location = "Oslo" },
      { $0.likes = 11 }, { $0.shares = 11 }, { $0.comments = 11 }, { $0.views = nil },
      { $0.views = 0 }, { $0.engagementRate.hundredths += 1 }, { $0.followers = 11 },
      { $0.isVerified = true }, { $0.isInfluencer = true }, { $0.isViral = true },
      { $0.timestamp.microseconds += 1 }, { $0.language = "fr" },
    ]
    let folder = try TemporaryDirectory()
    let writer = try StoreWriter(path: folder.path("store.db"))
    let reader = try StoreReader(path: folder.path("store.db"))
    var offset: Int64 = 0
    for (index, edit) in edits.enumerated() {
      let posts: [Post] = [.sample(), .sample("p1", edit), .sample("p1", edit)]
      let result = try writer.apply(
        [PartitionStretch(offset, posts.map { (offset, .post($0)) })], now: .init(microseconds: 0))
      offset += Int64(posts.count)
      #expect(result.outcomes[.updated] == (index == 0 ? 1 : 2), "edit \(index)")
      #expect(result.outcomes[.duplicate] == 1, "edit \(index)")
      #expect(try reader.shownPosts() == [shownRow(of: .sample("p1", edit))], "edit \(index)")
    }
  }
}
