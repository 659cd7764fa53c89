import Testing

@testable import Posts

/// What is JSON in UTF-8 and what is not, wherever in a message it stands.
@Suite struct JSONGrammarTests {
  @Test(arguments: [
    ("", "cut short"), (" ", "cut short"), ("{", "cut short"), ("{\"a\"", "cut short"),
    ("{\"a\":", "cut short"), ("{\"a\":1", "cut short"), ("{\"a\":1,", "cut short"),
    ("not JSON", "unexpected character"), ("{}x", "text after the value"),
    ("{} {}", "text after the value"), ("{},", "text after the value"),
    ("{}\0", "text after the value"), ("\u{FEFF}{}", "unexpected character"),
    ("[]", "not an object"), ("12", "not an object"), ("null", "not an object"),
    ("\"{}\"", "not an object"), (" [{}] ", "not an object"), ("[}", "unexpected character"),
    ("nul", "cut short"), ("nulls", "text after the value"), ("{,}", "unexpected character"),
    ("{1:2}", "unexpected character"), ("{\"a\" 1}", "unexpected character"),
    ("{\"a\":1 \"b\":2}", "unexpected character"), ("{\"a\":1,}", "unexpected character"),
    ("{'a':1}", "unexpected character"), ("{\"a\":1]", "unexpected character"),
    ("{\"a\":/**/1}", "unexpected character"), ("{\u{A0}}", "unexpected character"),
    ("{\u{C}}", "unexpected character"), ("{\u{B}}", "unexpected character"),
  ])
  func outermost(text: String, problem: String) {
    #expect(decode(text).problem == "JSON: \(problem)")
  }

  static let badValues = [
    "[1,]", "[,1]", "[1 2]", "[1", "[1}", "{\"b\":1", "{\"b\"}", "{\"b\":}", "{\"b\":1,}", "{b:1}",
    "{\"b\":[{\"c\":[}]}", "[[[]]", "]", "tru", "TRUE", "True", "nil", "undefined", "'x'",
    "\"\t\"", "\"\n\"", "\"\0\"", "\"\u{1F}\"", #""\x""#, #""\u12""#, #""\u12g4""#, #""\U0041""#,
    #""\"#, "\"", #""\u""#, #""\ud800""#, #""\udc00""#, #""\ud800\u0041""#, #""\ud800\ud800""#,
    #""\ud800x""#, #""\ud83d \ude00""#, #""\ud83d\n""#,
  ]

  @Test(arguments: badValues)
  func insideOfAnything(value: String) {
    for message in [
      Message().with("username", value), Message().with("likes", value),
      Message().with("hashtags", value), Message().with("hashtags", "[\"a\", \(value)]"),
      Message().adding("unknown", value), Message().adding("unknown", "[{\"a\": \(value)}]"),
      Message().with("likes", value).adding("likes", "1"),
    ] {
      #expect(decode(message).problem?.hasPrefix("JSON: ") == true, "\(message.json)")
    }
  }

  @Test func insideOfKeys() {
    for key in [#"\ud800"#, #"\q"#, "\t"] {
      #expect(decode(Message().adding(key, "1")).problem?.hasPrefix("JSON: ") == true)
    }
  }

  @Test(
    arguments: [
      [0x80], [0xBF], [0xC0, 0x80], [0xC0, 0xAF], [0xC1, 0xBF], [0xC2], [0xC2, 0x41],
      [0xE0, 0x80, 0x80],
      [0xE0, 0x9F, 0xBF], [0xE2, 0x82], [0xE2, 0x28, 0xA1], [0xED, 0xA0, 0x80], [0xED, 0xBF, 0xBF],
      [0xF0, 0x80, 0x80, 0x80], [0xF0, 0x8F, 0xBF, 0xBF], [0xF0, 0x9F, 0x98],
      [0xF4, 0x90, 0x80, 0x80],
      [0xF5, 0x80, 0x80, 0x80], [0xF8, 0x88, 0x80, 0x80, 0x80], [0xFE], [0xFF],
    ] as [[UInt8]])
  func notUTF8(bytes: [UInt8]) {
    for (before, after) in [
      ("{\"username\": \"", "\"}"), ("{\"x\": \"abcdefgh", "\"}"), ("{\"", "\": 1}"),
      ("{\"x\": [[\"", "\"]]}"),
    ] {
      let message = Array(before.utf8) + bytes + Array(after.utf8)
      #expect(decode(message).problem == "JSON: not UTF-8")
      // A message that ends within the character must not be read beyond its end.
      #expect(decode(Array(before.utf8) + bytes).problem?.hasPrefix("JSON: ") == true)
    }
  }

