import PostStore
import Posts
import StoreFixtures
import TestSupport
import Testing

@Suite struct TextTests {
  @Test(arguments: [
    ["#AI", "#Ai", "#aI", "#ai"], ["#ai", "#aI", "#Ai", "#AI"], ["#Ai", "#ai", "#AI", "#aI"],
  ])
  func aTagIsShownInTheFirstSpellingByBytes(_ spellings: [String]) throws {
    let folder = try TemporaryDirectory()
    let writer = try StoreWriter(path: folder.path("store.db"))
    let reader = try StoreReader(path: folder.path("store.db"))
    for (index, spelling) in spellings.enumerated() {
      try writer.store([
        .sample(ExactString("p\(index)")) { $0.hashtags = [Hashtag(spelling)].compactMap { $0 } }
      ])
      let smallest = spellings[...index].min()
      #expect(try reader.strings("SELECT spelling FROM hashtags") == [smallest])
    }
  }

  @Test func aStaleVersionDoesNotSpellATag() throws {
    let folder = try TemporaryDirectory()
    let writer = try StoreWriter(path: folder.path("store.db"))
    func version(_ spelling: String) -> IncomingMessage.Content {
      .post(.sample { $0.hashtags = [Hashtag(spelling)].compactMap { $0 } })
    }
    _ = try writer.apply(
      [
        PartitionStretch(
          0,
          [
            (5, version("#ai")), (4, version("#AI")), (6, .tombstone(postID: "p1")),
            (5, version("#Ai")),
          ])
      ], now: .init(microseconds: 0))
    let reader = try StoreReader(path: folder.path("store.db"))
    #expect(try reader.strings("SELECT spelling FROM hashtags") == ["#ai"])
    #expect(try reader.strings("SELECT spelling FROM hashtag_spellings") == ["#ai"])
  }

  @Test func composedAndDecomposedNamesAreTwo() throws {
    let names = ["Zo\u{EB}", "Zoe\u{308}"]
    try #require(names[0] == names[1])
    let folder = try TemporaryDirectory()
    let writer = try StoreWriter(path: folder.path("store.db"))
    let posts = names.map { name in
      Post.sample(ExactString("id " + name)) { $0.username = ExactString(name) }
    }
    try writer.store(posts)
    let reader = try StoreReader(path: folder.path("store.db"))
    #expect(
      try reader.bytes("SELECT CAST(username AS BLOB) FROM social_posts ORDER BY post_id DESC")
        == names.map { Array($0.utf8) })
    #expect(try reader.integers("SELECT COUNT(*) FROM usernames") == [2])
  }

  @Test func aNULInsideATextStays() throws {
    let text = ExactString("a\0b")
    let folder = try TemporaryDirectory()
    let writer = try StoreWriter(path: folder.path("store.db"))
    // Two posts each that differ only behind the NUL.
    for (index, tail) in ["", "b"].enumerated() {
      let text = ExactString("a\0" + tail)
      try writer.store([
        .sample(text) {
          $0.userID = text
          $0.topic = text
          $0.location = text
          $0.hashtags = [Hashtag(key: text, spelling: text)]
        }
      ])
      let reader = try StoreReader(path: folder.path("store.db"))
      #expect(try reader.integers("SELECT COUNT(*) FROM posts") == [Int64(index) + 1])
    }
    let reader = try StoreReader(path: folder.path("store.db"))
    for column in ["post_id", "user_id", "topic", "location"] {
      #expect(
        try reader.bytes("SELECT CAST(\(column) AS BLOB) AS b FROM social_posts ORDER BY b")
          == [Array("a\0".utf8), Array(text.string.utf8)], "\(column)")
    }
    #expect(
      try reader.bytes("SELECT CAST(spelling AS BLOB) FROM hashtags ORDER BY spelling")
        == [Array("a\0".utf8), Array(text.string.utf8)])
  }
}
