import NamedQueries
import Posts
import Rendering

/// An answer as an option set writes it, and what its writer has to say about it.
func rendered(
  _ columns: [Column], _ rows: [[Cell]], _ options: RenderingOptions
) throws -> (text: String, notes: [String]) {
  let sink = MemorySink()
  let writer = options.makeWriter(to: sink)
  try writer.begin(columns)
  for row in rows { try writer.row(row) }
  try writer.finish()
  return (sink.text, writer.notes)
}

/// Options of a format, changed as a test needs them.
func options(
  _ format: Format, _ change: (inout RenderingOptions) -> Void = { _ in }
) -> RenderingOptions {
  var options = RenderingOptions(format: format)
  change(&options)
  return options
}

/// Texts that have broken exports and terminals before.
let hostileTexts = [
  "", " ", "plain", "=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", " =1", "\"=1", "'=1",
  "＝1+1", "1234567890123456789", "00123", "1E5", "2024-01-02", "3-4", "12:30", "TRUE", "1,5",
  "a,b", "a;b", "say \"hi\"", "\"", "\"\"", "line\nline", "line\r\nline", "\r", "\n", "tab\tbed",
  "back\\slash", "\\n", "\\N", "a|b", "a\\|b", "`code`", "<b>&amp;</b>", "👩‍👩‍👧‍👦 family", "🏴󠁧󠁢󠁥󠁮󠁧󠁿",
  "e\u{301}", "é", "\u{301}", "שלום עולם", "\u{202E}txt.exe", "\u{0}", "a\u{0}b", "\u{1B}[31mred",
  "\u{1B}]0;title\u{7}", "\u{9B}31m", "\u{2028}", "\u{FEFF}", "日本語", "ｆｕｌｌ", "\u{7F}", "NULL",
]

/// A small generator of numbers, so that each run of a test sees the same cells.
struct SeededGenerator: RandomNumberGenerator {
  private var state: UInt64
  init(seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }
}

extension SeededGenerator {
  /// A text of some scalars, those that mean something to a format more often than others.
  mutating func text() -> String {
    let special = Array(
      "\",;\t\r\n\\'|=+-@ 0189Ee.:/<>&\u{0}\u{1B}\u{7F}\u{202E}\u{200D}\u{301}👍🏽🇫日é".unicodeScalars)
    var text = ""
    for _ in 0..<Int.random(in: 0...12, using: &self) {
      if Bool.random(using: &self), let scalar = special.randomElement(using: &self) {
        text.unicodeScalars.append(scalar)
      } else if let scalar = Unicode.Scalar(UInt32.random(in: 0...0x1FFFF, using: &self)) {
        text.unicodeScalars.append(scalar)
      }
    }
    return text
  }

  /// A cell of any type, at times one at the end of its range.
  mutating func cell() -> Cell {
    switch Int.random(in: 0..<10, using: &self) {
    case 0: .null
    case 1: .integer(Int64.random(in: .min ... .max, using: &self))
    case 2: .integer(Int64.random(in: -1000...1000, using: &self))
    case 3: .integer([.min, .max, 0, 1].randomElement(using: &self) ?? 0)
    case 4: .real(Double(bitPattern: next()))
    case 5: .real(Double.random(in: -1e6...1e6, using: &self))
    default: .text(text())
    }
  }
}

/// Columns of every kind.
let everyKind = Column.Kind.allCases.map { Column(name: $0.rawValue, kind: $0) }

/// A reader of RFC 4180 that tells a quoted field from a bare one. Nil where quotes do not match.
func readCSV(_ bytes: [UInt8], delimiter: UInt8 = 0x2C) -> [[(bytes: [UInt8], quoted: Bool)]]? {
  var rows: [[(bytes: [UInt8], quoted: Bool)]] = []
  var row: [(bytes: [UInt8], quoted: Bool)] = []
  var index = 0
  while index < bytes.count {
    var field: [UInt8] = []
    let quoted = bytes[index] == 0x22
    if quoted {
      index += 1
      while true {
        guard index < bytes.count else { return nil }
        if bytes[index] == 0x22 {
          index += 1
          guard index < bytes.count, bytes[index] == 0x22 else { break }
        }
        field.append(bytes[index])
        index += 1
      }
    } else {
      while index < bytes.count, ![delimiter, 0x0A, 0x0D].contains(bytes[index]) {
        guard bytes[index] != 0x22 else { return nil }
        field.append(bytes[index])
        index += 1
      }
    }
    row.append((field, quoted))
    guard index < bytes.count else { return nil }
    if bytes[index] == delimiter {
      index += 1
      if index == bytes.count || bytes[index] == 0x0A { row.append(([], false)) } else { continue }
    }
    if index < bytes.count, bytes[index] == 0x0D { index += 1 }
    guard index < bytes.count, bytes[index] == 0x0A else { return nil }
    index += 1
    rows.append(row)
    row = []
  }
  return row.isEmpty ? rows : nil
}
