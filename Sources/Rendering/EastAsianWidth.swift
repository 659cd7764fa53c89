/// The scalars that East Asian Width (Unicode Standard Annex 11) calls wide or full-width.
enum EastAsianWidth {
  /// Whether a scalar takes two cells. Emoji are left to the standard library's own property.
  static func isWide(_ scalar: Unicode.Scalar) -> Bool {
    let value = scalar.value
    guard value >= 0x1100 else { return false }
    var low = 0
    var high = ranges.count
    while low < high {
      let middle = (low + high) / 2
      if value > ranges[middle].1 { low = middle + 1 } else { high = middle }
    }
    return low < ranges.count && value >= ranges[low].0
  }

  /// First and last scalar of each range in order. Gaps that are not assigned are taken along where
  /// both sides are wide.
  private static let ranges: [(UInt32, UInt32)] = [
    (0x1100, 0x115F), (0x2329, 0x232A), (0x2630, 0x2637), (0x268A, 0x268F), (0x2E80, 0x303E),
    (0x3041, 0x3247), (0x3250, 0xA4C6), (0xA960, 0xA97C), (0xAC00, 0xD7A3), (0xF900, 0xFAD9),
    (0xFE10, 0xFE19), (0xFE30, 0xFE6B), (0xFF01, 0xFF60), (0xFFE0, 0xFFE6), (0x16FE0, 0x18D7F),
    (0x1AFF0, 0x1B2FB), (0x1D300, 0x1D376), (0x1F200, 0x1F265), (0x1FA70, 0x1FAFF),
    (0x20000, 0x3FFFD),
  ]
}
