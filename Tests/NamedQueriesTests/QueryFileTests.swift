import Testing

@testable import NamedQueries

@Suite struct QueryFileTests {
  private func parse(_ sql: String, name: String = "top-things") throws -> NamedQuery {
    try QueryFile.parse(name: name, file: "queries/\(name).sql", sql: sql)
  }

  @Test func aHeaderIsRead() throws {
    let query = try parse(
      """
      -- A remark for readers: not a directive.
      -- title:   Top things
      /* help: neither is this */
      -- help: The things.
      --help: And more: of them.
      -- param: limit integer 1..100 = 15 | how many | at most
      -- param: at-least integer = 3 | the fewest
      -- param: rate number 0..1 = 0.25 | a rate
      -- param: order choice likes,shares = likes | what to order by
      -- param: user text | whose posts
      -- bucket: day
      -- column: thing text
      -- column: day   time
      -- chart: line x=day y=thing series=thing
      SELECT 1 AS thing, 2 AS day
      -- title: not part of the header
      """)
    #expect(query.name == "top-things")
    #expect(query.file == "queries/top-things.sql")
    #expect(query.title == "Top things")
    #expect(query.help == "The things. And more: of them.")
    #expect(
      query.parameters == [
        Parameter(
          name: "limit", kind: .integer(1...100), defaultValue: .integer(15),
          help: "how many | at most", line: 6),
        Parameter(
          name: "at-least", kind: .integer(1...Int64.max), defaultValue: .integer(3),
          help: "the fewest", line: 7),
        Parameter(
          name: "rate", kind: .number(0...1), defaultValue: .real(0.25), help: "a rate", line: 8),
        Parameter(
          name: "order", kind: .choice(["likes", "shares"]), defaultValue: .text("likes"),
          help: "what to order by", line: 9),
        Parameter(name: "user", kind: .text, defaultValue: nil, help: "whose posts", line: 10),
      ])
    #expect(query.bucket == .day)
    #expect(
      query.columns == [Column(name: "thing", kind: .text), Column(name: "day", kind: .time)])
    #expect(query.chart == ChartHint(form: .line, x: "day", y: ["thing"], series: "thing"))
  }

  @Test(arguments: [
    ("hepl", "help"), ("tittle", "title"), ("titel", "title"), ("Title", "title"),
    ("params", "param"), ("parameter", "param"), ("col", "column"), ("colum", "column"),
    ("charts", "chart"), ("buckt", "bucket"), ("help ", nil), ("note", nil), ("todo", nil),
    ("see also", nil), ("part", nil), ("12:30", nil), ("https", nil), ("", nil), ("é", nil),
  ])
  func aSlipInTheHeaderIsToldAndProseIsNot(_ word: String, _ meant: String?) throws {
    let text = "-- title: A\n-- column: x count\n-- \(word): something\nSELECT 1 AS x\n"
    guard let meant else {
      #expect(try parse(text).help == (word == "help " ? "something" : ""))
      return
    }
    let error = #expect(throws: QueryError.self) { try parse(text) }
    #expect(
      error?.message
        == "queries/top-things.sql:3: '-- \(word):' is none of the header's words: did you mean '-- \(meant):'?"
    )
  }

  @Test func lineEndsMayBeThoseOfWindows() throws {
    let query = try parse("-- title: A\r\n-- column: x count\r\nSELECT 1 AS x\r\n")
    #expect(query.title == "A")
    #expect(query.columns == [Column(name: "x", kind: .count)])
  }

  /// A header line that is wrong, and the problem that is told.
  static let wrongLines: [(String, String)] = [
    ("-- title:", "'-- title:' says nothing"),
    ("-- title: Again", "a second '-- title:'"),
    ("-- help:  ", "'-- help:' says nothing"),
    ("-- bucket: week", "'-- bucket:' takes minute, hour or day, not 'week'"),
    ("-- column: a", "'-- column:' takes a name and one of text, id, count"),
    ("-- column: a b c", "'-- column:' takes a name and one of"),
    ("-- column: a integer", "'-- column:' takes a name and one of"),
    ("-- chart: donut", "'-- chart:' takes one of bar, line, pie"),
    ("-- chart: bar z=x", "'-- chart:' takes x=, y= and series=, not 'z=x'"),
    ("-- chart: bar x", "'-- chart:' takes x=, y= and series=, not 'x'"),
    ("-- chart: bar x=nothing", "the chart draws 'nothing', which is no column"),
    ("-- chart: bar x=x y=x,other", "the chart draws 'other', which is no column"),
    ("-- chart: bar x=x series=s", "the chart draws 's', which is no column"),
    ("-- param: n integer", "a parameter needs a '| sentence'"),
    ("-- param: n integer |  ", "a parameter needs a '| sentence'"),
    ("-- param: n | what", "'-- param:' takes a name in lower case, a type and its range"),
    ("-- param: n integer 1..2 3 | what", "takes a name in lower case, a type and its range"),
    ("-- param: N integer | what", "takes a name in lower case"),
    ("-- param: min_posts integer | what", "takes a name in lower case"),
    ("-- param: -n integer | what", "takes a name in lower case"),
    ("-- param: since text | what", "--since is an option of every query"),
    ("-- param: format text | what", "--format is an option of every query"),
    ("-- param: first text | what", "parameter 'first' is declared twice"),
    ("-- param: n whole | what", "'-- param:' takes 'integer 1..100'"),
    ("-- param: n integer 1 | what", "'-- param:' takes 'integer 1..100'"),
    ("-- param: n integer 1...5 | what", "'-- param:' takes 'integer 1..100'"),
    ("-- param: n integer 5..1 | what", "'-- param:' takes 'integer 1..100'"),
    ("-- param: n integer ..5 | what", "'-- param:' takes 'integer 1..100'"),
    ("-- param: n integer 1..1e3 | what", "'-- param:' takes 'integer 1..100'"),
    ("-- param: n number a..b | what", "'-- param:' takes 'integer 1..100'"),
    ("-- param: n number nan.. | what", "'-- param:' takes 'integer 1..100'"),
    ("-- param: n text 1..5 | what", "'-- param:' takes 'integer 1..100'"),
    ("-- param: n choice | what", "'-- param:' takes 'integer 1..100'"),
    ("-- param: n choice , | what", "'-- param:' takes 'integer 1..100'"),
    ("-- param: n integer 1..5 = 6 | what", "the default of 'n' is not a whole number from 1 to 5"),
    ("-- param: n integer = 0 | what", "the default of 'n' is not a whole number from 1"),
    ("-- param: n number 0..1 = 2 | what", "the default of 'n' is not a number from 0.0 to 1.0"),
    ("-- param: n choice a,b = c | what", "the default of 'n' is not a, b"),
    ("-- param: n text = | what", "the default of 'n' is not a text"),
  ]

  @Test(arguments: wrongLines)
  func aWrongLineIsNamed(_ line: String, _ problem: String) {
    let sql = """
      -- title: Things
      -- column: x text
      -- param: first text | the first

      \(line)
      SELECT 1 AS x
      """
    let error = #expect(throws: QueryError.self) { try parse(sql) }
    #expect(error?.code == .queryFile)
    #expect(error?.message.hasPrefix("queries/top-things.sql:5: ") == true, "\(error as Any)")
    #expect(error?.message.contains(problem) == true, "\(error as Any)")
  }

  static let incomplete: [(String, String)] = [
    ("", "it has no '-- title:'"),
    ("SELECT 1 AS x", "it has no '-- title:'"),
    ("-- column: x text\nSELECT 1 AS x", "it has no '-- title:'"),
    ("-- title: T\nSELECT 1 AS x", "it declares no '-- column:'"),
    ("SELECT 1 AS x -- title: T\n-- column: x text", "it has no '-- title:'"),
    ("/* -- title: T */ -- column: x text\nSELECT 1 AS x", "it has no '-- title:'"),
  ]

  @Test(arguments: incomplete)
  func aHeaderIsNeeded(_ sql: String, _ problem: String) {
    let error = #expect(throws: QueryError.self) { try parse(sql) }
    #expect(error?.message.hasPrefix("queries/top-things.sql:1: \(problem)") == true)
  }

  @Test(arguments: ["Top", "top_things", "-top", "top things", "", "tóp"])
  func aNameIsAWordOfACommand(_ name: String) {
    let error = #expect(throws: QueryError.self) {
      try parse("-- title: T\n-- column: x text\nSELECT 1 AS x", name: name)
    }
    #expect(error?.message.contains("lower case letters, digits and '-', not '\(name)'") == true)
  }
}
