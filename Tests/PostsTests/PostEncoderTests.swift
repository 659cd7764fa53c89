import Testing

@testable import Posts

@Suite struct PostEncoderTests {
  /// What the original producer wrote must come out again to the byte.
  @Test func originalMessagesComeOutAsTheyWentIn() throws {
    let messages = try Fixture.originalMessages()
    #expect(messages.count == 5000)
    var decoder = PostDecoder()
    var output: [UInt8] = []
    for message in messages {
      output.removeAll(keepingCapacity: true)
      PostEncoder().encode(try decoder.result(of: message).get(), into: &output)
      guard output == message else {
        Issue.record("\(String(decoding: output, as: UTF8.self))")
        return
      }
    }
  }

  @Test func appends() throws {
    let post = try decode(Message()).get()
    var output = Array("before ".utf8)
    PostEncoder().encode(post, into: &output)
    #expect(String(decoding: output, as: UTF8.self) == "before " + Message().json)
  }

  @Test(arguments: [
    ("\"\\/", #""\"\\/""#), ("\u{8}\u{C}\n\r\t", #""\b\f\n\r\t""#),
    ("\0\u{1F}\u{7F}", "\"\\u0000\\u001f\u{7F}\""), ("é\u{2028}", #""\u00e9\u2028""#),
    ("😀", #""\ud83d\ude00""#), ("\u{10FFFF}\u{FFFF}", #""\udbff\udfff\uffff""#),
  ])
  func escapes(text: String, json: String) throws {
    var post = try decode(Message()).get()
    post.username = ExactString(text)
    let expected = Message().with("username", json).json
    #expect(String(decoding: encode(post), as: UTF8.self) == expected)
  }

  @Test(arguments: [
    (0, "0.0"), (1, "0.01"), (10, "0.1"), (99, "0.99"), (100, "1.0"), (623, "6.23"),
    (160_000_000, "1600000.0"), (100_000_000_000, "1000000000.0"),
  ])
  func rates(hundredths: Int64, json: String) throws {
    var post = try decode(Message()).get()
    post.engagementRate.hundredths = hundredths
    let expected = Message().with("engagement_rate", json).json
    #expect(String(decoding: encode(post), as: UTF8.self) == expected)
  }

  @Test(arguments: [
    (0, "1970-01-01T00:00:00.000000"), (-1, "1969-12-31T23:59:59.999999"),
    (-62_135_596_800_000_000, "0001-01-01T00:00:00.000000"),
    (253_402_300_799_999_999, "9999-12-31T23:59:59.999999"),
  ])
  func timestamps(microseconds: Int64, json: String) throws {
    var post = try decode(Message()).get()
    post.timestamp.microseconds = microseconds
    let expected = Message().with("timestamp", "\"\(json)\"").json
    #expect(String(decoding: encode(post), as: UTF8.self) == expected)
  }

  @Test func whatIsWrittenReadsTheSame() throws {
    var random = SeededGenerator(seed: 4)
    for _ in 0..<3_000 {
      let post = randomPost(&random)
      #expect(decode(encode(post)) == .success(post))
    }
  }

  private func randomText(_ random: inout SeededGenerator) -> ExactString {
    let pieces = [
      "a", "Z", " ", "\0", "\u{1}", "\u{1F}", "\u{7F}", "\"", "\\", "/", "\n", "\u{2028}", "é",
      "e\u{301}", "ß", "人", "😀", "👩‍👩‍👧", "\u{FEFF}", "\u{FFFF}", "\u{10FFFF}", "\u{D7FF}", "\u{E000}",
      "\\u0041", "null", "مرحبا", "\u{202E}", "#", "＃",
    ]
    let count = Int.random(in: 1...12, using: &random)
    return ExactString((0..<count).map { _ in random.pick(pieces) }.joined())
  }

  private func randomPost(_ random: inout SeededGenerator) -> Post {
    func count() -> Int64 {
      .random(in: 0...random.pick([9, 1_000, PostDecoder.countLimit]), using: &random)
    }
    var hashtags: [Hashtag] = []
    for _ in 0..<Int.random(in: 0...20, using: &random) {
      if let tag = Hashtag(randomText(&random).string),
        !hashtags.contains(where: { $0.key == tag.key })
      {
        hashtags.append(tag)
      }
    }
    return Post(
      postID: randomText(&random), userID: randomText(&random), username: randomText(&random),
      platform: randomText(&random), postType: randomText(&random),
      contentType: randomText(&random), topic: randomText(&random), hashtags: hashtags,
      sentiment: random.pick(Sentiment.allCases),
      location: Bool.random(using: &random) ? randomText(&random) : nil,
      likes: count(), shares: count(), comments: count(),
      views: Bool.random(using: &random) ? count() : nil,
      engagementRate: EngagementRate(
        hundredths: .random(in: 0...random.pick([99, 100_000_000_000]), using: &random)),
      followers: count(), isVerified: .random(using: &random),
      isInfluencer: .random(using: &random),
      isViral: .random(using: &random),
      timestamp: Timestamp(
        microseconds: .random(in: -62_135_596_800_000_000...253_402_300_799_999_999, using: &random)
      ),
      language: randomText(&random))
  }
}
