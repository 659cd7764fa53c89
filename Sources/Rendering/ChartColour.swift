/// A colour of a chart.
struct ChartColour: Equatable {
  let red: UInt8
  let green: UInt8
  let blue: UInt8

  init(_ red: UInt8, _ green: UInt8, _ blue: UInt8) {
    (self.red, self.green, self.blue) = (red, green, blue)
  }

  /// Whether black is read better than white on it.
  var isLight: Bool { 299 * Int(red) + 587 * Int(green) + 114 * Int(blue) > 128_000 }

  /// The set of Okabe and Ito, made to be told apart also without seeing red or green; its black
  /// is left out, since half of all terminals are black.
  static let series: [ChartColour] = [
    ChartColour(86, 180, 233), ChartColour(230, 159, 0), ChartColour(0, 158, 115),
    ChartColour(204, 121, 167), ChartColour(240, 228, 66), ChartColour(0, 114, 178),
    ChartColour(213, 94, 0), ChartColour(153, 153, 153),
  ]

  /// The colour of each series: a sentiment has its own always, all others theirs by the order of
  /// their names, so that an answer sorted another way keeps its colours.
  static func assigned(to names: [String]) -> [ChartColour] {
    let order = names.indices.sorted { a, b in
      names[a].utf8.lexicographicallyPrecedes(names[b].utf8)
    }
    var colours = names.map { _ in series[0] }
    for (rank, index) in order.enumerated() {
      colours[index] =
        switch names[index] {
        case "positive": series[2]
        case "neutral": series[7]
        case "negative": series[6]
        default: series[rank % series.count]
        }
    }
    return colours
  }

  /// A colour from dark blue over green to yellow, even in lightness; `share` is from 0 to 1.
  static func scale(_ share: Double) -> ChartColour {
    let stops: [(Double, Double, Double)] = [
      (48, 18, 90), (52, 80, 140), (32, 144, 141), (110, 206, 88), (250, 230, 60),
    ]
    let place = min(max(share, 0), 1) * Double(stops.count - 1)
    let index = min(Int(place), stops.count - 2)
    let part = place - Double(index)
    let (from, to) = (stops[index], stops[index + 1])
    func mixed(_ a: Double, _ b: Double) -> UInt8 { UInt8(a + (b - a) * part) }
    return ChartColour(mixed(from.0, to.0), mixed(from.1, to.1), mixed(from.2, to.2))
  }
}
