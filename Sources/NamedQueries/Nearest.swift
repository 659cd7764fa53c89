/// The few of some names that are most like a mistyped one, best first.
///
/// Likeness is the edit distance with transpositions, whatever the letter case; a name that holds
/// what was typed is like it too.
public func nearest(to typed: String, among names: [String], limit: Int = 3) -> [String] {
  let typed = typed.lowercased()
  var ranked: [(name: String, distance: Int)] = []
  for name in names {
    let lower = name.lowercased()
    let distance =
      lower.contains(typed) ? 1 : editDistance(Array(typed), Array(lower))
    if distance <= max(2, typed.count / 2) { ranked.append((name, distance)) }
  }
  ranked.sort { ($0.distance, $0.name) < ($1.distance, $1.name) }
  return ranked.prefix(limit).map(\.name)
}

/// The number of insertions, deletions, substitutions and swaps of neighbours between two texts.
func editDistance(_ a: [Character], _ b: [Character]) -> Int {
  var rows = [Array(0...b.count)]
  for i in 0..<a.count {
    var row = [i + 1]
    for j in 0..<b.count {
      var best = min(rows[i][j + 1] + 1, row[j] + 1, rows[i][j] + (a[i] == b[j] ? 0 : 1))
      if i > 0, j > 0, a[i] == b[j - 1], a[i - 1] == b[j] {
        best = min(best, rows[i - 1][j - 1] + 1)
      }
      row.append(best)
    }
    rows.append(row)
  }
  return rows[a.count][b.count]
}
