import Foundation

/// Talk to the user on standard error.
///
/// Nobody may be listening: the stream can be closed, its pipe broken, its disk full. No program fails
/// for that, so that errors of writing are ignored.
public enum StandardError {
  /// Whether it is a terminal, on which a line can be painted over.
  public static var isTerminal: Bool { isatty(STDERR_FILENO) == 1 }

  /// Writes a line.
  public static func say(_ text: String) { write(text + "\n") }

  /// Writes a text as it is.
  public static func write(_ text: String) {
    var text = text
    text.withUTF8 { bytes in
      var rest = UnsafeRawBufferPointer(bytes)
      while !rest.isEmpty {
        let count = Foundation.write(STDERR_FILENO, rest.baseAddress, rest.count)
        if count > 0 {
          rest = UnsafeRawBufferPointer(rebasing: rest[count...])
        } else if count < 0, errno == EINTR {
          continue
        } else if count < 0, errno == EAGAIN {
          // Another process may have made a shared terminal non-blocking; one that takes nothing for
          // a second has nobody before it.
          var request = pollfd(fd: STDERR_FILENO, events: Int16(POLLOUT), revents: 0)
          if poll(&request, 1, 1000) <= 0 { return }
        } else {
          return
        }
      }
    }
  }
}
