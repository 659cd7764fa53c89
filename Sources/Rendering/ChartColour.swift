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

  /// How it is told to a terminal, after `38;` for ink and `48;` for ground; nil if it has no colours.
  func code(_ depth: ColourDepth) -> String? {
    switch depth {
    case .none: nil
    case .palette: "5;\(paletteIndex)"
    case .full: "2;\(red);\(green);\(blue)"
    }
  }

  /// The nearest of xterm's palette: of its cube, whose six levels are 0 and 95 to 255 by 40, or of
  /// its greys, 8 to 238 by 10.
  private var paletteIndex: Int {
    func level(_ value: UInt8) -> Int { value < 48 ? 0 : value < 115 ? 1 : (Int(value) - 35) / 40 }
    func distance(_ r: Int, _ g: Int, _ b: Int) -> Int {
      let (r, g, b) = (r - Int(red), g - Int(green), b - Int(blue))
      return r * r + g * g + b * b
    }
    func light(_ level: Int) -> Int { level == 0 ? 0 : 55 + 40 * level }
    let (r, g, b) = (level(red), level(green), level(blue))
    let grey = min(max(((Int(red) + Int(green) + Int(blue)) / 3 - 3) / 10, 0), 23)
    let greyLight = 8 + 10 * grey
    return distance(greyLight, greyLight, greyLight) < distance(light(r), light(g), light(b))
      ? 232 + grey : 16 + 36 * r + 6 * g + b
  }

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
