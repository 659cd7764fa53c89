import NamedQueries

/// Lines of braille dots over an axis, with the least, greatest and last value of each series.
///
/// With colour all series share one plot. Without, braille has nothing to tell them apart, and each
/// gets a plot of its own on the same scale.
struct LineChart {
  private let data: ChartData
  private let canvas: ChartCanvas
  private let series: [ChartData.Series]
  private let colours: [ChartColour]
  private let lowest: Double
  private let highest: Double

  /// More lines than colours could not be told apart.
  private static let mostSeries = ChartColour.series.count

  init(_ data: ChartData, _ canvas: ChartCanvas) {
    self.data = data
    self.canvas = canvas
    series = data.largestSeries(LineChart.mostSeries)
    colours = ChartColour.assigned(to: series.map(\.name))
    let values = series.flatMap { $0.values.compactMap { $0 } }
    let low = min(values.min() ?? 0, 0)
    let high = max(values.max() ?? 0, 0)
    lowest = low
    highest = high > low ? high : low + 1
  }

  func draw() -> String {
    var out = ""
    if canvas.hasColour || series.count == 1 {
      out += plot(Array(series.indices), height: 12)
      for index in series.indices { out += legend(index) }
    } else {
      for index in series.indices {
        out += legend(index)
        out += plot([index], height: 5)
      }
    }
    let left = data.series.count - series.count
    if left > 0 { out += "(\(left) smaller series not drawn)\n" }
    return out
  }

  private func legend(_ index: Int) -> String {
    let known = series[index].values.indices.filter { series[index].values[$0] != nil }
    func text(_ place: Int?) -> String { place.map { series[index].texts[$0] } ?? "–" }
    func value(_ place: Int) -> Double { series[index].values[place] ?? 0 }
    let least = known.min { value($0) < value($1) }
    let most = known.max { value($0) < value($1) }
    let named = series[index].name.isEmpty ? data.measures.first ?? "" : series[index].name
    let numbers = ["min " + text(least), "max " + text(most), "last " + text(known.last)]
    let room = canvas.width - numbers.reduce(3) { $0 + 2 + DisplayWidth.of($1) }
    let fits = room >= min(DisplayWidth.of(named), 6)
    let name = DisplayWidth.elided(named, to: fits ? room : canvas.width - 3)
    return canvas.paint("── " + name, colours[index])
      + numbers.map { (fits ? "  " : "\n   ") + $0 }.joined() + "\n"
  }

  private func plot(_ drawn: [Int], height: Int) -> String {
    let ticks = [0: highest, height / 2: (highest / 2 + lowest / 2), height - 1: lowest]
      .mapValues(NumberText.compact)
    let labelWidth = ticks.values.map(\.count).max() ?? 0
    let columns = max(canvas.width - labelWidth - 2, 4)
    var dots = BrailleCanvas(columns: columns, rows: height)
    for index in drawn { draw(series[index], as: index, on: &dots) }
    var out = ""
    for row in 0..<height {
      let label = DisplayWidth.padded(ticks[row] ?? "", to: labelWidth, right: true)
      let line = dots.text(row: row) { text, owner in canvas.paint(text, colours[owner]) }
      out += "\(label) \(ticks[row] == nil ? "│" : "┤")\(line)\n"
    }
    let margin = String(repeating: " ", count: labelWidth + 1)
    out += margin + "└" + String(repeating: "─", count: columns) + "\n"
    return out + margin + " " + axisLabels(columns) + "\n"
  }

  private func draw(
    _ series: ChartData.Series, as owner: Int, on dots: inout BrailleCanvas
  ) {
    var previous: (x: Int, y: Int)?
    for (index, value) in series.values.enumerated() {
      guard let value else {
        // A gap stays one: a line across it would show values that nobody measured.
        previous = nil
        continue
      }
      let height = LineChart.share(of: value, from: lowest, to: highest)
      let point = (
        x: Int((place(index) * Double(dots.width - 1)).rounded()),
        y: dots.height - 1 - Int((height * Double(dots.height - 1)).rounded())
      )
      dots.line(from: previous ?? point, to: point, owner: owner)
      previous = point
    }
  }

  /// Where a point lies along the axis, from 0 to 1.
  private func place(_ index: Int) -> Double {
    let count = data.points.count
    guard count > 1 else { return 0.5 }
    if data.isInOrder, let first = data.points.first?.position,
      let last = data.points.last?.position, let here = data.points[index].position
    {
      return LineChart.share(of: here, from: first, to: last)
    }
    return Double(index) / Double(count - 1)
  }

  /// How far a value is on the way between two others, from 0 to 1. In halves, since the difference
  /// of two huge numbers may be none.
  private static func share(of value: Double, from low: Double, to high: Double) -> Double {
    let span = high / 2 - low / 2
    guard span > 0 else { return 0 }
    return min(max((value / 2 - low / 2) / span, 0), 1)
  }

  /// The labels of the first, middle and last point, as far as there is room.
  private func axisLabels(_ columns: Int) -> String {
    let labels = LineChart.shortened(data.points.map(\.label))
    guard let first = labels.first, let last = labels.last else { return "" }
    let width = max((columns - 2) / 2, 1)
    let left = DisplayWidth.elided(first, to: width)
    guard labels.count > 1 else { return left }
    let right = DisplayWidth.elided(last, to: width)
    let gap = columns - DisplayWidth.of(left) - DisplayWidth.of(right)
    let middleIndex = labels.count / 2
    let middle = labels[middleIndex]
    let middleWidth = DisplayWidth.of(middle)
    let start = Int(place(middleIndex) * Double(columns - 1)) - middleWidth / 2
    let before = start - DisplayWidth.of(left)
    let after = gap - before - middleWidth
    guard labels.count > 2, before >= 2, after >= 2 else {
      return left + String(repeating: " ", count: max(gap, 1)) + right
    }
    return left + String(repeating: " ", count: before) + middle
      + String(repeating: " ", count: after) + right
  }

  /// Times without the parts that are the same for all: seconds and zone, and midnight of days.
  static func shortened(_ labels: [String]) -> [String] {
    func isTime(_ label: String) -> Bool {
      let bytes = Array(label.utf8)
      return bytes.count >= 20 && bytes[4] == UInt8(ascii: "-") && bytes[10] == UInt8(ascii: "T")
    }
    guard labels.allSatisfy(isTime) else { return labels }
    if labels.allSatisfy({ $0.dropFirst(11).hasPrefix("00:00:00") }) {
      return labels.map { String($0.prefix(10)) }
    }
    return labels.map { $0.prefix(10) + " " + $0.dropFirst(11).prefix(5) }
  }
}
