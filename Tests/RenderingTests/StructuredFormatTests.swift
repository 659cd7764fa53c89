import Foundation
import NamedQueries
import Testing

@testable import Rendering

@Suite struct StructuredFormatTests {
  let row: [Cell] = [
    .text("a\"b"), .integer(1_234_567_890_123_456_789), .integer(Int64.max), .real(.infinity),
    .real(12.5), .integer(1_764_000_000_000_000), .integer(1),
  ]

  @Test func jsonHasAnObjectALine() throws {
    let out = try rendered(everyKind, [row, everyKind.map { _ in .null }], options(.json)).text
    #expect(
      out == #"""
        [
        {"text":"a\"b","id":"1234567890123456789","count":9223372036854775807,"number":null,"percent":12.5,"time":"2025-11-24T16:00:00Z","flag":true},
        {"text":null,"id":null,"count":null,"number":null,"percent":null,"time":null,"flag":null}
        ]

        """#)
    #expect(try rendered(everyKind, [], options(.json)).text == "[]\n")
    #expect(try rendered(everyKind, [], options(.ndjson)).text.isEmpty)
  }

  @Test func equalNamesStayApart() {
    #expect(JSONWriter.distinctNames(["a", "a", "a_2", "a"]) == ["a", "a_3", "a_2", "a_4"])
    #expect(JSONWriter.distinctNames(["é", "e\u{301}"]).allSatisfy { !$0.hasSuffix("_2") })
  }

  @Test(arguments: [
    ("\u{2028}\u{2029}", #""\u2028\u2029""#), ("\u{0}\u{1F}", #""\u0000\u001f""#),
    ("\n\t\\", #""\n\t\\""#), ("👍日", "\"👍日\""), ("\u{9B}", #""\u009b""#),
  ])
  func jsonEscapes(_ text: String, _ expected: String) {
    var out: [UInt8] = []
    JSONText.append(text, to: &out)
    #expect(String(decoding: out, as: UTF8.self) == expected)
  }

  @Test func randomJSONIsValidAndExact() throws {
    var generator = SeededGenerator(seed: 77)
    let columns = [Column(name: "\u{0}\"k", kind: .text), Column(name: "n", kind: .number)]
    var rows: [[Cell]] = (0..<500).map { _ in [.text(generator.text()), generator.cell()] }
    rows += hostileTexts.map { [.text($0), .null] }
    let array = try rendered(columns, rows, options(.json)).text
    let read = try #require(
      try JSONSerialization.jsonObject(with: Data(array.utf8)) as? [[String: Any]])
    try #require(read.count == rows.count)
    for (object, row) in zip(read, rows) {
      guard case .text(let text) = row[0] else { continue }
      let value = try #require(object["\u{0}\"k"] as? String)
      #expect(Array(value.utf8) == Array(text.utf8))
    }
    let lines = try rendered(columns, rows, options(.ndjson)).text.split(separator: "\n")
    #expect(lines.count == rows.count)
    for line in lines {
      #expect(throws: Never.self) { try JSONSerialization.jsonObject(with: Data(line.utf8)) }
    }
  }

  @Test func tsvKeepsARowOnALine() throws {
    var generator = SeededGenerator(seed: 8)
    let columns = [Column(name: "a", kind: .text), Column(name: "b", kind: .text)]
    let texts = hostileTexts + (0..<500).map { _ in generator.text() }
    let sink = MemorySink()
    let writer = options(.tsv) { $0.nullText = "\\N" }.makeWriter(to: sink)
    try writer.begin(columns)
    for text in texts { try writer.row([.text(text), .null]) }
    try writer.finish()
    let lines = sink.bytes.split(separator: 0x0A)
    try #require(lines.count == texts.count + 1)
    for (line, text) in zip(lines.dropFirst(), texts) {
      let fields = line.split(separator: 0x09, omittingEmptySubsequences: false)
      try #require(fields.count == 2)
      #expect(Array(fields[1]) == Array("\\N".utf8))
      #expect(unescaped(Array(fields[0])) == Array(text.utf8))
    }
  }

  private func unescaped(_ field: [UInt8]) -> [UInt8] {
    var out: [UInt8] = []
    var isEscape = false
    for byte in field {
      if isEscape {
        let meant: [UInt8: UInt8] = [0x74: 0x09, 0x6E: 0x0A, 0x72: 0x0D, 0x5C: 0x5C]
        out.append(meant[byte] ?? 0)
        isEscape = false
      } else if byte == 0x5C {
        isEscape = true
      } else {
        out.append(byte)
      }
    }
    return out
  }

  @Test(arguments: [
    ("a|b", #"a\|b"#), (#"a\|b"#, #"a\\\|b"#), ("l\nl\r\nl", "l<br>l<br>l"), ("<b>", "&lt;b&gt;"),
    ("*x*", #"\*x\*"#), ("snake_case", "snake_case"), ("_x_", #"\_x\_"#), ("`", #"\`"#),
    ("\u{1B}[1m", #"␛\[1m"#),
  ])
  func markdownShowsTextAsItIs(_ text: String, _ expected: String) {
    #expect(MarkdownWriter.escaped(text) == expected)
  }

  @Test func markdownLinesUp() throws {
    let columns = [Column(name: "name", kind: .text), Column(name: "posts", kind: .count)]
    let rows: [[Cell]] = [[.text("日本"), .integer(12345)], [.null, .null]]
    #expect(
      try rendered(columns, rows, options(.markdown)).text == """
        | name | posts |
        | ---- | ----: |
        | 日本 | 12345 |
        |      |       |

        """)
  }

  @Test func verticalHasABlockARow() throws {
    let columns = [Column(name: "n", kind: .text), Column(name: "share", kind: .percent)]
    let rows: [[Cell]] = [[.text("a\nb"), .real(2.5)], [.null, .integer(3)]]
    #expect(
      try rendered(columns, rows, options(.vertical)).text
        == "n:     a↵b\nshare: 2.50%\n\nn:     \nshare: 3.00%\n")
  }
}
