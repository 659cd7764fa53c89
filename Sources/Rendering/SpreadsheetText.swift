/// Text that stays text when a spreadsheet opens a CSV file.
///
/// A spreadsheet guesses what a field is, quoted or not, and two guesses do harm:
///
/// - Text that begins like a formula is run. Such text gets a `'` before it. The `'` is seen in the
///   cell, but no text of an attacker is worth being a part of a formula.
/// - Text that looks like a number, a date or a truth value becomes one: `00123` loses its zeros,
///   an identifier of more than 15 digits its last ones, `1E5` becomes 100000 and `3-4` a date.
///   It is written as the formula `="00123"`, whose value is the text itself, so that a look-up by
///   identifier finds it. Excel and LibreOffice both give that value; LibreOffice shows the formula
///   as text if it is told not to evaluate any, which still loses nothing. The form is safe because
///   only digits, a few signs and a few known words ever come into it.
enum SpreadsheetText {
  /// The longest text constant that a formula of Excel may hold, in characters.
  private static let longestConstant = 255

  /// The field that a spreadsheet reads as this text, before it is quoted for CSV.
  static func field(_ text: String) -> String {
    if startsFormula(text) { return "'" + text }
    guard looksLikeValue(text) else { return text }
    return text.utf8.count <= longestConstant ? constant(text) : "'" + text
  }

  /// The formula whose value is a text, which holds no quotes.
  static func constant(_ text: String) -> String { "=\"\(text)\"" }

  /// Whether a spreadsheet may run the text, also behind spaces and quotes that an import strips,
  /// and in the full-width forms that East Asian versions fold.
  static func startsFormula(_ text: String) -> Bool {
    if let first = text.unicodeScalars.first, first == "\t" || first == "\r" || first == "\n" {
      return true
    }
    for scalar in text.unicodeScalars {
      switch scalar {
      case "=", "+", "-", "@", "\u{FF1D}", "\u{FF0B}", "\u{FF0D}", "\u{FF20}", "\u{2212}":
        return true
      case "'", "\"", "\u{2018}", "\u{2019}", "\u{201C}", "\u{201D}": continue
      case "\u{FEFF}", "\u{200B}": continue
      default:
        if scalar.value < 0x20 || scalar.properties.isWhitespace { continue }
        return false
      }
    }
    return false
  }

  /// Whether a spreadsheet may read the text as a number, a date, a time or a truth value.
  ///
  /// That is text with a digit, of signs that numbers and dates hold, and of no words but a few,
  /// English ones among the months.
  static func looksLikeValue(_ text: String) -> Bool {
    var hasDigit = false
    var word = ""
    for scalar in text.unicodeScalars {
      let value = scalar.value
      let folded = (0xFF01...0xFF5E).contains(value) ? value - 0xFEE0 : value
      switch folded {
      case 0x30...0x39:
        hasDigit = true
        if !isKnown(word) { return false }
        word = ""
      case 0x41...0x5A, 0x61...0x7A:
        guard word.utf8.count < 9 else { return false }
        word.unicodeScalars.append(Unicode.Scalar(UInt8(folded | 0x20)))
      case 0x20, 0x25, 0x27, 0x28, 0x29, 0x2B, 0x2C, 0x2D, 0x2E, 0x2F, 0x3A, 0x5F, 0xA0, 0x202F,
        0x24, 0xA3, 0xA5, 0x20AC, 0x2212:
        if !isKnown(word) { return false }
        word = ""
      default: return false
      }
    }
    return hasDigit ? isKnown(word) : word == "true" || word == "false"
  }

  private static func isKnown(_ word: String) -> Bool {
    switch word {
    case "", "e", "d", "t", "z", "a", "p", "am", "pm", "utc", "gmt", "jan", "january", "feb",
      "february", "mar", "march", "apr", "april", "may", "jun", "june", "jul", "july", "aug",
      "august", "sep", "sept", "september", "oct", "october", "nov", "november", "dec", "december",
      "mon", "tue", "wed", "thu", "fri", "sat", "sun":
      true
    default: false
    }
  }
}
