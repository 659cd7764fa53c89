import Foundation
import NamedQueries
import Posts
import Testing

@testable import Rendering

@Suite struct CSVWriterTests {
  let text = [Column(name: "a", kind: .text), Column(name: "b", kind: .text)]

  @Test(arguments: [
    ("x", "x"), ("", "\"\""), ("a,b", "\"a,b\""), ("a;b", "a;b"),
    ("say \"hi\"", "\"say \"\"hi\"\"\""),
    ("l\nl", "\"l\nl\""), ("l\rl", "\"l\rl\""), (" x", "\" x\""), ("x ", "\"x \""),
    ("=1+1", "=1+1"), ("\u{1B}[1m", "\u{1B}[1m"), ("é", "é"), ("e\u{301}", "e\u{301}"),
  ])
  func quotesOnlyWhereNeeded(_ value: String, _ field: String) throws {
    let out = try rendered(text, [[.text(value), .null]], options(.csv)).text
    #expect(Array(out.utf8) == Array("a,b\n\(field),\n".utf8))
  }

  @Test func valuesAreExact() throws {
    let row: [Cell] = [
      .text("x"), .integer(1_234_567_890_123_456_789), .integer(1_234_567), .real(0.1), .real(12.5),
      .integer(1_764_000_000_000_000), .integer(1),
    ]
    let out = try rendered(everyKind, [row], options(.csv) { $0.zoneOffset = { _ in 19_800 } }).text
    #expect(
      out == """
        text,id,count,number,percent,time,flag
        x,1234567890123456789,1234567,0.1,12.5,2025-11-24T21:30:00+05:30,1

        """)
  }

  @Test func optionsChangeTheForm() throws {
    let rows: [[Cell]] = [[.text("a;b"), .null], [.text("NULL"), .text("")]]
    let semicolon = try Delimiter(";")
    let out = try rendered(
      text, rows,
      options(.csv) {
        $0.delimiter = semicolon
        $0.header = false
        $0.nullText = "NULL"
      }
    ).text
    #expect(out == "\"a;b\";NULL\n\"NULL\";\"\"\n")
  }

  @Test(arguments: ["", "ab", "\"", "\n", "0", "é", "-", "."])
  func refusesWhatCannotSeparate(_ text: String) {
    #expect(throws: DelimiterError(text: text)) { try Delimiter(text) }
  }

  @Test func timesOutsideTheCalendarAreNumbers() throws {
    let time = [Column(name: "t", kind: .time)]
    let rows: [[Cell]] = [[.integer(.max)], [.integer(.min)], [.integer(0)], [.real(1.5e300)]]
    let out = try rendered(time, rows, options(.csv) { $0.zoneOffset = { _ in 50_400 } }).text
    let lines = out.split(separator: "\n")
    #expect(lines.prefix(4) == ["t", "\(Int64.max)", "\(Int64.min)", "1970-01-01T14:00:00+14:00"])
  }

  @Test(arguments: [",", ";", "tab", "|"])
  func randomCellsComeBack(_ delimiter: String) throws {
    var generator = SeededGenerator(seed: 42)
    let separator = try Delimiter(delimiter)
    var rows = hostileTexts.map { text in everyKind.map { _ in Cell.text(text) } }
    rows += (0..<500).map { _ in everyKind.map { _ in generator.cell() } }
    let settings = options(.csv) { $0.delimiter = separator }
    let sink = MemorySink()
    let writer = settings.makeWriter(to: sink)
    try writer.begin(everyKind)
    for row in rows { try writer.row(row) }
    try writer.finish()
    let read = try #require(readCSV(sink.bytes, delimiter: separator.byte))
    try #require(read.count == rows.count + 1)
    for (fields, row) in zip(read.dropFirst(), rows) {
      try #require(fields.count == row.count)
      for (index, cell) in row.enumerated() {
        let field = fields[index]
        switch cell {
        case .null: #expect(field.bytes.isEmpty && !field.quoted)
        case .text(let text):
          #expect(field.bytes == Array(text.utf8))
          #expect(!text.isEmpty || field.quoted)
        case .integer(let number) where everyKind[index].kind != .time:
          #expect(Int64(String(decoding: field.bytes, as: UTF8.self)) == number)
        case .real(let number) where everyKind[index].kind != .time && number.isFinite:
          #expect(Double(String(decoding: field.bytes, as: UTF8.self)) == number)
        case .integer, .real: #expect(!field.bytes.isEmpty)
        }
      }
    }
  }

  /// Other people's readers agree. NUL is left out here: both stop at it.
  @Test func otherReadersAgree() throws {
    let texts = hostileTexts.filter { !$0.unicodeScalars.contains("\u{0}") }
    let rows = texts.map { [Cell.text($0), .text("end")] }
    let out = try rendered(text, rows, options(.csv)).text
    let folder = FileManager.default.temporaryDirectory.appending(path: "csv-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let file = folder.appending(path: "answer.csv")
    try Data(out.utf8).write(to: file)
    let hex = texts.map { text in text.utf8.map { byte in hexByte(byte) }.joined() }

    let program = """
      import csv, sys
      rows = list(csv.reader(open(sys.argv[1], newline="", encoding="utf-8"), strict=True))[1:]
      print("\\n".join(row[0].encode().hex().upper() + ";" + row[1] for row in rows))
      """
    if let python = try run("python3", ["-c", program, file.path]) {
      #expect(python == hex.map { $0 + ";end" }.joined(separator: "\n") + "\n")
    }
    let commands = [
      ":memory:", "-cmd", ".import --csv \"\(file.path)\" t", "SELECT hex(a)||';'||b FROM t",
    ]
    if let sqlite = try run("sqlite3", commands) {
      #expect(sqlite == hex.map { $0 + ";end" }.joined(separator: "\n") + "\n")
    }
  }
}

/// Two hexadecimal digits.
private func hexByte(_ byte: UInt8) -> String {
  let digits = String(byte, radix: 16, uppercase: true)
  return digits.count == 1 ? "0" + digits : digits
}

/// What a program prints, or nil if this machine has none of its name.
func run(_ program: String, _ arguments: [String]) throws -> String? {
  let process = Process()
  process.executableURL = URL(filePath: "/usr/bin/env")
  process.arguments = [program] + arguments
  let output = Pipe()
  process.standardOutput = output
  process.standardError = FileHandle.nullDevice
  try process.run()
  let data = output.fileHandleForReading.readDataToEndOfFile()
  process.waitUntilExit()
  if process.terminationStatus == 127 { return nil }
  #expect(process.terminationStatus == 0)
  return String(decoding: data, as: UTF8.self)
}
