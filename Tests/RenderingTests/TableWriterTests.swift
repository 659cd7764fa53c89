import NamedQueries
import Testing

@testable import Rendering

@Suite struct TableWriterTests {
  let columns = [
    Column(name: "topic", kind: .text), Column(name: "likes", kind: .count),
    Column(name: "share", kind: .percent),
  ]
  let rows: [[Cell]] = [
    [.text("旅行 👩‍👩‍👧‍👦"), .integer(1_234_567), .real(12.5)], [.text("a\nb"), .integer(-3), .null],
  ]

  @Test func boxedOnATerminal() throws {
    #expect(
      try rendered(columns, rows, options(.table) { $0.isTerminal = true }).text == """
        ┌─────────┬───────────┬────────┐
        │ topic   │     likes │  share │
        ├─────────┼───────────┼────────┤
        │ 旅行 👩‍👩‍👧‍👦 │ 1,234,567 │ 12.50% │
        │ a↵b     │        -3 │        │
        └─────────┴───────────┴────────┘

        """)
  }

  @Test func plainWhenPiped() throws {
    #expect(
      try rendered(columns, rows, options(.table) { $0.nullText = "-" }).text == """
        topic      likes   share
        -------  -------  ------
        旅行 👩‍👩‍👧‍👦  1234567  12.50%
        a↵b           -3       -

        """)
  }

  @Test func noRowsIsANoteAndNotData() throws {
    let out = try rendered(columns, [], options(.table))
    #expect(out.text == "topic  likes  share\n-----  -----  -----\n")
    #expect(out.notes == ["(no rows)"])
    #expect(try rendered([], [], options(.table)).text.isEmpty)
  }

  @Test func flagsAndIdentifiersAreNotNumbers() throws {
    let columns = [Column(name: "id", kind: .id), Column(name: "ok", kind: .flag)]
    let out = try rendered(
      columns, [[.integer(1_234_567), .integer(1)]],
      options(.table) { $0.isTerminal = true })
    #expect(out.text.contains("│ 1234567 │ yes │"))
  }

  @Test func widestTextIsCutFirstAndNumbersNever() throws {
    let long = String(repeating: "x", count: 100)
    let settings = options(.table) {
      $0.isTerminal = true
      $0.width = 50
    }
    let out = try rendered(columns, [[.text(long), .integer(123_456_789), .real(1)]], settings).text
    #expect(out.contains("123,456,789") && out.contains("x…"))
    #expect(out.split(separator: "\n").allSatisfy { DisplayWidth.of(String($0)) == 50 })
    let wide = try rendered(
      columns, [[.text(long), .null, .null]],
      options(.table) {
        $0.isTerminal = true
        $0.width = 50
        $0.wide = true
      }
    ).text
    #expect(wide.contains(long))
  }

  @Test(arguments: [Format.table, .markdown])
  func aTextWithoutEndDoesNotWidenATableInAPipe(_ format: Format) throws {
    for long in ["x", "名", "\n", "|", "👩‍👩‍👧‍👦"].map({ String(repeating: $0, count: 20_000) }) {
      let out = try rendered(columns, [[.text(long), .integer(1), .null]], options(format))
      #expect(out.text.utf8.count < 10_000)
      #expect(out.text.contains("…"))
      #expect(out.notes.first?.contains("csv") == true)
      for whole in [Format.csv, .json, .tsv, .ndjson, .vertical] {
        let text = try rendered(columns, [[.text(long), .integer(1), .null]], options(whole)).text
        #expect(text.utf8.count >= long.utf8.count)
      }
    }
    let fits = String(repeating: "y", count: 200)
    let out = try rendered(columns, [[.text(fits), .integer(1), .null]], options(format))
    #expect(out.text.contains(fits) && out.notes.isEmpty)
  }

  @Test func aLocalDayOfTheFirstYearIsATime() throws {
    let columns = [Column(name: "day", kind: .time)]
    // 0001-01-01T00:00+14:00, and the last instant that a text with a zone can name.
    let rows: [[Cell]] = [
      [.integer(-62_135_647_200_000_000)], [.integer(253_402_365_599_000_000)],
    ]
    for format in [Format.csv, .table, .json] {
      let text = try rendered(
        columns, rows, options(format) { $0.zoneOffset = { _ in 14 * 3600 } }
      ).text
      #expect(text.contains("0001-01-01T00:00:00+14:00"))
      #expect(text.contains("10000-01-02T07:59:59+14:00"))
    }
  }

  @Test func columnsThatDoNotFitAreNamedInANote() throws {
    let many = (0..<21).map { Column(name: "column\($0)", kind: $0 == 0 ? .text : .count) }
    let row = many.indices.map { $0 == 0 ? Cell.text("a") : .integer(1_000_000) }
    let narrow = options(.table) {
      $0.isTerminal = true
      $0.width = 80
    }
    let out = try rendered(many, [row, row], narrow)
    #expect(out.text.split(separator: "\n").allSatisfy { DisplayWidth.of(String($0)) <= 80 })
    #expect(out.text.contains("│ … │"))
    #expect(out.notes.first?.contains("columns do not fit and are left out") == true)
    #expect(out.notes.first?.contains("--wide") == true)
    // A single row is written down the screen, whole.
    let one = try rendered(many, [row], narrow)
    #expect(one.text.split(separator: "\n").count == 21)
    #expect(one.text.contains("column20: ") && one.notes.isEmpty)
  }

  /// What identifies a row is of no use in part.
  @Test func timesAndIDsAreShownWhole() throws {
    let columns = [
      Column(name: "id", kind: .id), Column(name: "at", kind: .time),
      Column(name: "text", kind: .text), Column(name: "more", kind: .text),
    ]
    let rows: [[Cell]] = (0..<3).map { number in
      [
        .text("4649f74d-d7e\(number)"), .integer(Int64(number) * 3_600_000_000),
        .text(String(repeating: "words ", count: 20)), .text(String(repeating: "more ", count: 20)),
      ]
    }
    for width in 45...120 {
      let out = try rendered(
        columns, rows,
        options(.table) {
          $0.isTerminal = true
          $0.width = width
        }
      ).text
      #expect(out.contains(" 4649f74d-d7e2 ") && out.contains(" 1970-01-01T02:00:00Z "), "\(width)")
      #expect(out.split(separator: "\n").allSatisfy { DisplayWidth.of(String($0)) <= width })
    }
  }

  @Test func everyLineIsAsWideAsTheOthers() throws {
    var generator = SeededGenerator(seed: 21)
    for width in [nil, 500, 120, 80, 60] {
      let cells = (0..<100).map { _ in
        [Cell.text(generator.text()), .integer(7), .text(generator.text())]
      }
      let kinds = [
        Column(name: "a", kind: .text), Column(name: "b", kind: .count),
        Column(name: "c", kind: .id),
      ]
      let out = try rendered(
        kinds, cells,
        options(.table) {
          $0.isTerminal = true
          $0.width = width
        }
      ).text
      let widths = Set(out.split(separator: "\n").map { DisplayWidth.of(String($0)) })
      #expect(widths.count == 1)
      #expect((widths.first ?? 0) <= width ?? .max)
    }
  }
}
