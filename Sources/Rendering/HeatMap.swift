import NamedQueries

/// A grid of cells shaded by their value, with the numbers in the cells where they fit and the sum
/// of each row beside it.
struct HeatMap {
  private let data: ChartData
  private let canvas: ChartCanvas
  private let columns: [ChartData.Series]
  private let lowest: Double
  private let highest: Double

  init(_ data: ChartData, _ canvas: ChartCanvas) {
    self.data = data
    self.canvas = canvas
    columns = HeatMap.sorted(data.series)
    let values = data.series.flatMap { $0.values.compactMap { $0 } }
    lowest = values.min() ?? 0
    highest = values.max() ?? 0
  }

  /// Columns named by numbers, such as hours, in their order; others as they came.
  private static func sorted(_ series: [ChartData.Series]) -> [ChartData.Series] {
    let numbers = series.compactMap { Int($0.name) }
    guard numbers.count == series.count else { return series }
    return series.indices.sorted { (numbers[$0], $0) < (numbers[$1], $1) }.map { series[$0] }
  }

  func draw() -> String {
    let labels = data.points.map(\.label)
    let natural = labels.map { DisplayWidth.of($0) }.max() ?? 0
    let labelWidth = min(natural, max(canvas.width / 4, 6))
    let sums = data.points.indices.map { point in
      NumberText.compact(columns.reduce(0) { $0 + ($1.values[point] ?? 0) })
    }
    // A sum of rates says nothing.
    let showsSums = columns.count > 1 && !columns.contains { $0.kind == .percent }
    let sumWidth = showsSums ? (sums.map(\.count).max() ?? 0) + 2 : 0
    let room = max(canvas.width - labelWidth - 1 - sumWidth, 1)
    let numberWidth =
      columns.flatMap { $0.values.compactMap { $0.map(NumberText.compact) } }.map(\.count).max()
      ?? 0
    let showsNumbers = (numberWidth + (canvas.hasColour ? 2 : 3)) * columns.count <= room
    let widest =
      showsNumbers
      ? max(
        numberWidth + (canvas.hasColour ? 2 : 3),
        min(columns.map { DisplayWidth.of($0.name) + 1 }.max() ?? 0, 14)) : 3
    let cellWidth = max(min(room / max(columns.count, 1), widest), 1)
    let shown = columns.prefix(max(room / cellWidth, 1))

    var out = DisplayWidth.padded("", to: labelWidth) + " " + header(shown, cellWidth) + "\n"
    for (index, label) in labels.enumerated() {
      out += DisplayWidth.padded(DisplayWidth.elided(label, to: labelWidth), to: labelWidth) + " "
      for column in shown {
        out += cell(column.values[index], width: cellWidth, showsNumber: showsNumbers)
      }
      if showsSums { out += DisplayWidth.padded(sums[index], to: sumWidth, right: true) }
      out += "\n"
    }
    return out + key(hidden: columns.count - shown.count, showsSums: showsSums)
  }

  private func header(_ shown: ArraySlice<ChartData.Series>, _ cellWidth: Int) -> String {
    // Names wider than a cell are written over several cells, with some in between left out.
    let widest = shown.map { DisplayWidth.of($0.name) }.max() ?? 0
    let isNumbered = shown.allSatisfy { Int($0.name) != nil }
    let step = isNumbered ? max((widest + cellWidth) / cellWidth, 1) : 1
    var out = ""
    var index = shown.startIndex
    while index < shown.endIndex {
      let width = cellWidth * min(step, shown.endIndex - index)
      let name = DisplayWidth.elided(shown[index].name, to: width - (width > 1 ? 1 : 0))
      out += DisplayWidth.padded(name, to: width)
      index += step
    }
    return out
  }

  private func cell(_ value: Double?, width: Int, showsNumber: Bool) -> String {
    guard let value else { return DisplayWidth.padded("·", to: width) }
    let share = self.share(value)
    if canvas.hasColour {
      let number = showsNumber ? NumberText.compact(value) + " " : ""
      return canvas.fill(
        DisplayWidth.padded(number, to: width, right: true), ChartColour.scale(share))
    }
    let shade = HeatMap.shades[min(Int(share * Double(HeatMap.shades.count)), 4)]
    guard showsNumber else { return String(repeating: shade, count: width) }
    let number = NumberText.compact(value)
    return String(repeating: shade, count: max(width - number.count - 2, 1)) + " " + number + " "
  }

  private static let shades = [" ", "░", "▒", "▓", "█"]

  /// Where a value lies between the lowest and the highest, from 0 to 1.
  private func share(_ value: Double) -> Double {
    let span = highest / 2 - lowest / 2
    guard span > 0 else { return highest > 0 ? 1 : 0 }
    return (value / 2 - lowest / 2) / span
  }

  private func key(hidden: Int, showsSums: Bool) -> String {
    let steps: [Double] = [0, 0.25, 0.5, 0.75, 1]
    let swatches = zip(steps, HeatMap.shades).map { step, shade in
      canvas.hasColour
        ? canvas.fill("  ", ChartColour.scale(step)) : String(repeating: shade, count: 2)
    }
    var out = data.measures.first.map { $0 + "  " } ?? ""
    out = DisplayWidth.elided(out, to: max(canvas.width - 30, 6))
    out += NumberText.compact(lowest) + " " + swatches.joined() + " " + NumberText.compact(highest)
    if showsSums { out += "  (right: sum)" }
    out += "\n"
    if hidden > 0 {
      let what = hidden == 1 ? "1 column does" : "\(hidden) columns do"
      out += "(\(what) not fit)\n"
    }
    return out
  }
}
