import Interchange
import PostStore
import Posts
import StoreFixtures
import TestSupport
import Testing

/// Bytes in memory, handed over a few at a time.
private final class Pieces: ByteSource {
  private var rest: ArraySlice<UInt8>
  private let size: Int

  init(_ bytes: [UInt8], size: Int) {
    rest = bytes[...]
    self.size = size
  }

  func next() throws(InterchangeError) -> [UInt8] {
    defer { rest = rest.dropFirst(size) }
    return Array(rest.prefix(size))
  }
}

/// What is read of some bytes: the posts, and of other lines the number and the reason.
private func read(
  _ bytes: [UInt8], format: PostFormat? = nil, size: Int = 1 << 16
) throws -> (posts: [Post], rejected: [String]) {
  var reader = try PostReader(Pieces(bytes, size: size), format: format)
  var posts: [Post] = []
  var rejected: [String] = []
  while let entry = try reader.next() {
    switch entry {
    case .post(let post, _): posts.append(post)
    case .rejected(let rejection, let line): rejected.append("\(line): \(rejection)")
    }
  }
  return (posts, rejected)
}

/// A table of one row, whose fields are those of a valid post but for some.
private func table(_ changed: [String: String]) -> [UInt8] {
  let values = [
    "post_id": "p1", "user_id": "u", "username": "ada", "platform": "Twitter",
    "post_type": "tweet", "content_type": "text", "topic": "Travel", "hashtags": "{}",
    "sentiment": "neutral", "location": "Paris", "likes": "1", "shares": "2", "comments": "3",
    "views": "4", "engagement_rate": "0.5", "followers": "6", "is_verified": "t",
    "is_influencer": "f", "is_viral": "f", "timestamp": "2026-11-25 00:34:05.24659",
    "language": "en",
  ].merging(changed) { $1 }
  let header = PostColumns.names.joined(separator: ",")
  let row = PostColumns.names.map { values[$0] ?? "" }.joined(separator: ",")
  return Array("\(header)\n\(row)\n".utf8)
}

@Suite struct InterchangeTests {
  /// Posts with texts that break what does not quote.
  private static func posts(_ count: Int, seed: UInt64) -> [Post] {
    var random = SplitMix64(seed: seed)
    let parts = [
      "a", "B", " ", ",", "\"", "\"\"", "\n", "\r\n", "\r", "\t", "\\", "{", "}", "NULL", "null",
      "é",
      "e\u{301}", "名", "👩‍👩‍👧", "\u{0}", "\u{FEFF}", "'", ";", "\\.", "[", "]",
    ]
    func text() -> ExactString {
      let count = Int.random(in: 1...6, using: &random)
      return ExactString(
        (0..<count).map { _ in parts.randomElement(using: &random) ?? "" }.joined())
    }
    return (0..<count).map { index in
      .sample(ExactString("p\(index)")) { post in
        post.userID = text()
        post.username = text()
        post.platform = text()
        post.topic = text()
        post.language = text()
        post.location = random.happens(0.3) ? nil : text()
        post.views =
          random.happens(0.3) ? nil : Int64.random(in: 0...1_000_000_000_000, using: &random)
        post.engagementRate.hundredths = Int64.random(in: 0...100_000_000_000, using: &random)
        post.isViral = random.happens(0.5)
        post.sentiment = Sentiment.allCases.randomElement(using: &random) ?? .neutral
        post.timestamp.microseconds = Int64.random(
          in: -62_135_596_800_000_000...253_402_300_799_999_999, using: &random)
        var keys: Set<ExactString> = []
        post.hashtags = (0..<Int.random(in: 0...5, using: &random)).compactMap { _ in
          Hashtag(text().string).flatMap { keys.insert($0.key).inserted ? $0 : nil }
        }
      }
    }
  }

