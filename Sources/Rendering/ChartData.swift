import NamedQueries

/// An answer laid out for a chart: points along an axis, and series of numbers over them.
struct ChartData {
  /// One place on the axis.
  struct Point {
    /// What is written there, safe for a terminal.
    let label: String
    /// Where it lies, if the axis is one of time or numbers.
    let position: Double?
  }
  /// The numbers of one name, one for each point; nil where there is none.
  struct Series {
    let name: String
    let kind: Column.Kind
    var values: [Double?]
    /// The values as a table shows them.
    var texts: [String]
  }

  /// The points: those of an axis of numbers or time in order, others as they came.
  private(set) var points: [Point] = []
  /// The series, in order of appearance.
  private(set) var series: [Series] = []
  /// Whether every point has a position, and the points are in its order.
  private(set) var isInOrder = false
  /// The names of the columns that are measured.
  let measures: [String]
  /// Whether the series are values of one column, rather than a column each.
  let isSplit: Bool

  init(columns: [Column], rows: [[Cell]], hint: ChartHint, options: RenderingOptions) {
    let text = CellText(options)
    func index(_ name: String?) -> Int? {
      name.flatMap { name in columns.firstIndex { $0.name.utf8.elementsEqual(name.utf8) } }
    }
    func measurable(_ index: Int) -> Bool {
      columns[index].kind.isNumeric
        && rows.contains { $0[index].number != nil || $0[index] == .null }
    }
    let split = index(hint.series)
    let axis =
      index(hint.x)
      ?? columns.indices.first { !columns[$0].kind.isNumeric && $0 != split }
    var measured = hint.y.compactMap { index($0) }.filter(measurable)
    if measured.isEmpty {
      measured = columns.indices.filter { measurable($0) && $0 != axis && $0 != split }
    }
    // Of several columns over series of their own, the first is drawn: the others have other units.
    if split != nil { measured = Array(measured.prefix(1)) }
    measures = measured.map { TerminalText.visible(columns[$0].name) }
    isSplit = split != nil

    let labels = rows.enumerated().map { number, row in
      axis.map { text.readable(row[$0], columns[$0].kind) } ?? "\(number + 1)"
    }
    let names = rows.map { row in split.map { text.readable(row[$0], columns[$0].kind) } ?? "" }
    var pointAt: [[UInt8]: Int] = [:]
    var seriesAt: [[UInt8]: Int] = [:]
    var pointOfRow: [Int] = []
    for (number, label) in labels.enumerated() {
      // Without a column of series each row is a point of its own, even if two are of one name.
      let key = Array(label.utf8) + (split == nil ? Array(" \(number)".utf8) : [])
      if let known = pointAt[key] {
        pointOfRow.append(known)
        continue
      }
      pointAt[key] = points.count
      pointOfRow.append(points.count)
      let position = axis.flatMap { axis in
        columns[axis].kind == .text || columns[axis].kind == .id ? nil : rows[number][axis].number
      }
      points.append(Point(label: label, position: position))
    }
    for (rowNumber, row) in rows.enumerated() {
      for column in measured {
        let name = split == nil ? TerminalText.visible(columns[column].name) : names[rowNumber]
        let key = Array(name.utf8) + (split == nil ? Array(" \(column)".utf8) : [])
        let place = seriesAt[key] ?? series.count
        if place == series.count {
          seriesAt[key] = place
          series.append(
            Series(
              name: name, kind: columns[column].kind, values: points.map { _ in nil },
              texts: points.map { _ in "" }))
        }
        let point = pointOfRow[rowNumber]
        series[place].values[point] = row[column].number
        series[place].texts[point] = text.readable(row[column], columns[column].kind)
      }
    }
    sortPoints()
  }

  /// The series that are largest in sum, in the order they have.
  func largestSeries(_ count: Int) -> [Series] {
    guard series.count > count else { return series }
    let sums = series.map { $0.values.reduce(0) { $0 + ($1 ?? 0).magnitude } }
    let kept = series.indices.sorted { (sums[$0], $1) > (sums[$1], $0) }.prefix(count)
    return kept.sorted().map { series[$0] }
  }

  /// Puts the points of an axis of numbers or time into its order.
  private mutating func sortPoints() {
    let positions = points.compactMap(\.position)
    guard positions.count == points.count else { return }
    isInOrder = true
    let order = points.indices.sorted { (positions[$0], $0) < (positions[$1], $1) }
    guard order != Array(points.indices) else { return }
    points = order.map { points[$0] }
    for index in series.indices {
      series[index].values = order.map { [values = series[index].values] in values[$0] }
      series[index].texts = order.map { [texts = series[index].texts] in texts[$0] }
    }
  }
}
