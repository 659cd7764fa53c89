import Posts

/// How an answer is written.
public struct RenderingOptions: Sendable {
  /// The form of the answer.
  public var format: Format
  /// Whether a person reads it on a terminal: tables are boxed, and nothing that steers a terminal
  /// is sent as it is, in no format.
  public var isTerminal: Bool
  /// How many cells of a terminal a line may take; nil is no limit.
  public var width: Int?
  /// Whether tables may be wider than `width`.
  public var wide: Bool
  /// Whether whole numbers are grouped by thousands, `1,234,567`. Only for people on a terminal:
  /// it has no effect elsewhere.
  public var thousands: Bool
  /// What stands for NULL in all formats but JSON, which has its own.
  public var nullText: String
  /// Whether the names of the columns come first in tables, CSV and TSV.
  public var header: Bool
  /// How many seconds local time is ahead of UTC at an instant.
  public var zoneOffset: @Sendable (Timestamp) -> Int
  /// Whether CSV is made so that a spreadsheet opens it without harm: a byte order mark, without which
  /// Excel does not take it for UTF-8, lines that end with CRLF, and text that would be run as a formula
  /// or changed into a number or a date kept as text (`SpreadsheetText`). Otherwise it is plain RFC 4180.
  public var excel: Bool
  /// What stands between two fields of CSV.
  public var delimiter: Delimiter
  /// The colours that charts may use.
  public var colour: ColourDepth

  /// Options of their parts; without any, what a pipe gets.
  public init(
    format: Format, isTerminal: Bool = false, width: Int? = nil, wide: Bool = false,
    thousands: Bool = true, nullText: String = "", header: Bool = true,
    zoneOffset: @escaping @Sendable (Timestamp) -> Int = { _ in 0 },
    excel: Bool = false, delimiter: Delimiter = .comma, colour: ColourDepth = .none
  ) {
    self.format = format
    self.isTerminal = isTerminal
    self.width = width
    self.wide = wide
    self.thousands = thousands
    self.nullText = nullText
    self.header = header
    self.zoneOffset = zoneOffset
    self.excel = excel
    self.delimiter = delimiter
    self.colour = colour
  }
}

/// The colours that a terminal has.
public enum ColourDepth: Sendable {
  /// None at all.
  case none
  /// The 256 of xterm's palette.
  case palette
  /// All 16,777,216.
  case full
}

/// A character that separates the fields of CSV: one of ASCII that no reader takes for another part
/// of the format.
public struct Delimiter: Equatable, Sendable {
  /// The character.
  let byte: UInt8

  /// `,`, as RFC 4180 has it.
  public static let comma = Delimiter(byte: UInt8(ascii: ","))

  private init(byte: UInt8) { self.byte = byte }

  /// A delimiter as a user writes it: one character, or `comma`, `semicolon`, `tab` or `\t`.
  ///
  /// - Throws: `DelimiterError` for a letter, a digit, a quote, a line end, a control character,
  ///   one of `+-._`, which numbers and names hold, or more than one character.
  public init(_ text: String) throws(DelimiterError) {
    if text == "tab" || text == "\\t" || text == "\t" {
      byte = UInt8(ascii: "\t")
      return
    }
    if text == "comma" || text == "semicolon" {
      byte = UInt8(ascii: text == "comma" ? "," : ";")
      return
    }
    let bytes = Array(text.utf8)
    guard bytes.count == 1, (0x20...0x7E).contains(bytes[0]) else {
      throw DelimiterError(text: text)
    }
    switch bytes[0] {
    case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "\""), UInt8(ascii: "+"),
      UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"):
      throw DelimiterError(text: text)
    default:
      byte = bytes[0]
    }
  }
}

/// A text that is no delimiter.
public struct DelimiterError: Error, Equatable, CustomStringConvertible {
  /// What was given.
  public let text: String

  public var description: String {
    "\"\(TerminalText.visible(text))\" cannot separate fields; "
      + "give comma, semicolon, tab or one character such as |."
  }
}
