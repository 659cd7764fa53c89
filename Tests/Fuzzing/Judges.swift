import Foundation
import Rendering

@testable import NamedQueries
@testable import Posts

/// Holds timestamps against Foundation's calendar.
enum TimestampJudge {
  private static let calendar: Calendar = {
    var calendar = Calendar(identifier: .iso8601)
    calendar.timeZone = .gmt
    return calendar
  }()

  static func fault(in bytes: [UInt8]) -> String? {
    let read = bytes.withUnsafeBytes { bytes in
      Result { () throws(Rejection) in try Timestamp(parsing: bytes) }
    }
    let expected = String(validating: bytes, as: UTF8.self).flatMap(microseconds)
    switch read {
    case .success(let timestamp) where timestamp.microseconds == expected:
      let text = timestamp.iso8601()
      let again = try? Timestamp(iso8601: text)
      // What lies before the year 1 in UTC has no text of four digits.
      let isWritable = (-62_135_596_800_000_000..<253_402_300_800_000_000).contains(
        timestamp.microseconds)
      return again == timestamp || !isWritable ? nil : "\(text) is not read as it was written"
    case .failure where expected == nil: return nil
    default: return "\(read), expected \(expected.map(String.init) ?? "a refusal")"
    }
  }

  /// The instant by a pattern and the calendar; nil if it is none.
  private static func microseconds(of text: String) -> Int64? {
    let pattern =
      /([0-9]{4})-([0-9]{2})-([0-9]{2})[T ]([0-9]{2}):([0-9]{2}):([0-9]{2})(?:[.,]([0-9]{1,9}))?(?:[Zz]|([+-])([0-9]{2}):?([0-9]{2}))?/
      .matchingSemantics(.unicodeScalar)
    guard let match = text.wholeMatch(of: pattern)?.output,
      let year = Int(match.1), let month = Int(match.2), let dayOfMonth = Int(match.3),
      let hour = Int(match.4), let minute = Int(match.5), let second = Int(match.6),
      year >= 1, hour < 24, minute < 60, second < 60
    else { return nil }
    // Foundation counts by the Julian calendar before 1582; dates repeat every 400 years.
    let shift = year < 1600 ? 5 : 0
    let parts = DateComponents(year: year + 400 * shift, month: month, day: dayOfMonth)
    guard parts.isValidDate(in: calendar), let date = calendar.date(from: parts) else { return nil }
    let day = Int64(date.timeIntervalSince1970) - Int64(shift) * 146_097 * 86_400
    var offset = 0
    if let sign = match.8, let hours = match.9.flatMap({ Int($0) }),
      let minutes = match.10.flatMap({ Int($0) })
    {
      guard minutes < 60, hours <= 18 else { return nil }
      offset = (hours * 60 + minutes) * (sign == "-" ? -1 : 1)
    }
    let fraction = match.7.map {
      Int64($0.prefix(6).padding(toLength: 6, withPad: "0", startingAt: 0)) ?? 0
    }
    let seconds = day + Int64((hour * 60 + minute - offset) * 60 + second)
    return seconds * 1_000_000 + (fraction ?? 0)
  }
}

/// Reads query files.
enum QueryJudge {
  static func fault(in bytes: [UInt8]) -> String? {
    let text = String(decoding: bytes, as: UTF8.self)
    do throws(QueryError) {
      let query = try QueryFile.parse(name: "q", file: "q.sql", sql: text)
      if query.title.isEmpty { return "a query without a title" }
      if query.columns.isEmpty { return "a query without columns" }
      let names = query.columns.map(\.name)
      if Set(names).count != names.count { return "two columns of one name" }
      if let chart = query.chart,
        !Set([chart.x, chart.series].compactMap { $0 } + chart.y).isSubset(of: names)
      {
        return "a chart of columns that are not there"
      }
      return nil
    } catch {
      guard error.code == .queryFile else { return "it is told as \(error.code)" }
      let parts = error.message.split(separator: ":", maxSplits: 2)
      let lines = text.unicodeScalars.count { $0 == "\n" } + 1
      guard parts.count == 3, parts[0] == "q.sql", let line = Int(parts[1]),
        (1...lines).contains(line)
      else { return "the complaint names no line of \(lines): \(error.message)" }
      return nil
    }
  }
}

/// Writes cells as CSV and reads them back.
enum CSVJudge {
  /// The bytes are cells, with 0x01 between them; a cell NULL is one.
  static func fault(in bytes: [UInt8]) -> String? {
    let texts = bytes.split(separator: 1, omittingEmptySubsequences: false).map {
      String(decoding: $0, as: UTF8.self)
    }
    let width = min(3, texts.count)
    var rows: [[Cell]] = []
    for start in stride(from: 0, to: texts.count - width + 1, by: width) {
      rows.append(texts[start..<start + width].map { $0 == "NULL" ? .null : .text($0) })
    }
    let columns = (0..<width).map { Column(name: "c\($0)", kind: .text) }
    let sink = Collecting()
    do {
      let writer = RenderingOptions(format: .csv, zoneOffset: { _ in 0 }).makeWriter(to: sink)
      try writer.begin(columns)
      for row in rows { try writer.row(row) }
      try writer.finish()
    } catch {
      return "\(error)"
    }
    let read = parse(sink.bytes)
    let written = [columns.map { Cell.text($0.name) }] + rows
    guard read == written else {
      return
        "\(written) is read back as \(read.map { "\($0)" } ?? "no CSV") from \(String(decoding: sink.bytes, as: UTF8.self))"
    }
    return nil
  }

  private final class Collecting: ByteSink {
    var bytes: [UInt8] = []
    func write(_ more: [UInt8]) throws(OutputError) { bytes += more }
    func flush() throws(OutputError) {}
  }

  /// Rows after RFC 4180, where an empty field without quotes is NULL; nil if the rules are broken.
  private static func parse(_ bytes: [UInt8]) -> [[Cell]]? {
    var rows: [[Cell]] = []
    var row: [Cell] = []
    var index = 0
    while index < bytes.count {
      var field: [UInt8] = []
      var isQuoted = false
      if bytes[index] == 0x22 {
        isQuoted = true
        index += 1
        while true {
          guard index < bytes.count else { return nil }
          if bytes[index] == 0x22 {
            guard index + 1 < bytes.count, bytes[index + 1] == 0x22 else { break }
            index += 1
          }
          field.append(bytes[index])
          index += 1
        }
        index += 1
      } else {
        while index < bytes.count, ![0x2C, 0x0A, 0x0D].contains(bytes[index]) {
          guard bytes[index] != 0x22 else { return nil }
          field.append(bytes[index])
          index += 1
        }
      }
      row.append(
        field.isEmpty && !isQuoted ? .null : .text(String(decoding: field, as: UTF8.self)))
      guard index < bytes.count, bytes[index] == 0x2C || bytes[index] == 0x0A else { return nil }
      if bytes[index] == 0x0A {
        rows.append(row)
        row = []
      } else if index + 1 == bytes.count {
        return nil
      }
      index += 1
    }
    return rows
  }
}
