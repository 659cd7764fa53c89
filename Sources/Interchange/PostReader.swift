import Posts

/// Reads posts from NDJSON or CSV, in constant memory.
public struct PostReader {
  /// What one line, or one row of CSV, holds.
  public enum Entry: Sendable {
    /// A post, and the line that it begins in.
    case post(Post, line: Int)
    /// No post, and why; lines count from 1.
    case rejected(Rejection, line: Int)
  }

  private enum Lines {
    case ndjson(InputBuffer, line: Int)
    case csv(CSVReader, PostColumns)
  }

  /// How many bytes the lines so far had, uncompressed.
  public private(set) var byteCount: Int64 = 0
  private var lines: Lines
  private var decoder = PostDecoder()

  /// A reader of some bytes, which may be compressed with gzip or zstd.
  ///
  /// - Parameters:
  ///   - source: The bytes.
  ///   - format: Their form; nil to tell it by the first of them.
  /// - Throws: `InterchangeError`, also if CSV lacks columns of a post.
  public init(_ source: any ByteSource, format: PostFormat? = nil) throws(InterchangeError) {
    var input = InputBuffer(try decompressed(source))
    let start = try PostReader.skipByteOrderMark(&input)
    guard start != UInt8(ascii: "[") || format == .csv else {
      throw InterchangeError(
        "it is a JSON array, and NDJSON has one object a line: jq -c '.[]' makes the one from the other"
      )
    }
    switch format ?? (start == UInt8(ascii: "{") ? .ndjson : .csv) {
    case .ndjson:
      lines = .ndjson(input, line: 0)
    case .csv:
      var reader = CSVReader(input)
      let columns = try PostReader.columns(&reader)
      lines = .csv(reader, columns)
    }
  }

  /// Goes past a byte order mark.
  ///
  /// - Returns: The first byte that is not white space, if there is one near the start.
  private static func skipByteOrderMark(
    _ input: inout InputBuffer
  ) throws(InterchangeError) -> UInt8? {
    while input.count < 64, try input.more() {}
    if input.count >= 3, input.withBytes(0..<3, { $0.elementsEqual([0xEF, 0xBB, 0xBF]) }) {
      input.consume(3)
    }
    return input.withBytes(0..<min(64, input.count)) { bytes in bytes.first { $0 > 0x20 } }
  }

  private static func columns(_ reader: inout CSVReader) throws(InterchangeError) -> PostColumns {
    do {
      guard try reader.next() else {
        throw InterchangeError("the CSV is empty: not even the names of its columns are there")
      }
      return try PostColumns(
        header: reader.fields.map { String(decoding: reader.row[$0], as: UTF8.self) })
    } catch let error as InterchangeError {
      throw error
    } catch {
      throw InterchangeError("this is no CSV of posts: \(error)")
    }
  }

  /// The next post, or what stands in the place of one; nil at the end.
  public mutating func next() throws(InterchangeError) -> Entry? {
    switch lines {
    case .ndjson(var input, var line):
      // Moved out and back, so that the bytes are not copied when they change.
      lines = .ndjson(InputBuffer(NoBytes.shared), line: 0)
      defer { lines = .ndjson(input, line: line) }
      return try nextMessage(&input, &line)
    case .csv(var reader, let columns):
      lines = .csv(CSVReader(InputBuffer(NoBytes.shared)), columns)
      defer { lines = .csv(reader, columns) }
      return try nextRow(&reader, columns)
    }
  }

  private mutating func nextMessage(
    _ input: inout InputBuffer, _ line: inout Int
  ) throws(InterchangeError) -> Entry? {
    while true {
      let end: Int
      let length: Int
      if let newline = try input.newline() {
        (end, length) = (newline, newline + 1)
      } else {
        (end, length) = (input.count, input.count)
        if length == 0 { return nil }
      }
      line += 1
      guard end <= InputBuffer.recordLimit else {
        try input.skipLine()
        return .rejected(Rejection(field: "JSON", problem: "longer than 16 MiB"), line: line)
      }
      byteCount += Int64(length)
      defer { input.consume(length) }
      if input.withBytes(0..<end, { $0.allSatisfy { $0 <= 0x20 } }) { continue }
      let result = input.withBytes(0..<end) { bytes in
        Result { () throws(Rejection) in try decoder.decode(bytes) }
      }
      switch result {
      case .success(let post): return .post(post, line: line)
      case .failure(let rejection): return .rejected(rejection, line: line)
      }
    }
  }

  private mutating func nextRow(
    _ reader: inout CSVReader, _ columns: PostColumns
  ) throws(InterchangeError) -> Entry? {
    do {
      guard try reader.next() else { return nil }
      byteCount += Int64(reader.row.count)
      return .post(
        try decoder.decode(row: reader.row, fields: reader.fields, of: columns), line: reader.line)
    } catch let rejection as Rejection {
      return .rejected(rejection, line: reader.line)
    } catch let error as InterchangeError {
      throw error
    } catch {
      throw InterchangeError("\(error)")
    }
  }
}

/// A source at its end.
private final class NoBytes: ByteSource, Sendable {
  static let shared = NoBytes()
  func next() throws(InterchangeError) -> [UInt8] { [] }
}
