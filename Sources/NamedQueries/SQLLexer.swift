/// The tokens of SQL, as far as a query file needs them told apart: which words stand outside of
/// strings and comments, and on which line.
///
/// It follows the rules of [SQLite's tokenizer](https://www.sqlite.org/lang_comment.html): comments do
/// not nest, a quote inside a string is doubled, and whatever is left open ends with the text.
struct SQLLexer: Sequence, IteratorProtocol {
  struct Token: Equatable {
    enum Kind: Equatable {
      /// A word: a keyword or an unquoted name.
      case word
      /// A name in double quotes, backquotes or brackets; the text is without them.
      case quotedName
      case string
      case number
      /// A parameter such as `:limit`; the text is with its mark.
      case parameter
      case comment
      case symbol
    }

    let kind: Kind
    let text: String
    /// Counted from 1.
    let line: Int
    /// Where it begins in the UTF-8 of the whole text.
    let start: Int
  }

  private let bytes: [UInt8]
  private var position = 0
  private var line = 1

  init(_ sql: String) { bytes = Array(sql.utf8) }

  mutating func next() -> Token? {
    while position < bytes.count, isSpace(bytes[position]) { advance() }
    guard position < bytes.count else { return nil }
    let start = position
    let startLine = line
    let kind = scan()
    var text = String(decoding: bytes[start..<position], as: UTF8.self)
    if kind == .quotedName { text = String(text.dropFirst().dropLast()) }
    return Token(kind: kind, text: text, line: startLine, start: start)
  }

  private mutating func scan() -> Token.Kind {
    let byte = bytes[position]
    switch byte {
    case UInt8(ascii: "-") where peek(1) == UInt8(ascii: "-"):
      while position < bytes.count, bytes[position] != UInt8(ascii: "\n") { advance() }
      return .comment
    case UInt8(ascii: "/") where peek(1) == UInt8(ascii: "*"):
      skip(2)
      while position < bytes.count,
        !(bytes[position] == UInt8(ascii: "*") && peek(1) == UInt8(ascii: "/"))
      { advance() }
      skip(2)
      return .comment
    case UInt8(ascii: "'"):
      scanQuoted(until: byte)
      return .string
    case UInt8(ascii: "\""), UInt8(ascii: "`"):
      scanQuoted(until: byte)
      return .quotedName
    case UInt8(ascii: "["):
      while position < bytes.count, bytes[position] != UInt8(ascii: "]") { advance() }
      skip(1)
      return .quotedName
    case UInt8(ascii: ":"), UInt8(ascii: "@"), UInt8(ascii: "$"), UInt8(ascii: "?"):
      advance()
      let nameStart = position
      while position < bytes.count, isWordByte(bytes[position]) { advance() }
      return position > nameStart || byte == UInt8(ascii: "?") ? .parameter : .symbol
    case UInt8(ascii: "0")...UInt8(ascii: "9"):
      while position < bytes.count,
        isWordByte(bytes[position]) || bytes[position] == UInt8(ascii: ".")
      { advance() }
      return .number
    case _ where isWordByte(byte):
      while position < bytes.count, isWordByte(bytes[position]) { advance() }
      return .word
    default:
      advance()
      return .symbol
    }
  }

  private mutating func scanQuoted(until quote: UInt8) {
    advance()
    while position < bytes.count {
      if bytes[position] == quote {
        guard peek(1) == quote else { break }
        advance()
      }
      advance()
    }
    skip(1)
  }

  private func peek(_ distance: Int) -> UInt8? {
    position + distance < bytes.count ? bytes[position + distance] : nil
  }

  private mutating func skip(_ count: Int) {
    for _ in 0..<count where position < bytes.count { advance() }
  }

  private mutating func advance() {
    if bytes[position] == UInt8(ascii: "\n") { line += 1 }
    position += 1
  }

  private func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || (0x09...0x0D).contains(byte) }

  private func isWordByte(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), 0x80...:
      true
    default: false
    }
  }
}
