/// The part of a source that is being looked at: from the first byte not yet consumed, as far as was
/// read.
struct InputBuffer {
  /// No line and no row is taken in that is longer.
  static let recordLimit = 16 << 20

  private let source: any ByteSource
  private var bytes: [UInt8] = []
  private var start = 0

  init(_ source: any ByteSource) { self.source = source }

  /// How many bytes are at hand.
  var count: Int { bytes.count - start }

  /// A byte by its distance from the first one at hand.
  subscript(offset: Int) -> UInt8 { bytes[start + offset] }

  /// Reads on.
  ///
  /// - Returns: Whether there was more.
  mutating func more() throws(InterchangeError) -> Bool {
    let next = try source.next()
    if start > 0 {
      bytes.removeSubrange(..<start)
      start = 0
    }
    bytes += next
    return !next.isEmpty
  }

  /// Goes past bytes at hand.
  mutating func consume(_ count: Int) { start += count }

  /// Lends bytes at hand.
  func withBytes<Result>(
    _ range: Range<Int>, _ body: (UnsafeRawBufferPointer) -> Result
  ) -> Result {
    bytes.withUnsafeBytes { all in
      body(
        UnsafeRawBufferPointer(rebasing: all[start + range.lowerBound..<start + range.upperBound]))
    }
  }

  /// Where the first newline at or after an offset is; nil if the source, or a record, ends before.
  mutating func newline(from offset: Int = 0) throws(InterchangeError) -> Int? {
    var offset = offset
    while true {
      let found = withBytes(offset..<count) { $0.firstIndex(of: UInt8(ascii: "\n")) }
      if let found { return offset + found }
      offset = count
      guard offset <= Self.recordLimit, try more() else { return nil }
    }
  }

  /// Goes past all up to the next newline and past that.
  mutating func skipLine() throws(InterchangeError) {
    while true {
      if let newline = withBytes(0..<count, { $0.firstIndex(of: UInt8(ascii: "\n")) }) {
        consume(newline + 1)
        return
      }
      consume(count)
      guard try more() else { return }
    }
  }
}
