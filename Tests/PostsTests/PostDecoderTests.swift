import Testing

@testable import Posts

@Suite struct PostDecoderTests {
  @Test func readsEveryField() throws {
    let post = try decode(Message()).get()
    #expect(
      post
        == Post(
          postID: "30eb4d2e-a08", userID: "USER_13304", username: "edwardsann",
          platform: "Twitter", postType: "reply", contentType: "link", topic: "Travel",
          hashtags: [
            Hashtag(key: "#travel", spelling: "#Travel"),
            Hashtag(key: "#adventure", spelling: "#Adventure"),
          ], sentiment: .negative, location: "Chicago", likes: 66, shares: 17, comments: 7,
          views: 10606, engagementRate: EngagementRate(hundredths: 10), followers: 86385,
          isVerified: false, isInfluencer: true, isViral: false,
          timestamp: Timestamp(microseconds: 1_795_566_845_246_590), language: "en"))
  }

  @Test func keysMayStandInAnyOrder() throws {
    var random = SeededGenerator(seed: 1)
    let expected = try decode(Message()).get()
    for _ in 0..<200 {
      var message = Message()
      message.members.shuffle(using: &random)
      #expect(try decode(message).get() == expected)
    }
  }

  @Test(arguments: [
    "post_id", "user_id", "username", "platform", "post_type", "content_type", "topic", "language",
  ])
  func textsAreNeeded(field: String) {
    let problem = "\(field): missing or not a string"
    #expect(decode(Message().without(field)).problem == problem)
    for value in ["\"\"", "null", "12", "true", "[]", "{}", "[\"x\"]"] {
      #expect(decode(Message().with(field, value)).problem == problem, "\(value)")
    }
    #expect(decode(Message().with(field, "\" \"")).isSuccess)
  }

  @Test(arguments: [
    (#""a\u0000b""#, "a\0b"), (#""\ud83d\ude00""#, "😀"), (#""\uD83D\uDE00""#, "😀"),
    (#""\"\\\/\b\f\n\r\t""#, "\"\\/\u{8}\u{C}\n\r\t"), (#""\u00e9\u4eba""#, "é人"),
    (#""\ud800\udc00\udbff\udfff""#, "\u{10000}\u{10FFFF}"),
    (#""\uffff\ue000""#, "\u{FFFF}\u{E000}"),
    ("\"e\u{301}\"", "e\u{301}"), ("\"\u{2028}\u{7F}\u{FEFF}\"", "\u{2028}\u{7F}\u{FEFF}"),
    ("\"مرحبا 世界 👩‍👩‍👧\"", "مرحبا 世界 👩‍👩‍👧"), (#""'=1+1""#, "'=1+1"),
  ])
  func textsKeepTheirBytes(value: String, text: String) throws {
    #expect(try decode(Message().with("username", value)).get().username == ExactString(text))
  }

  @Test func postIDIsOfAtMost200Bytes() {
    let a = String(repeating: "a", count: 200)
    let e = String(repeating: "é", count: 100)
    let escaped = String(repeating: "\\u00e9", count: 100)
    for value in [a, e, escaped] {
      #expect(decode(Message().with("post_id", "\"\(value)\"")).isSuccess)
      #expect(
        decode(Message().with("post_id", "\"\(value)x\"")).problem
          == "post_id: longer than 200 bytes")
    }
  }

  @Test func sentimentIsOfAnyCase() throws {
    for (value, sentiment) in [
      ("positive", Sentiment.positive), ("NEUTRAL", .neutral), ("Negative", .negative),
      ("neu\\u0054ral", .neutral),
    ] {
      #expect(try decode(Message().with("sentiment", "\"\(value)\"")).get().sentiment == sentiment)
    }
    let wrong = [
      "\"\"", "\"mixed\"", "\"positive \"", "\"ne\\u0000tral\"", "\"posıtıve\"",
      "\"\\u0010ositive\"", "\"\\u000eeutral\"", "null", "1", "[\"positive\"]",
    ]
    for value in wrong {
      #expect(
        decode(Message().with("sentiment", value)).problem
          == "sentiment: not positive, neutral or negative", "\(value)")
    }
    #expect(
      decode(Message().without("sentiment")).problem
        == "sentiment: not positive, neutral or negative")
  }

  @Test func locationMayBeMissing() throws {
    #expect(try decode(Message().without("location")).get().location == nil)
    #expect(try decode(Message().with("location", "null")).get().location == nil)
    #expect(try decode(Message().with("location", "\"\"")).get().location == nil)
    for value in ["0", "false", "[]", "{}"] {
      #expect(decode(Message().with("location", value)).problem == "location: not a string")
    }
  }

  @Test(arguments: ["is_verified", "is_influencer", "is_viral"])
  func flagsAreTrueOrFalse(field: String) {
    let problem = "\(field): missing or not a boolean"
    #expect(decode(Message().without(field)).problem == problem)
    for value in ["0", "1", "null", "\"true\"", "[]", "{}"] {
      #expect(decode(Message().with(field, value)).problem == problem)
    }
    #expect(decode(Message().with(field, "true")).isSuccess)
  }

  @Test func hashtagsAreEachOnce() throws {
    func keys(_ value: String) throws -> [String] {
      try decode(Message().with("hashtags", value)).get().hashtags.map(\.key.string)
    }
    #expect(try keys(##"["#AI", "ai", "#ＡＩ", "\u0041I", " #Ai "]"##) == ["#ai"])
    #expect(try keys(##"["b", "", "#", "\u3000", "a", "B"]"##) == ["#b", "#a"])
    #expect(try keys("[]") == [])
    #expect(try keys("null") == [])
    #expect(try decode(Message().without("hashtags")).get().hashtags == [])
    let first = try decode(Message().with("hashtags", ##"["AI", "#ai"]"##)).get().hashtags
    #expect(first.map(\.spelling) == ["#AI"])
  }

  @Test func manyHashtagsAreToldApart() throws {
    let tags = (0..<1000).map { "\"t\($0 % 500)\"" }.joined(separator: ",")
    let hashtags = try decode(Message().with("hashtags", "[\(tags)]")).get().hashtags
    #expect(hashtags.map(\.key.string) == (0..<500).map { "#t\($0)" })
  }

  @Test func aThousandHashtagsAreTakenAndNoMore() throws {
    for (count, problem) in [
      (1000, nil), (1001, "hashtags: more than 1000"), (10_000, "hashtags: more than 1000"),
    ] {
      let list = "[" + (0..<count).map { "\"t\($0)\"" }.joined(separator: ",") + "]"
      #expect(decode(Message().with("hashtags", list)).problem == problem)
    }
  }

  @Test func hashtagsAreAnArrayOfStrings() {
    for value in ["\"#a\"", "1", "true", "{}"] {
      #expect(decode(Message().with("hashtags", value)).problem == "hashtags: not an array")
    }
    for value in ["[1]", "[\"a\", null]", "[[\"a\"]]", "[{\"a\": \"b\"}, \"c\"]", "[false]"] {
      #expect(
        decode(Message().with("hashtags", value)).problem == "hashtags: not an array of strings")
    }
  }

  @Test func timestampIsAText() throws {
    #expect(
      decode(Message().without("timestamp")).problem == "timestamp: missing or not a string")
    #expect(
      decode(Message().with("timestamp", "1764000000")).problem
        == "timestamp: missing or not a string")
    #expect(decode(Message().with("timestamp", "\"\"")).problem == "timestamp: not ISO 8601")
    let escaped = try decode(Message().with("timestamp", #""\u0031970-01-01T00:00:01""#)).get()
    #expect(escaped.timestamp == Timestamp(microseconds: 1_000_000))
  }

  @Test func lastOfAKeyStands() throws {
    #expect(try decode(Message().adding("likes", "99")).get().likes == 99)
    #expect(try decode(Message().with("likes", "\"12\"").adding("likes", "9")).get().likes == 9)
    #expect(try decode(Message().adding(#"\u006cikes"#, "98")).get().likes == 98)
    #expect(decode(Message().adding("likes", "null")).problem == "likes: not a number")
    #expect(try decode(Message().adding("views", "null")).get().views == nil)
    #expect(try decode(Message().adding("location", "null")).get().location == nil)
    let tags = Message().with("hashtags", "[1, 2]").adding("hashtags", "[\"x\"]")
    #expect(try decode(tags).get().hashtags.map(\.key) == ["#x"])
    #expect(try decode(Message().adding("hashtags", "null")).get().hashtags == [])
    #expect(decode(Message().adding("hashtags", "\"x\"")).problem == "hashtags: not an array")
  }

  @Test func unknownKeysArePassedOver() throws {
    let expected = try decode(Message()).get()
    for key in ["", "x", "like", "likes ", "Likes", "likes\\u0000", "post_ie", "engagement_rates"] {
      for value in [
        "null", "-1.5e+10", "[[], {}, [{\"likes\": [1]}]]", "{\"a\": {\"b\": \"\\n\"}}",
      ] {
        var message = Message().adding(key, value)
        #expect(try decode(message).get() == expected)
        message.members.reverse()
        #expect(try decode(message).get() == expected)
      }
    }
  }

  /// Each field is broken in turn, in the order of the report, and stays broken: the message must
  /// then tell of the one broken last if fields are broken from the end.
  @Test func firstProblemIsReported() {
    let order = [
      "post_id", "user_id", "username", "platform", "post_type", "content_type", "topic",
      "language", "sentiment", "location", "likes", "shares", "comments", "followers", "views",
      "engagement_rate", "is_verified", "is_influencer", "is_viral", "hashtags", "timestamp",
    ]
    var message = Message()
    for field in order.reversed() {
      message = message.with(field, "{}")
      #expect(decode(message).problem?.prefix { $0 != ":" } == field[...])
    }
  }

  @Test func decoderForgetsTheMessageBefore() throws {
    var decoder = PostDecoder()
    let whole = Array(Message().json.utf8)
    let part = Array(Message().without("likes").without("hashtags").json.utf8)
    let cut = Array(whole.dropLast(30))
    #expect(decoder.result(of: whole).isSuccess)
    #expect(decoder.result(of: part).problem == "likes: missing")
    #expect(decoder.result(of: whole).isSuccess)
    #expect(decoder.result(of: cut).problem == "JSON: cut short")
    #expect(try decoder.result(of: whole).get() == decode(Message()).get())
  }

  @Test func rejectionTellsFieldProblemAndPlace() {
    let rejection = Rejection(field: "likes", problem: "not a whole number")
    #expect(rejection.description == "likes: not a whole number")
    #expect(Rejection.json("cut short", at: 7).description == "JSON: cut short at byte 7")
    #expect(
      Rejection.tombstoneWithoutKey.description == "tombstone without key: names no post to delete")
  }
}
