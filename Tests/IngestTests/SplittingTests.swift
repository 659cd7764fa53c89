import PostStore
import Posts
import StoreFixtures
import TestSupport
import Testing

@testable import Ingest

/// Cutting a stretch in two, and making a rejected message of its last one.
@Suite struct SplittingTests {
  private func stretch() -> PartitionStretch {
    var stretch = PartitionStretch(partition: .only, at: 10)
    for offset in [12, 13, 20, 27] as [Int64] {
      stretch.messages.append(
        IncomingMessage(
          offset: offset, recordMilliseconds: offset, content: .tombstone(postID: "p")))
    }
    stretch.missing = [10..<12, 14..<16, 22..<25]
    stretch.end = 30
    stretch.logEnd = 99
    return stretch
  }

  /// Restores a post where none was ready.
  private func unprepared(_ post: PreparedPost) throws -> Post {
    throw StoreError(.corrupt, "\(post) was not ready")
  }

  @Test func theHalvesAreTheWholeInOrder() throws {
    let (first, second) = try #require(stretch().halves)
    #expect(first.begin == 10 && first.end == 20 && second.begin == 20 && second.end == 30)
    #expect(first.messages.map(\.offset) == [12, 13] && second.messages.map(\.offset) == [20, 27])
    #expect(first.missing == [10..<12, 14..<16] && second.missing == [22..<25])
    #expect(first.logEnd == 99 && second.logEnd == 99)
    let (_, last) = try #require(second.halves)
    #expect(last.messages.map(\.offset) == [27] && last.halves == nil)
    #expect(PartitionStretch(partition: .only, at: 1).halves == nil)
  }

  /// Any stretch falls into single messages that are all of it, without a gap between.
  @Test(arguments: 1..<40)
  func halvingEnds(_ count: Int) {
    let whole = PartitionStretch(5, (0..<count).map { _ in (0, .tombstone(postID: "p")) })
    var todo = [whole]
    var single: [PartitionStretch] = []
    while let next = todo.popLast() {
      if let (first, second) = next.halves { todo += [second, first] } else { single.append(next) }
    }
    #expect(single.count == count && single.allSatisfy { $0.messages.count == 1 })
    #expect(single.first?.begin == 5 && single.last?.end == whole.end)
    #expect(zip(single, single.dropFirst()).allSatisfy { $0.end == $1.begin })
  }

  /// What is ready to be stored has ids in the place of its texts; it is rejected with the texts.
  @Test func aPostThatIsReadyGetsItsTextsBack() throws {
    let folder = try TemporaryDirectory()
    let store = try StoreWriter(path: folder.path("posts.db"))
    let posts = [
      Post.sample("full") {
        $0.hashtags = ["#été", "#a\0b"].compactMap(Hashtag.init)
        $0.userID = "a\0b"
        $0.location = "\0"
        $0.sentiment = .negative
        $0.isInfluencer = true
      },
      Post.sample("bare") {
        $0.location = nil
        $0.views = nil
        $0.isViral = true
        $0.isVerified = true
      },
    ]
    // Another spelling of a tag, which comes first by bytes.
    try store.store([.sample("other") { $0.hashtags = ["#Été"].compactMap(Hashtag.init) }] + posts)
    for post in posts {
      let prepared = try #require(store.preparation?.prepare(post))
      #expect(try store.post(prepared) == post)
      let rejected = try PartitionStretch(7, [(3, .post(.prepared(prepared)))]).rejected(
        for: StoreError(.refused, ""), restoring: store.post)
      guard case .rejected(_, _, let value?) = rejected?.messages.first?.content else {
        Issue.record("it is not rejected")
        return
      }
      var decoder = PostDecoder()
      #expect(try value.withUnsafeBytes { try decoder.decode($0) } == post)
    }
  }

  @Test func theFieldAtFaultIsNamed() throws {
    let stretch = PartitionStretch(7, [(3, .post(.sample("a")))])
    let rejected = try stretch.rejected(
      for: StoreError(.refused, "", field: "platform"), restoring: unprepared)
    guard case .rejected(let rejection, _, _) = rejected?.messages.first?.content else {
      Issue.record("it is not rejected")
      return
    }
    #expect(rejection.description == "platform: more different ones than a store takes")
  }

  @Test func aRejectedMessageIsWhatWouldBePublished() throws {
    let post = Post.sample("a\u{0}b") { $0.likes = 77 }
    let stretch = PartitionStretch(7, [(3, .post(post))])
    let message = try #require(
      stretch.rejected(for: StoreError(.refused, ""), restoring: unprepared)?.messages.first)
    #expect(message.offset == 7 && message.recordMilliseconds == 3)
    guard case .rejected(let rejection, let key, let value) = message.content else {
      Issue.record("it is not rejected")
      return
    }
    #expect(rejection.description == "store: refused by the tables")
    #expect(key == Array("a\u{0}b".utf8))
    var decoder = PostDecoder()
    #expect(try #require(value).withUnsafeBytes { try decoder.decode($0) } == post)

    let deletion = try PartitionStretch(7, [(3, .tombstone(postID: "p"))]).rejected(
      for: StoreError(.refused, ""), restoring: unprepared)?.messages.first
    guard case .rejected(_, let name, nil) = deletion?.content else {
      Issue.record("it is not a rejected deletion")
      return
    }
    #expect(name == Array("p".utf8))
    let twice = PartitionStretch(7, [(3, .rejected(rejection, key: nil, value: nil))])
    #expect(try twice.rejected(for: StoreError(.refused, ""), restoring: unprepared) == nil)
  }
}
