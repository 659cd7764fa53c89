/// Draws from a weighted set in constant time, by Walker's alias method in whole numbers.
///
/// Every index owns a cell of equal size; the cell of a light index is filled up by one heavier index,
/// its alias. A draw picks a cell, then a place in it. Whole numbers make the table, and with it the
/// posts, the same on every platform.
struct AliasTable: Sendable {
  private struct Cell {
    /// How much of the cell belongs to its own index, out of `cellSize`.
    var share: Int
    var alias: Int
  }

  private var cells: [Cell]
  private let cellSize: Int

  /// A table of weights.
  ///
  /// - Parameter weights: At least one, none negative, not all zero; the number of weights times their
  ///   sum must stay below 2⁶³.
  init(weights: [Int]) {
    let total = weights.reduce(0, +)
    precondition(total > 0 && weights.allSatisfy { $0 >= 0 }, "weights must be positive")
    cellSize = total
    cells = weights.indices.map { Cell(share: weights[$0] * weights.count, alias: $0) }
    var light = cells.indices.filter { cells[$0].share < total }
    var heavy = cells.indices.filter { cells[$0].share >= total }
    while let small = light.popLast(), let large = heavy.last {
      cells[small].alias = large
      cells[large].share -= total - cells[small].share
      if cells[large].share < total {
        heavy.removeLast()
        light.append(large)
      }
    }
  }

  /// Zipf's law with Mandelbrot's offset: the weight of rank r is in proportion to 1/(r + offset).
  ///
  /// - Parameter offset: Flattens the top, so that no single account has a tenth of all posts.
  static func zipf(count: Int, offset: Int) -> AliasTable {
    AliasTable(weights: (1...count).map { (1 << 36) / ($0 + offset) })
  }

  func draw(_ random: inout SplitMix64) -> Int {
    let index = random.below(cells.count)
    let cell = cells[index]
    return random.below(cellSize) < cell.share ? index : cell.alias
  }
}
