import Testing

@testable import NamedQueries

@Suite struct SQLLexerTests {
  /// Each kind as one letter, then the text.
  private func tokens(_ sql: String) -> [String] {
    SQLLexer(sql).map { token in
      let kind =
        switch token.kind {
        case .word: "w"
        case .quotedName: "q"
        case .string: "s"
        case .number: "n"
        case .parameter: "p"
        case .comment: "c"
        case .symbol: "y"
        }
      return "\(kind) \(token.text)"
    }
  }

  static let cases: [(String, [String])] = [
    ("", []),
    (" \t\r\n", []),
    ("SELECT a1,_b", ["w SELECT", "w a1", "y ,", "w _b"]),
    ("número 名前", ["w número", "w 名前"]),
    ("a.b", ["w a", "y .", "w b"]),
    ("1 23 4.5 0x1F 1e3", ["n 1", "n 23", "n 4.5", "n 0x1F", "n 1e3"]),
    ("'a'", ["s 'a'"]),
    ("'it''s'x", ["s 'it''s'", "w x"]),
    ("''", ["s ''"]),
    ("''''", ["s ''''"]),
    ("'open", ["s 'open"]),
    ("'-- no' x", ["s '-- no'", "w x"]),
    ("'/* no' x", ["s '/* no'", "w x"]),
    ("'two\nlines'", ["s 'two\nlines'"]),
    (#""a b" `c` [d e] x"#, ["q a b", "q c", "q d e", "w x"]),
    (#""a""b" x"#, [#"q a""b"#, "w x"]),
    ("-- to the end\nx", ["c -- to the end", "w x"]),
    ("x--y", ["w x", "c --y"]),
    ("a - b -c", ["w a", "y -", "w b", "y -", "w c"]),
    ("/* a\n b */x", ["c /* a\n b */", "w x"]),
    ("/* /* */ */", ["c /* /* */", "y *", "y /"]),
    ("/*/ x */y", ["c /*/ x */", "w y"]),
    ("/* open", ["c /* open"]),
    ("a /b", ["w a", "y /", "w b"]),
    ("-- it's \"open\nx", ["c -- it's \"open", "w x"]),
    (":limit @a $b ? ?1 :", ["p :limit", "p @a", "p $b", "p ?", "p ?1", "y :"]),
    ("x=:min_posts)", ["w x", "y =", "p :min_posts", "y )"]),
  ]

  @Test(arguments: cases)
  func tokensAreToldApart(_ sql: String, _ expected: [String]) {
    #expect(tokens(sql) == expected)
  }

  @Test func tokensKnowTheirPlace() {
    let sql = "é 'a\nb'\r\n/* c\n\n */ d\n  :e"
    let tokens = Array(SQLLexer(sql))
    #expect(tokens.map(\.line) == [1, 1, 3, 5, 6])
    let bytes = Array(sql.utf8)
    for token in tokens {
      let text = String(decoding: bytes[token.start...], as: UTF8.self)
      #expect(text.hasPrefix(token.text), "\(token)")
    }
  }
}
