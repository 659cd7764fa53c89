#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// A place that takes the bytes of an answer in order.
///
/// A sink is used by one task at a time.
public protocol ByteSink: AnyObject {
  /// Takes bytes; they may stay in a buffer until `flush`.
  func write(_ bytes: [UInt8]) throws(OutputError)
  /// Hands on all that was taken.
  func flush() throws(OutputError)
}

/// Keeps the bytes in memory.
public final class MemorySink: ByteSink {
  /// All that was written.
  public private(set) var bytes: [UInt8] = []

  /// An empty sink.
  public init() {}

  /// What was written, as text. Bytes that are no UTF-8 are replaced.
  public var text: String { String(decoding: bytes, as: UTF8.self) }

  public func write(_ more: [UInt8]) throws(OutputError) { bytes += more }
  public func flush() throws(OutputError) {}
}

/// Writes to a file descriptor through a buffer.
///
/// A closed pipe fails with `OutputError.readerGone` if the process ignores `SIGPIPE`, as it should.
///
/// The descriptor is neither owned nor closed. A sink that goes away does not flush: only `flush`
/// can report an error, so the caller must call it.
public final class FileDescriptorSink: ByteSink {
  private let descriptor: Int32
  private let capacity: Int
  private let isStopped: () -> Bool
  private var buffer: [UInt8] = []

  /// A sink before a descriptor that is open for writing.
  ///
  /// - Parameters:
  ///   - descriptor: Standard output by default.
  ///   - capacity: How many bytes are gathered before a write. 0 hands on each write at once, which
  ///     suits an answer that is followed live.
  ///   - isStopped: Asked when a signal comes during a write, which a reader may hold up for ever:
  ///     whether to give up with `OutputError.interrupted`.
  public init(
    _ descriptor: Int32 = STDOUT_FILENO, capacity: Int = 65_536,
    isStopped: @escaping () -> Bool = { false }
  ) {
    precondition(capacity >= 0)
    self.isStopped = isStopped
    self.descriptor = descriptor
    self.capacity = capacity
    buffer.reserveCapacity(capacity)
  }

  public func write(_ bytes: [UInt8]) throws(OutputError) {
    if buffer.count + bytes.count > capacity { try flush() }
    if bytes.count >= capacity {
      try send(bytes)
    } else {
      buffer += bytes
    }
  }

  public func flush() throws(OutputError) {
    guard !buffer.isEmpty else { return }
    // The buffer goes first: after a failure it would only fail again, or come out twice.
    let bytes = buffer
    buffer.removeAll(keepingCapacity: true)
    try send(bytes)
  }

  private func send(_ bytes: [UInt8]) throws(OutputError) {
    var sent = 0
    while sent < bytes.count {
      let count = bytes.withUnsafeBytes { all in
        let rest = UnsafeRawBufferPointer(rebasing: all[sent...])
        return systemWrite(descriptor, rest)
      }
      if count >= 0 {
        sent += count
        continue
      }
      switch errno {
      case EINTR:
        if isStopped() { throw .interrupted }
      case EAGAIN: try waitUntilWritable()
      case EPIPE: throw .readerGone
      case let code: throw .refused(errno: code)
      }
    }
  }

  /// Waits for a descriptor that another process has made non-blocking, as a shared terminal can be.
  private func waitUntilWritable() throws(OutputError) {
    var request = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
    guard poll(&request, 1, -1) < 0 else { return }
    guard errno == EINTR else { throw .refused(errno: errno) }
    if isStopped() { throw .interrupted }
  }
}

/// The system's `write`, which a method of that name hides.
private func systemWrite(_ descriptor: Int32, _ bytes: UnsafeRawBufferPointer) -> Int {
  write(descriptor, bytes.baseAddress, bytes.count)
}
