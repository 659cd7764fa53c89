import Rendering

/// Keeps an answer of bounded size.
final class BoundedSink: ByteSink {
  private(set) var bytes: [UInt8] = []
  /// Whether there was more than the limit.
  private(set) var isFull = false
  private let limit: Int

  init(limit: Int) { self.limit = limit }

  func write(_ more: [UInt8]) throws(OutputError) {
    guard bytes.count + more.count <= limit else {
      isFull = true
      throw .readerGone
    }
    bytes += more
  }

  func flush() {}
}

/// Hands an answer on and keeps a copy of it, if it is not too large.
final class CopyingSink<Sink: ByteSink>: ByteSink {
  /// All that was written; nil if it was more than the limit.
  private(set) var copy: [UInt8]? = []
  private let sink: Sink
  private let limit: Int

  init(_ sink: Sink, limit: Int) {
    self.sink = sink
    self.limit = limit
  }

  func write(_ bytes: [UInt8]) throws(OutputError) {
    if let size = copy?.count, size + bytes.count <= limit {
      copy?.append(contentsOf: bytes)
    } else {
      copy = nil
    }
    try sink.write(bytes)
  }

  func flush() throws(OutputError) { try sink.flush() }
}
