import Testing

@testable import Rendering

@Suite struct DisplayWidthTests {
  @Test(arguments: [
    ("", 0), ("abc", 3), ("é", 1), ("e\u{301}\u{302}", 1), ("日本語", 6), ("ｆｕｌｌ", 8),
    ("ｶﾅ", 2), ("ﾊﾟ", 2), ("한국어", 6), ("각", 2), ("👍", 2), ("👍🏿", 2), ("👨‍👩‍👧‍👦", 2),
    ("👩🏽‍💻", 2), ("🇫🇷", 2), ("🇫🇷🇩🇪", 4), ("🏴󠁧󠁢󠁥󠁮󠁧󠁿", 2), ("❤", 1), ("❤️", 2), ("1️⃣", 2),
    ("🏳️‍🌈", 2), ("™", 1), ("…", 1), ("நி", 2), ("क्षि", 2), ("שָׁלוֹם", 4), ("a\u{200B}b", 2),
    ("\u{1B}", 0), ("䷀", 2), ("𠀋", 2), ("ﷺ", 1), (" \u{1F3FD}", 3),
  ])
  func widthIsThatOfATerminal(_ text: String, _ width: Int) {
    #expect(DisplayWidth.of(text) == width)
  }

  @Test(arguments: [
    ("abc", 3, "abc"), ("abcd", 3, "ab…"), ("日本語", 5, "日本…"), ("日本語", 4, "日…"),
    ("日本語", 6, "日本語"), ("a", 0, ""), ("日", 1, "…"), ("👨‍👩‍👧‍👦👍", 3, "👨‍👩‍👧‍👦…"), ("", 0, ""),
  ])
  func elidedTextFits(_ text: String, _ width: Int, _ expected: String) {
    let elided = DisplayWidth.elided(text, to: width)
    #expect(elided == expected)
    #expect(DisplayWidth.of(elided) <= width)
  }

  @Test func elidedRandomTextFits() {
    var generator = SeededGenerator(seed: 11)
    for _ in 0..<2000 {
      let text = TerminalText.visible(generator.text())
      let width = Int.random(in: 0...12, using: &generator)
      let elided = DisplayWidth.elided(text, to: width)
      #expect(DisplayWidth.of(elided) <= width, "\(text.unicodeScalars.map { $0.value })")
      #expect((elided == text) == (DisplayWidth.of(text) <= width) || text.isEmpty)
    }
  }
}