  /// Every scalar of Unicode is kept, every other sequence of up to four bytes is refused, as the
  /// standard library judges it.
  @Test func utf8IsJudgedAsTheStandardLibraryDoes() {
    var random = SeededGenerator(seed: 8)
    var valid = 0
    for _ in 0..<20_000 {
      let lead = UInt8.random(in: 0x80...0xFF, using: &random)
      let tail = (0..<Int.random(in: 0...3, using: &random)).map { _ in
        random.pick([UInt8(0x80), 0x8F, 0x90, 0x9F, 0xA0, 0xBF, 0xC2, 0x41])
      }
      let text = [lead] + tail
      let message = Array("{\"x\":\"".utf8) + text + Array("\"}".utf8)
      let isValid = String(validating: text, as: UTF8.self) != nil
      valid += isValid ? 1 : 0
      guard (decode(message).problem == "JSON: not UTF-8") == !isValid else {
        Issue.record("\(text)")
        return
      }
    }
    #expect(valid > 1_000)
  }

  @Test func depthHasALimit() throws {
    func nested(_ depth: Int, _ open: String, _ close: String) -> String {
      String(repeating: open, count: depth) + String(repeating: close, count: depth)
    }
    // The message itself is the first level.
    for (open, close) in [("[", "]"), ("{\"a\":[", "]}")] {
      let levels = open.count { $0 == "[" || $0 == "{" }
      let most = 511 / levels
      #expect(decode(Message().adding("x", nested(most, open, close))).isSuccess)
      #expect(
        decode(Message().adding("x", nested(most + 1, open, close))).problem
          == "JSON: nested too deep")
    }
    #expect(
      decode(Message().with("hashtags", nested(511, "[", "]"))).problem
        == "hashtags: not an array of strings")
    #expect(
      decode(Message().with("hashtags", nested(512, "[", "]"))).problem == "JSON: nested too deep")
    #expect(decode(String(repeating: "[", count: 1_000_000)).problem == "JSON: nested too deep")
    #expect(
      decode(String(repeating: "{\"a\":", count: 1_000_000)).problem == "JSON: nested too deep")
    let wide = "[" + String(repeating: "[[]],", count: 10_000) + "[]]"
    #expect(decode(Message().adding("x", wide)).isSuccess)
  }

  @Test func whitespaceIsFree() throws {
    let text =
      " \t\r\n{ \"likes\"\t:\n12\r,\"x\" : [ ] , \"y\":{ }, \"z\" :[ 1 , { \"a\" : 2 } ] } \n"
    #expect(decode(text).problem == "post_id: missing or not a string")
  }

  @Test func placeIsTold() {
    #expect(decode("{\"a\": x}") == .failure(.json("unexpected character", at: 6)))
    #expect(decode("{\"a\": 1") == .failure(.json("cut short", at: 7)))
    #expect(decode("{\"é\": \"\u{1}\"}") == .failure(.json("control character in a string", at: 8)))
  }

  /// Every prefix of a message is refused, and none is read beyond its end.
  @Test func everyCutIsRefused() {
    let message = Array(
      Message().with("username", #""é😀\u00e9\ud83d\ude00""#).adding("x", "[{\"a\":[1.5e3]}]").json
        .utf8)
    for length in 0..<message.count {
      #expect(decode(message.prefix(length)).problem?.hasPrefix("JSON: ") == true)
    }
  }
}