  @Test(arguments: PostFormat.allCases, [1, 7, 4096])
  func everyPostComesBackTheSame(_ format: PostFormat, _ size: Int) throws {
    let posts = Self.posts(300, seed: 4)
    var bytes: [UInt8] = format == .csv ? CSVPostEncoder().header : []
    for post in posts {
      switch format {
      case .csv: CSVPostEncoder().encode(post, into: &bytes)
      case .ndjson:
        PostEncoder().encode(post, into: &bytes)
        bytes.append(UInt8(ascii: "\n"))
      }
    }
    let found = try read(bytes, size: size)
    #expect(found.rejected == [])
    #expect(found.posts == posts)
  }

  @Test(arguments: [
    ("{}", []), ("", []), ("{a}", ["#a"]), ("\"{#a,#b}\"", ["#a", "#b"]),
    ("\"{\"\"a b\"\",c}\"", ["#a b", "#c"]), ("\"{\"\"say \\\"\"hi\\\"\"\"\"}\"", ["#say \"hi\""]),
    ("\"{\"\"a\\\\b\"\"}\"", ["#a\\b"]), ("\"{\"\"NULL\"\"}\"", ["#NULL"]),
    ("\"{\"\"a,b\"\",\"\"{c}\"\"}\"", ["#a,b", "#{c}"]), ("\"{ a , b }\"", ["#a", "#b"]),
    ("{nullable}", ["#nullable"]), ("\"[\"\"a\"\",\"\"b\\u0021\"\"]\"", ["#a", "#b!"]), ("[]", []),
    ("\"{#AI,ai,#b}\"", ["#AI", "#b"]),
  ])
  func arraysAreHashtags(_ field: String, _ expected: [String]) throws {
    let found = try read(table(["hashtags": field]))
    #expect(found.rejected == [])
    #expect(found.posts.first?.hashtags.map(\.spelling.string) == expected)
  }

  @Test(arguments: [
    ("hashtags", "{NULL}", "hashtags: not an array of strings"),
    ("hashtags", "\"{a,null}\"", "hashtags: not an array of strings"),
    ("hashtags", "\"{{a,b},{c,d}}\"", "hashtags: not an array of strings"),
    ("hashtags", "[1]", "hashtags: not an array of strings"),
    ("hashtags", "a", "hashtags: not an array"), ("hashtags", "{a", "hashtags: not an array"),
    ("hashtags", "{a}b", "hashtags: not an array"),
    ("hashtags", "\"{a,}\"", "hashtags: not an array"),
    ("hashtags", "\"{\"\"a}\"", "hashtags: not an array"),
    ("hashtags", "{a\\", "hashtags: not an array"),
    ("hashtags", "[1]2", "hashtags: not an array"), ("hashtags", "[", "hashtags: not an array"),
    ("post_id", "", "post_id: missing or not a string"),
    ("post_id", "\"\"", "post_id: missing or not a string"),
    ("likes", "", "likes: not a number"), ("likes", "x", "likes: not a number"),
    ("likes", "1 ", "likes: not a number"), ("likes", "-1", "likes: out of range"),
    ("likes", "1.5", "likes: not a whole number"), ("likes", "01", "likes: not a number"),
    ("engagement_rate", "NaN", "engagement_rate: not a number"),
    ("engagement_rate", "Infinity", "engagement_rate: not a number"),
    ("is_viral", "yes", "is_viral: missing or not a boolean"),
    ("is_viral", "", "is_viral: missing or not a boolean"),
    ("sentiment", "good", "sentiment: not positive, neutral or negative"),
    ("timestamp", "infinity", "timestamp: not ISO 8601"),
    ("timestamp", "2026-02-30 00:00:00", "timestamp: no such date or time"),
  ])
  func aRowIsHeldToTheRulesForMessages(_ field: String, _ text: String, _ reason: String) throws {
    let found = try read(table([field: text]))
    #expect(found.posts == [])
    #expect(found.rejected == ["2: \(reason)"])
  }

  @Test func aRowMayBeWrittenInOtherWays() throws {
    let plain = try read(table([:])).posts
    let other = try read(
      table([
        "likes": "\"1.0\"", "is_verified": "TRUE", "is_viral": "false", "sentiment": "Neutral",
        "engagement_rate": "5e-1", "timestamp": "2026-11-25T01:34:05.246590+01:00",
        "topic": "\"Travel\"",
      ])
    ).posts
    #expect(plain.count == 1)
    #expect(other == plain)
  }

