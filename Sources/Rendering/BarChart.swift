import NamedQueries

/// Bars from left to right in steps of an eighth of a cell, each with its value.
///
/// A pie is drawn this way too, with the share of each part: lengths are compared more easily than
/// angles, and a terminal has no circles.
struct BarChart {
  private let data: ChartData
  private let canvas: ChartCanvas
  private let showsShares: Bool

  init(_ data: ChartData, _ canvas: ChartCanvas, showsShares: Bool = false) {
    self.data = data
    self.canvas = canvas
    self.showsShares = showsShares
  }

  /// One line of the chart.
  private struct Bar {
    let label: String
    let value: Double?
    let text: String
    let colour: ChartColour
  }

  func draw() -> String {
    let colours = ChartColour.assigned(to: data.series.map(\.name))
    if data.isSplit {
      return draw(splitBars(colours))
    }
    // Columns have units of their own, and so each a scale of its own.
    return zip(data.series, colours).map { series, colour in
      let bars = data.points.indices.map { index in
        Bar(
          label: data.points[index].label, value: series.values[index], text: series.texts[index],
          colour: colour)
      }
      return canvas.paint(DisplayWidth.elided(series.name, to: canvas.width), colour) + "\n"
        + draw(bars)
    }.joined(separator: "\n")
  }

  private func splitBars(_ colours: [ChartColour]) -> [Bar] {
    data.points.indices.flatMap { point in
      data.series.indices.compactMap { index in
        let series = data.series[index]
        guard let value = series.values[point] else { return nil }
        return Bar(
          label: data.points[point].label + " · " + series.name, value: value,
          text: series.texts[point], colour: colours[index])
      }
    }
  }

  private func draw(_ bars: [Bar]) -> String {
    let total = bars.reduce(0) { $0 + max($1.value ?? 0, 0) }
    let texts = bars.map { bar in
      guard showsShares, let value = bar.value else { return bar.text }
      return bar.text + "  " + share(value, of: total)
    }
    let textWidth = texts.map { DisplayWidth.of($0) }.max() ?? 0
    let natural = bars.map { DisplayWidth.of($0.label) }.max() ?? 0
    let labelWidth = min(natural, max(6, (canvas.width - textWidth) / 2))
    let room = max(canvas.width - labelWidth - textWidth - 2, 1)
    let highest = max(bars.compactMap(\.value).max() ?? 0, 0)
    let lowest = min(bars.compactMap(\.value).min() ?? 0, 0)
    // In halves, a difference of two huge numbers is still a number.
    let span = highest / 2 - lowest / 2
    let left = span > 0 ? Int((-lowest / 2 / span * Double(room)).rounded()) : 0
    var out = ""
    for (bar, text) in zip(bars, texts) {
      let label = DisplayWidth.padded(
        DisplayWidth.elided(bar.label, to: labelWidth), to: labelWidth)
      let cells =
        (bar.value ?? 0) == 0 || span == 0 ? 0 : (bar.value ?? 0) / 2 / span * Double(room)
      let drawn = BarChart.bar(cells, left: left, room: room)
      let before = String(repeating: " ", count: drawn.before)
      let after = String(repeating: " ", count: drawn.after)
      out += label + " " + before + canvas.paint(drawn.blocks, bar.colour) + after + " "
      out += DisplayWidth.padded(text, to: textWidth, right: true) + "\n"
    }
    return out
  }

  private func share(_ value: Double, of total: Double) -> String {
    guard total > 0, total.isFinite, value >= 0 else {
      return DisplayWidth.padded("–", to: 7, right: true)
    }
    return DisplayWidth.padded(
      NumberText.fixed(value / total * 100, decimals: 2) + "%", to: 7, right: true)
  }

  /// The blocks of a bar of some cells, to the left of the axis if there are less than none. A bar
  /// of anything but zero is seen.
  static func bar(_ cells: Double, left: Int, room: Int) -> (
    before: Int, blocks: String, after: Int
  ) {
    if cells < 0 {
      // There are no eighths that fill a cell from its right, only a half.
      let halves = min(max(Int((-cells * 2).rounded()), 1), max(left, 1) * 2)
      let blocks = (halves % 2 == 1 ? "▐" : "") + String(repeating: "█", count: halves / 2)
      let count = (halves + 1) / 2
      let before = max(left - count, 0)
      return (before, blocks, max(room - before - count, 0))
    }
    let space = max(room - left, 1)
    let eighths = cells == 0 ? 0 : min(max(Int((cells * 8).rounded()), 1), space * 8)
    let parts = ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"]
    let blocks = String(repeating: "█", count: eighths / 8) + parts[eighths % 8]
    let before = min(left, room - 1)
    return (before, blocks, max(room - before - (eighths + 7) / 8, 0))
  }
}
