#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Why output could not be written.
public enum OutputError: Error, Equatable, CustomStringConvertible {
  /// The reader has gone, as after `| head`. Not a fault: end quietly, with exit code 0.
  case readerGone
  /// The system refused the write, with its `errno`, such as `ENOSPC` for a full disk.
  case refused(errno: Int32)
  /// A file could not be made or written, with the `errno`; the place is as it was before.
  case file(path: String, errno: Int32)
  /// The user has asked the program to stop while it waited for a slow reader.
  case interrupted

  public var description: String {
    switch self {
    case .readerGone:
      "The program that reads the output has ended; nothing more is written."
    case .refused(let code):
      "The output could not be written: \(String(cString: strerror(code))) (errno \(code)). "
        + "What came before it may be incomplete; make room or choose another place and run again."
    case .file(let path, let code):
      "cannot write \(path): \(String(cString: strerror(code))) (errno \(code)). "
        + "Nothing was changed there; choose another place or mend that and run again."
    case .interrupted: "interrupted"
    }
  }
}
