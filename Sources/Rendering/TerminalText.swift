/// Text that may be shown to a person: nothing in it moves the cursor, changes colours, reverses
/// the reading order of what surrounds it or takes more than one line.
public enum TerminalText {
  /// The text on one line, with a visible sign for each line end, control and invisible mark.
  public static func visible(_ text: String) -> String {
    replaced(text, keepsLines: false)
  }

  /// A text on one line in at most so many cells of a terminal, its end replaced by `…` if it takes
  /// more.
  public static func elided(_ text: String, to width: Int) -> String {
    DisplayWidth.elided(text, to: width)
  }

  /// The same, with tabs and line ends left as they are, for a format that needs them.
  static func visibleKeepingLines(_ text: String) -> String {
    replaced(text, keepsLines: true)
  }

  /// Longer clusters of one base and its marks are cut: marks without end draw over the lines above
  /// and below. A family emoji with skin tones has ten scalars, a flag of tags seven.
  private static let longestCluster = 24

  private static func replaced(_ text: String, keepsLines: Bool) -> String {
    if isPlain(text) { return text }
    var out = ""
    out.reserveCapacity(text.utf8.count)
    for character in text {
      let scalars = character.unicodeScalars
      if character == "\r\n" || character == "\n" {
        out += keepsLines ? String(character) : "↵"
      } else if keepsLines, character == "\t" {
        out.append(character)
      } else if scalars.contains(where: isUnsafe) {
        append(scalars, to: &out)
      } else if let first = scalars.first, combines(first) {
        // Without a base of its own a mark would change the border or the space before it.
        out.unicodeScalars.append("\u{25CC}")
        out.unicodeScalars.append(contentsOf: scalars.prefix(longestCluster))
      } else if scalars.count > longestCluster {
        out.unicodeScalars.append(contentsOf: scalars.prefix(longestCluster))
      } else {
        out.append(character)
      }
    }
    return out
  }

  private static func isPlain(_ text: String) -> Bool {
    text.utf8.allSatisfy { $0 >= 0x20 && $0 < 0x7F }
  }

  private static func append(_ scalars: Character.UnicodeScalarView, to out: inout String) {
    // The tags of a flag belong to it; anywhere else they hide text.
    let isFlag = scalars.first == "\u{1F3F4}"
    for scalar in scalars.prefix(longestCluster) {
      if !isUnsafe(scalar) || (isFlag && isTag(scalar)) {
        out.unicodeScalars.append(scalar)
      } else {
        out += sign(of: scalar)
      }
    }
  }

  private static func combines(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.properties.generalCategory {
    case .nonspacingMark, .enclosingMark, .spacingMark: true
    default: scalar == "\u{200D}" || scalar == "\u{200C}"
    }
  }

  private static func isTag(_ scalar: Unicode.Scalar) -> Bool {
    (0xE0020...0xE007F).contains(scalar.value)
  }

  /// Whether a scalar must not reach a terminal: controls, line and paragraph separators, marks of
  /// direction, and marks that are invisible by design and carry nothing a reader would miss.
  static func isUnsafe(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0x20...0x7E: false
    case 0...0x1F, 0x7F...0x9F: true
    case 0x61C, 0x180E, 0x200B, 0x200E, 0x200F, 0x2028...0x202E, 0x2060...0x206F, 0xFEFF: true
    case 0xFFF9...0xFFFB, 0xE0000...0xE007F: true
    default: false
    }
  }

  private static func sign(of scalar: Unicode.Scalar) -> String {
    switch scalar.value {
    case 0...0x1F: return Unicode.Scalar(0x2400 + scalar.value).map { String($0) } ?? "\u{FFFD}"
    case 0x7F: return "\u{2421}"
    default:
      let digits = String(scalar.value, radix: 16, uppercase: true)
      return "<U+" + String(repeating: "0", count: max(0, 4 - digits.count)) + digits + ">"
    }
  }
}
