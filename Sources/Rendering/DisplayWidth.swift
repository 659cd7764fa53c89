/// How many cells of a terminal a text takes.
///
/// The unit is the grapheme cluster, as terminals draw it: an emoji sequence takes two cells however
/// many scalars it has. Terminals that do not join such sequences draw them wider.
enum DisplayWidth {
  /// The cells of a text on one line. Controls take none.
  static func of(_ text: String) -> Int {
    if let count = asciiCount(text) { return count }
    return text.reduce(0) { $0 + of($1) }
  }

  /// The cells of one grapheme cluster: 0, 1 or 2, and more only for a stray skin tone.
  static func of(_ character: Character) -> Int {
    let scalars = character.unicodeScalars
    guard let base = scalars.first else { return 0 }
    if scalars.count == 1 { return of(base) }
    var isEmojiSequence = isRegionalIndicator(base)
    for scalar in scalars.dropFirst() {
      switch scalar.value {
      case 0xFE0F: isEmojiSequence = isEmojiSequence || base.properties.isEmoji
      case 0x200D, 0x1F3FB...0x1F3FF:
        isEmojiSequence = isEmojiSequence || (base.properties.isEmoji && base.value > 0x7F)
      default: break
      }
    }
    if isEmojiSequence { return 2 }
    // Marks that take room of their own, and the letters of a conjunct, share two cells at most. A
    // skin tone that has nothing to colour is drawn as an emoji of its own.
    var width = 0
    var tones = 0
    for scalar in scalars {
      if (0x1F3FB...0x1F3FF).contains(scalar.value) {
        tones += 1
      } else {
        width += of(scalar) + (isSpacingMark(scalar) ? 1 : 0)
      }
    }
    return min(width, 2) + tones * 2
  }

  /// The cells of a scalar by itself.
  static func of(_ scalar: Unicode.Scalar) -> Int {
    switch scalar.value {
    case 0x20...0x7E: return 1
    case 0...0x1F, 0x7F...0x9F: return 0
    case 0xA0...0x2FF: return 1
    // Jamo that join the syllable before them, and fillers.
    case 0x1160...0x11FF, 0xD7B0...0xD7FF, 0x3164, 0xFFA0: return 0
    // Signs that stand before a number and are drawn, though formats by category.
    case 0x600...0x605, 0x6DD, 0x70F, 0x890, 0x891, 0x8E2, 0x110BD, 0x110CD: return 1
    default: break
    }
    switch scalar.properties.generalCategory {
    case .nonspacingMark, .enclosingMark, .spacingMark, .format, .lineSeparator,
      .paragraphSeparator, .control:
      return 0
    default:
      return EastAsianWidth.isWide(scalar) || scalar.properties.isEmojiPresentation ? 2 : 1
    }
  }

  /// The most cells of a text in a format for the eye that no terminal bounds. A longer one would make
  /// every line of a table as long.
  static let widestText = 200

  /// The text in at most `width` cells, its end replaced by `…` if it takes more.
  static func elided(_ text: String, to width: Int) -> String {
    if let count = asciiCount(text), count <= width { return text }
    var used = 0
    var fitting = text.startIndex
    var index = text.startIndex
    while index < text.endIndex {
      used += of(text[index])
      if used > width { return width > 0 ? text[..<fitting] + "…" : "" }
      text.formIndex(after: &index)
      if used <= width - 1 { fitting = index }
    }
    return text
  }

  /// The text in exactly `width` cells if it takes no more.
  static func padded(_ text: String, to width: Int, right: Bool = false) -> String {
    let gap = String(repeating: " ", count: max(0, width - of(text)))
    return right ? gap + text : text + gap
  }

  private static func isSpacingMark(_ scalar: Unicode.Scalar) -> Bool {
    scalar.properties.generalCategory == .spacingMark
  }

  private static func isRegionalIndicator(_ scalar: Unicode.Scalar) -> Bool {
    (0x1F1E6...0x1F1FF).contains(scalar.value)
  }

  /// The count of a text of printable ASCII, nil for any other.
  private static func asciiCount(_ text: String) -> Int? {
    let utf8 = text.utf8
    return utf8.allSatisfy { $0 >= 0x20 && $0 < 0x7F } ? utf8.count : nil
  }
}
