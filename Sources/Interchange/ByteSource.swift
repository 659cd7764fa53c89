import Foundation

/// Bytes that are read in order.
public protocol ByteSource: AnyObject {
  /// The next bytes; none at the end.
  func next() throws(InterchangeError) -> [UInt8]
}

/// The bytes of a file, or of what else a descriptor stands for.
public final class FileSource: ByteSource {
  private static let chunk = 1 << 18
  private let descriptor: Int32
  private let isOwner: Bool
  private let name: String
  private let isStopped: () -> Bool

  /// Opens a file.
  ///
  /// - Parameters:
  ///   - path: The file; `-` is standard input.
  ///   - isStopped: Asked when a signal comes while there is nothing to read, which may be for ever:
  ///     whether to give up.
  public init(
    path: String, isStopped: @escaping () -> Bool = { false }
  ) throws(InterchangeError) {
    self.isStopped = isStopped
    isOwner = path != "-"
    name = isOwner ? path : "standard input"
    descriptor = isOwner ? open(path, O_RDONLY | O_CLOEXEC) : STDIN_FILENO
    guard descriptor >= 0 else {
      throw InterchangeError("cannot open \(path): \(String(cString: strerror(errno)))")
    }
  }

  deinit { if isOwner { close(descriptor) } }

  public func next() throws(InterchangeError) -> [UInt8] {
    var code: Int32 = 0
    let bytes = [UInt8](unsafeUninitializedCapacity: Self.chunk) { buffer, count in
      var read: Int
      repeat {
        read = Foundation.read(descriptor, buffer.baseAddress, Self.chunk)
      } while read < 0 && errno == EINTR && !isStopped()
      if read < 0 { code = errno }
      count = max(0, read)
    }
    guard code == 0 else {
      throw InterchangeError("cannot read \(name): \(String(cString: strerror(code)))")
    }
    return bytes
  }
}
