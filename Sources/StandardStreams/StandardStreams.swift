import Foundation

/// The streams that a process is started with.
public enum StandardStreams {
  /// Makes descriptors 0, 1 and 2 safe to have; a program calls it before it opens anything.
  ///
  /// A stream that was closed by the caller would leave its number to the next file opened: a store
  /// that is descriptor 2 would take every message to the user as data. It is held by `/dev/null`,
  /// opened the wrong way round, so that using it fails as using a closed one does.
  ///
  /// A pipe whose reader has gone shows as an error of `write`, and ends no program by `SIGPIPE`.
  public static func secure() {
    signal(SIGPIPE, SIG_IGN)
    // The lowest free number is given out first, so that in this order each is its own.
    for descriptor in STDIN_FILENO...STDERR_FILENO
    where fcntl(descriptor, F_GETFD) == -1 && errno == EBADF {
      _ = open("/dev/null", descriptor == STDIN_FILENO ? O_WRONLY : O_RDONLY)
    }
  }
}
