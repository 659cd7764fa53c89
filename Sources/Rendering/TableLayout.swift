/// How wide each column of a table is, so that a line fits a terminal.
///
/// Text is cut first, the widest columns before the others, and headers with it. A number is never
/// cut, since a part of a number is another number, and neither is what identifies a row: columns that
/// still do not fit are left out at the right, all but the first.
struct TableLayout: Equatable {
  /// The cells of each column that is shown, from the left.
  private(set) var widths: [Int]
  /// How many columns are left out at the right; a column of `…` stands for them.
  private(set) var hidden = 0

  /// - Parameters:
  ///   - headers: The cells of each name.
  ///   - values: The cells of the widest value of each column.
  ///   - isWhole: Whether a column's values must not be cut.
  ///   - limit: The cells of a line; nil for any number.
  ///   - gap: The cells between two columns.
  ///   - edges: The cells of both edges of a line together.
  init(headers: [Int], values: [Int], isWhole: [Bool], limit: Int?, gap: Int, edges: Int) {
    widths = zip(headers, values).map { max($0, $1, 1) }
    guard let limit else { return }
    let natural = widths
    let least = natural.indices.map { index in
      isWhole[index]
        ? max(values[index], min(headers[index], 6), 1) : min(natural[index], 10)
    }
    func frame(_ count: Int) -> Int { edges + gap * (count - 1) }
    var shown = natural.count
    func needed() -> Int {
      let more = shown < natural.count ? gap + 1 : 0
      return least[..<shown].reduce(0, +) + frame(shown) + more
    }
    while shown > 1, needed() > limit { shown -= 1 }
    hidden = natural.count - shown
    let room = limit - frame(shown) - (hidden > 0 ? gap + 1 : 0)
    widths = TableLayout.fitted(
      Array(natural[..<shown]), least: Array(least[..<shown]), room: room)
    // A single column of text may be narrower than its least; a terminal can be very narrow.
    if shown == 1, !isWhole[0], widths[0] > room { widths[0] = max(room, 1) }
  }

  /// The widths under the highest common cap that fits, and what is then left to spare.
  private static func fitted(_ natural: [Int], least: [Int], room: Int) -> [Int] {
    func capped(_ cap: Int) -> [Int] {
      zip(natural, least).map { max($1, min($0, cap)) }
    }
    if natural.reduce(0, +) <= room { return natural }
    var low = 0
    var high = natural.max() ?? 0
    while low < high {
      let cap = (low + high + 1) / 2
      if capped(cap).reduce(0, +) <= room { low = cap } else { high = cap - 1 }
    }
    var widths = capped(low)
    var spare = room - widths.reduce(0, +)
    for index in widths.indices where spare > 0 && widths[index] < natural[index] {
      widths[index] += 1
      spare -= 1
    }
    return widths
  }
}
