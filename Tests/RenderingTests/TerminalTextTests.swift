import NamedQueries
import Testing

@testable import Rendering

@Suite struct TerminalTextTests {
  @Test(arguments: [
    ("a\u{1B}[31mb", "a␛[31mb"), ("\u{0}", "␀"), ("a\nb", "a↵b"), ("a\r\nb", "a↵b"),
    ("a\rb", "a␍b"), ("a\tb", "a␉b"), ("\u{7F}", "␡"), ("\u{9B}0m", "<U+009B>0m"),
    ("\u{202E}x", "<U+202E>x"), ("a\u{2028}b", "a<U+2028>b"), ("\u{301}x", "◌\u{301}x"),
    ("👨‍👩‍👧‍👦", "👨‍👩‍👧‍👦"), ("🏴󠁧󠁢󠁥󠁮󠁧󠁿", "🏴󠁧󠁢󠁥󠁮󠁧󠁿"), ("a\u{E0041}", "a<U+E0041>"), ("می‌خواهم", "می‌خواهم"),
  ])
  func whatSteersATerminalIsShown(_ text: String, _ visible: String) {
    #expect(Array(TerminalText.visible(text).utf8) == Array(visible.utf8))
  }

  @Test func marksDoNotPileUp() {
    let tower = "Z" + String(repeating: "\u{301}", count: 5000)
    #expect(TerminalText.visible(tower).unicodeScalars.count < 50)
  }

  /// No format for people lets a control or a mark of direction through, on any cell.
  @Test(arguments: Format.allCases)
  func terminalGetsNothingThatSteersIt(_ format: Format) throws {
    var generator = SeededGenerator(seed: 5)
    let random = (0..<300).map { _ in everyKind.map { _ in generator.cell() } }
    let hostile = hostileTexts.map { text in everyKind.map { _ in Cell.text(text) } }
    for width in [nil, 200, 40, 1] {
      let text = try rendered(
        everyKind, hostile + random,
        options(format) {
          $0.isTerminal = true
          $0.width = width
          $0.nullText = "\u{1B}[5m"
        }
      ).text
      for scalar in text.unicodeScalars where TerminalText.isUnsafe(scalar) {
        // Line ends are the format's own, and tags are part of the flag of England.
        #expect(
          ["\n", "\t", "\r"].contains(scalar) || (0xE0020...0xE007F).contains(scalar.value),
          "U+\(String(scalar.value, radix: 16))")
      }
    }
  }
}
