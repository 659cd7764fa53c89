/// A grid of dots, two across and four down in each cell of a terminal.
struct BrailleCanvas {
  /// The cells across and down.
  let columns: Int, rows: Int
  private var dots: [UInt8]
  private var owners: [Int]

  init(columns: Int, rows: Int) {
    self.columns = columns
    self.rows = rows
    dots = Array(repeating: 0, count: columns * rows)
    owners = Array(repeating: 0, count: columns * rows)
  }

  /// The dots across and down.
  var width: Int { columns * 2 }
  var height: Int { rows * 4 }

  /// Sets a dot, from the top left, for a series; of several series in one cell the last owns it.
  mutating func set(x: Int, y: Int, owner: Int) {
    guard (0..<width).contains(x), (0..<height).contains(y) else { return }
    // Dots 1 2 3 7 are the left column from the top, 4 5 6 8 the right one.
    let bits: [[UInt8]] = [[0x01, 0x02, 0x04, 0x40], [0x08, 0x10, 0x20, 0x80]]
    let cell = y / 4 * columns + x / 2
    dots[cell] |= bits[x % 2][y % 4]
    owners[cell] = owner
  }

  /// Sets the dots of a straight line.
  mutating func line(from a: (x: Int, y: Int), to b: (x: Int, y: Int), owner: Int) {
    let steps = max(abs(b.x - a.x), abs(b.y - a.y), 1)
    for step in 0...steps {
      let part = Double(step) / Double(steps)
      set(
        x: a.x + Int((Double(b.x - a.x) * part).rounded()),
        y: a.y + Int((Double(b.y - a.y) * part).rounded()), owner: owner)
    }
  }

  /// The text of a row, each run of cells of one series passed through `paint`.
  func text(row: Int, paint: (String, Int) -> String) -> String {
    var out = ""
    var run = ""
    var owner = 0
    for column in 0..<columns {
      let cell = row * columns + column
      if dots[cell] != 0, owners[cell] != owner {
        out += run.isEmpty ? "" : paint(run, owner)
        run = ""
        owner = owners[cell]
      }
      if dots[cell] == 0 {
        run += " "
      } else if let scalar = Unicode.Scalar(0x2800 + UInt32(dots[cell])) {
        run.unicodeScalars.append(scalar)
      }
    }
    return out + (run.isEmpty ? "" : paint(run, owner))
  }
}
