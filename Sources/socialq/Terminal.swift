#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// A terminal that shows the output.
struct Terminal {
  /// Its width in columns; nil if it does not say.
  let width: Int?

  /// The terminal behind standard output, or nil where that is a file or a pipe.
  static var ofStandardOutput: Terminal? {
    guard isatty(STDOUT_FILENO) == 1 else { return nil }
    var size = winsize()
    guard ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else {
      return Terminal(width: nil)
    }
    return Terminal(width: Int(size.ws_col))
  }
}