  @Test func columnsComeInAnyOrderAndOthersAreNotRead() throws {
    let lines = String(decoding: table([:]), as: UTF8.self).split(separator: "\n")
    let (header, row) = (lines[0].split(separator: ","), lines[1].split(separator: ","))
    let turned = [header, row].map { fields in
      "id," + fields.reversed().joined(separator: ",") + ",more"
    }
    let bytes = [0xEF, 0xBB, 0xBF] + Array(turned.joined(separator: "\r\n").utf8)
    #expect(try read(bytes).posts == read(table([:])).posts)
    // Those that a post may lack can be left out.
    let kept = header.indices.filter { !["hashtags", "location", "views"].contains(header[$0]) }
    let short = [header, row].map { fields in kept.map { fields[$0] }.joined(separator: ",") }
    #expect(try read(Array(short.joined(separator: "\n").utf8)).posts.first?.location == nil)
  }

  @Test(arguments: [
    ("", "empty"), ("a,b\n1,2\n", "lacks post_id, user_id, username and 15 more"),
    (PostColumns.names.joined(separator: ",") + ",likes\n", "likes twice"),
    (PostColumns.names.dropFirst().joined(separator: ",") + "\n", "lacks post_id"),
  ])
  func aTableWithoutPostsIsRefused(_ text: String, _ reason: String) {
    #expect { try read(Array(text.utf8), format: .csv) } throws: { "\($0)".contains(reason) }
  }

  @Test(arguments: [
    ("x,\"y", "CSV: a quote is never closed"), ("x,\"y\"z", "CSV: text behind a closing quote"),
    ("x,y\"z", "CSV: a quote within a field that has none around it"),
    ("x,y", "CSV: too few fields"), (String(repeating: ",", count: 30), "CSV: too many fields"),
  ])
  func aBrokenRowCostsNoOther(_ broken: String, _ reason: String) throws {
    let lines = String(decoding: table([:]), as: UTF8.self).split(separator: "\n")
    let text = "\(lines[0])\n\(lines[1])\n\n\(broken)\n\(lines[1])\n\(lines[1])"
    for size in [1, 3, 100_000] {
      let found = try read(Array(text.utf8), size: size)
      #expect(found.posts.count == 3)
      #expect(found.rejected == ["4: \(reason)"])
    }
  }

  @Test func linesOfAnyLengthAreCounted() throws {
    let message = String(decoding: encoded(.sample()), as: UTF8.self)
    let long = "{\"post_id\": \"" + String(repeating: "x", count: 17 << 20) + "\"}"
    let found = try read(Array("\(message)\n\(long)\n\(message)\n\n\r\n{}".utf8))
    #expect(found.posts.count == 2)
    #expect(found.rejected.count == 2)
    #expect(found.rejected.first == "2: JSON: longer than 16 MiB")
    #expect(found.rejected.last?.hasPrefix("6: ") == true)
  }

  @Test func bytesThatAreNoTextAreRejected() throws {
    var bytes = table(["username": "x"])
    let position = try #require(bytes.lastIndex(of: UInt8(ascii: "x")))
    bytes[position] = 0xFF
    #expect(try read(bytes).rejected.map { $0.hasPrefix("2: ") } == [true])
  }

  @Test func rowsOfSeveralLinesKeepTheCount() throws {
    let lines = String(decoding: table(["username": "\"a\nb\r\nc\""]), as: UTF8.self)
    let found = try read(Array("\(lines)bad\n".utf8))
    #expect(found.posts.first?.username == "a\nb\r\nc")
    #expect(found.rejected == ["5: CSV: too few fields"])
  }

  private func encoded(_ post: Post) -> [UInt8] {
    var bytes: [UInt8] = []
    PostEncoder().encode(post, into: &bytes)
    return bytes
  }
}
