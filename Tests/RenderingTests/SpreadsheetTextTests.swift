import Foundation
import NamedQueries
import Testing

@testable import Rendering

@Suite struct SpreadsheetTextTests {
  @Test(arguments: [
    ("=1+1", "'=1+1"), ("+1", "'+1"), ("-1", "'-1"), ("@user", "'@user"), ("\tx", "'\tx"),
    ("\rx", "'\rx"), (" =1", "' =1"), ("\u{A0}=1", "'\u{A0}=1"), ("\"=1", "'\"=1"), ("'=1", "''=1"),
    ("＝1", "'＝1"), ("＠x", "'＠x"), ("\u{FEFF}=1", "'\u{FEFF}=1"), ("00123", "=\"00123\""),
    ("1234567890123456789", "=\"1234567890123456789\""), ("1E5", "=\"1E5\""), ("1e-5", "=\"1e-5\""),
    ("2024-01-02", "=\"2024-01-02\""), ("3-4", "=\"3-4\""), ("3/4", "=\"3/4\""),
    ("12:30", "=\"12:30\""),
    ("MARCH1", "=\"MARCH1\""), ("1 Sept", "=\"1 Sept\""), ("TRUE", "=\"TRUE\""),
    ("50%", "=\"50%\""),
    ("１２３", "=\"１２３\""), ("user1", "user1"), ("u_000123", "u_000123"), ("a-b", "a-b"),
    ("", ""), ("日本", "日本"), ("#tag", "#tag"), ("e", "e"), ("true story", "true story"),
    (String(repeating: "9", count: 300), "'" + String(repeating: "9", count: 300)),
  ])
  func textStaysText(_ text: String, _ field: String) {
    #expect(SpreadsheetText.field(text) == field)
  }

  /// A formula may hold a text constant and nothing else, whatever the text.
  @Test func noTextBecomesAFormula() {
    var generator = SeededGenerator(seed: 9)
    for text in hostileTexts + (0..<20_000).map({ _ in generator.text() }) {
      let field = SpreadsheetText.field(text)
      guard field.unicodeScalars.first == "=" else {
        #expect(!SpreadsheetText.startsFormula(field) || field.hasPrefix("'"))
        continue
      }
      #expect(Array(field.utf8) == Array("=\"\(text)\"".utf8))
      #expect(!text.contains("\"") && !text.unicodeScalars.contains("&"))
    }
  }

  @Test func fileHasMarkLineEndsAndLocalTimes() throws {
    let columns = [
      Column(name: "=x", kind: .id), Column(name: "n", kind: .percent),
      Column(name: "t", kind: .time),
    ]
    let rows: [[Cell]] = [
      [.integer(1_234_567_890_123_456_789), .real(-0.02), .integer(1_764_028_800_123_456)],
      [.null, .null, .text("-x")],
    ]
    let out = try rendered(columns, rows, options(.csv) { $0.excel = true }).text
    let expected =
      "\u{FEFF}'=x,n,t\r\n\"=\"\"1234567890123456789\"\"\",-0.02,2025-11-25 00:00:00\r\n,,'-x\r\n"
    #expect(Array(out.utf8) == Array(expected.utf8))
  }
}
