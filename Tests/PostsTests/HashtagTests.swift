import Testing

@testable import Posts

@Suite struct HashtagTests {
  @Test(arguments: [
    ("#AI", "#ai", "#AI"),
    ("AI", "#ai", "#AI"),
    ("#ＡＩ", "#ai", "#ＡＩ"),
    ("＃AI", "#ai", "＃AI"),
    ("  #ai\n", "#ai", "#ai"),
    ("\u{1C}\u{1F}\u{B}#ai\u{85}\u{3000}", "#ai", "#ai"),
    ("\u{200B}ai", "#\u{200B}ai", "#\u{200B}ai"),
    ("##ai", "##ai", "##ai"),
    ("# ai", "# ai", "# ai"),
    ("# #", "# #", "# #"),
    ("#Mental Health", "#mental health", "#Mental Health"),
    ("#a\0B", "#a\0b", "#a\0B"),
    ("#@[`{Zz", "#@[`{zz", "#@[`{Zz"),
    ("Zähler", "#zähler", "#Zähler"),
    ("Za\u{308}hler", "#zähler", "#Za\u{308}hler"),
    ("#Zahler", "#zahler", "#Zahler"),
    ("#İ", "#i\u{307}", "#İ"),
    ("#ẞ", "#ß", "#ẞ"),
    ("#ﬁ", "#fi", "#ﬁ"),
    ("#①", "#1", "#①"),
    ("#ｶﾞ", "#ガ", "#ｶﾞ"),
    ("#\u{1112}\u{1161}\u{11AB}", "#한", "#\u{1112}\u{1161}\u{11AB}"),
    ("#\u{1112}\u{1176}", "#\u{1112}\u{1176}", "#\u{1112}\u{1176}"),
    ("#가\u{11A8}", "#각", "#가\u{11A8}"),
    ("#\u{1FDD}\u{31E}", "# \u{31E}\u{314}\u{300}", "#\u{1FDD}\u{31E}"),
    ("#\u{212A}", "#k", "#\u{212A}"),
    ("#ΟΔΟΣ", "#οδος", "#ΟΔΟΣ"),
    ("#ΟΔΟΣ ΣΑΣ", "#οδος σας", "#ΟΔΟΣ ΣΑΣ"),
    ("#ΑΣ\u{301}", "#ας\u{301}", "#ΑΣ\u{301}"),
    ("#Α.Σ", "#α.ς", "#Α.Σ"),
    ("#ΑΣ.Α", "#ασ.α", "#ΑΣ.Α"),
    ("#Σ", "#σ", "#Σ"),
    ("#👩‍💻", "#👩‍💻", "#👩‍💻"),
  ])
  func folds(text: String, key: String, spelling: String) throws {
    let hashtag = try #require(Hashtag(text))
    #expect(hashtag.key == ExactString(key))
    #expect(hashtag.spelling == ExactString(spelling))
  }

  @Test(arguments: ["", " ", "#", "##", "＃", " #＃# ", "\u{1D}", "\u{2003}#\u{85}"])
  func dropsWhatHoldsNoTag(text: String) {
    #expect(Hashtag(text) == nil)
  }

  /// Both ways through the code must agree on what both can do.
  @Test func asciiIsFoldedAsUnicodeIs() throws {
    var random = SeededGenerator(seed: 11)
    let alphabet = Array(UInt8(0)..<0x80) + Array("### \t\u{1C}AZaz".utf8)
    for _ in 0..<20_000 {
      let bytes = (0..<Int.random(in: 0...20, using: &random)).map { _ in random.pick(alphabet) }
      let text = String(decoding: bytes, as: UTF8.self)
      // White space beyond ASCII is trimmed away, but makes the text go the other way.
      #expect(Hashtag(text) == Hashtag(text + "\u{2003}"), "\(bytes)")
    }
  }

  /// A key is its own key, or equal tags would be told apart when read back.
  @Test func keysAreStable() throws {
    var random = SeededGenerator(seed: 12)
    let ranges: [ClosedRange<UInt32>] = [
      0x20...0x7E, 0xA0...0x5FF, 0x1100...0x11FF, 0x1E00...0x20FF, 0x3040...0x30FF,
      0xAC00...0xD7A3, 0xFF01...0xFFEF, 0x1D400...0x1D7FF, 0x1F300...0x1F6FF,
    ]
    for _ in 0..<20_000 {
      var text = "x"
      for _ in 0..<Int.random(in: 1...8, using: &random) {
        let value = UInt32.random(in: random.pick(ranges), using: &random)
        text.unicodeScalars.append(try #require(Unicode.Scalar(value)))
      }
      let hashtag = try #require(Hashtag(text + "x"))
      #expect(
        Hashtag(hashtag.key.string)?.key == hashtag.key, "\(text.unicodeScalars.map(\.value))")
    }
  }
}
