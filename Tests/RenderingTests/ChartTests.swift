import NamedQueries
import Testing

@testable import Rendering

@Suite struct ChartTests {
  private let columns = [
    Column(name: "hour", kind: .time), Column(name: "sentiment", kind: .text),
    Column(name: "posts", kind: .count),
  ]

  private func hint(
    _ form: ChartHint.Form, _ x: String? = nil, _ y: [String] = [], _ series: String? = nil
  ) -> ChartHint {
    ChartHint(form: form, x: x, y: y, series: series)
  }

  private func draw(
    _ columns: [Column], _ rows: [[Cell]], _ hint: ChartHint, width: Int = 40,
    colour: ColourDepth = .none
  ) -> String {
    Chart.draw(
      columns: columns, rows: rows, hint: hint,
      options: RenderingOptions(format: .table, isTerminal: true, width: width, colour: colour))
  }

  @Test func barsHaveEighthsAndValues() {
    let columns = [Column(name: "topic", kind: .text), Column(name: "n", kind: .count)]
    let rows: [[Cell]] = [
      [.text("旅行"), .integer(1600)], [.text("b"), .integer(850)], [.text("c"), .integer(0)],
      [.text("d"), .null], [.text("e"), .integer(1)],
    ]
    #expect(
      draw(columns, rows, hint(.bar, "topic", ["n"]), width: 27)
        == """
        n
        旅行 ████████████████ 1,600
        b    ████████▌          850
        c                         0
        d                          \u{20}
        e    ▏                    1

        """.replacing("d                          \u{20}", with: "d                          "))
  }

  @Test func partsOfAPieHaveShares() {
    let columns = [Column(name: "p", kind: .text), Column(name: "n", kind: .count)]
    let rows: [[Cell]] = [[.text("a"), .integer(3)], [.text("b"), .integer(1)]]
    let out = draw(columns, rows, hint(.pie, "p", ["n"]))
    #expect(out.contains("3   75.00%") && out.contains("1   25.00%"))
  }

  @Test func negativeBarsPointLeft() {
    let columns = [Column(name: "p", kind: .text), Column(name: "n", kind: .number)]
    let rows: [[Cell]] = [[.text("up"), .integer(10)], [.text("down"), .integer(-10)]]
    let lines = draw(columns, rows, hint(.bar)).split(separator: "\n")
    let up = lines[1].firstIndex(of: "█").map {
      lines[1].distance(from: lines[1].startIndex, to: $0)
    }
    let down = lines[2].lastIndex(of: "█").map {
      lines[2].distance(from: lines[2].startIndex, to: $0)
    }
    #expect(up == down.map { $0 + 1 })
  }

  @Test func linesShareAPlotOnlyWithColour() {
    let rows: [[Cell]] = (0..<24).flatMap { hour in
      ["positive", "negative"].map { name in
        [
          .integer(hour * 3_600_000_000), .text(name),
          .integer(name == "positive" ? hour : 24 - hour),
        ]
      }
    }
    let chart = hint(.line, "hour", ["posts"], "sentiment")
    let plain = draw(columns, rows, chart, width: 60)
    #expect(plain.components(of: "└") == 2)
    #expect(plain.contains("1970-01-01 00:00") && plain.contains("1970-01-01 23:00"))
    #expect(plain.contains("── positive  min 0  max 23  last 23"))
    let coloured = draw(columns, rows, chart, width: 60, colour: .full)
    #expect(coloured.components(of: "└") == 1)
    #expect(
      coloured.contains("\u{1B}[38;2;0;158;115m") && coloured.contains("\u{1B}[38;2;213;94;0m"))
    // 36 is (0, 175, 135), 166 is (215, 95, 0): the nearest that xterm's palette has.
    let few = draw(columns, rows, chart, width: 60, colour: .palette)
    #expect(few.contains("\u{1B}[38;5;36m") && few.contains("\u{1B}[38;5;166m"))
  }

  @Test func heatMapShowsNumbersWhereTheyFit() {
    let columns = [
      Column(name: "day", kind: .text), Column(name: "hour", kind: .text),
      Column(name: "n", kind: .count),
    ]
    let rows: [[Cell]] = ["Mon", "Tue"].flatMap { day in
      (0..<24).map { [.text(day), .text("\($0)"), .integer(Int64($0) * 100)] }
    }
    let narrow = draw(columns, rows, hint(.heatmap, "day", ["n"], "hour"), width: 80)
    #expect(narrow.contains("Mon ") && narrow.contains("██") && narrow.contains("27.6k"))
    let wide = draw(columns, rows, hint(.heatmap, "day", ["n"], "hour"), width: 240)
    #expect(wide.contains("2.3k"))
  }

  /// Whatever the numbers and the room, a chart is drawn, fits, and sends nothing of the data's.
  @Test(arguments: ChartHint.Form.allCases)
  func anyAnswerIsDrawn(_ form: ChartHint.Form) {
    var generator = SeededGenerator(seed: 99)
    let kinds: [Column.Kind] = [.time, .text, .count, .number]
    let columns = kinds.map { Column(name: $0.rawValue, kind: $0) }
    for round in 0..<120 {
      let rows = (0..<Int.random(in: 0...20, using: &generator)).map { _ in
        kinds.map { _ in round % 3 == 0 ? Cell.integer(0) : generator.cell() }
      }
      let width = [20, 40, 80, 200][round % 4]
      for chart in [
        hint(form), hint(form, "time", ["count"], "text"), hint(form, "absent", ["absent"]),
      ] {
        for colour in [ColourDepth.none, .palette, .full] {
          let out = draw(columns, rows, chart, width: width, colour: colour)
          #expect(out.hasSuffix("\n"))
          let safe = withoutColour(out)
          #expect(!safe.unicodeScalars.contains("\u{1B}"))
          guard [.bar, .pie, .sunburst, .line, .heatmap].contains(form), width >= 80 else {
            continue
          }
          for line in safe.split(separator: "\n") where !rows.isEmpty {
            #expect(DisplayWidth.of(String(line)) <= width, "\(line)")
          }
        }
      }
    }
  }

  /// The text without the colours a chart sets itself.
  private func withoutColour(_ text: String) -> String {
    var out = ""
    var rest = text[...]
    while let start = rest.firstRange(of: "\u{1B}[") {
      out += rest[..<start.lowerBound]
      let tail = rest[start.upperBound...]
      let end = tail.firstIndex { !"0123456789;".contains($0) } ?? tail.endIndex
      rest = end == tail.endIndex ? "" : tail[tail.index(after: end)...]
    }
    return out + rest
  }
}

extension String {
  /// How often a character occurs.
  fileprivate func components(of character: Character) -> Int { filter { $0 == character }.count }
}
