import Rendering

/// Keeps an answer of bounded size, and hands it on if somebody takes it as it comes.
final class AnswerSink: ByteSink {
  /// All that was written; nil if it was more than the limit.
  private(set) var whole: [UInt8]? = []
  private let limit: Int
  private let next: (any ByteSink)?

  /// - Parameters:
  ///   - limit: How many bytes are kept.
  ///   - next: Who takes the answer, whatever its size; if nobody does, one that is too large is broken off.
  init(limit: Int, next: (any ByteSink)? = nil) {
    self.limit = limit
    self.next = next
  }

  func write(_ bytes: [UInt8]) throws(OutputError) {
    if let size = whole?.count, size + bytes.count <= limit {
      whole?.append(contentsOf: bytes)
    } else {
      whole = nil
      guard next != nil else { throw .readerGone }
    }
    try next?.write(bytes)
  }

  func flush() throws(OutputError) { try next?.flush() }
}
