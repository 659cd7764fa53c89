#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// A file that is written whole or not at all.
///
/// The bytes go to a file of another name in the same folder, which takes the name of the real one when
/// all is on the disk. Until `commit` returns, what the place held before stays as it was; a file that
/// goes away without it leaves nothing behind. A place that is no regular file, such as a named pipe or
/// `/dev/null`, takes the bytes as they come.
public final class OutputFile: ByteSink {
  private let path: String
  /// The real place, behind links, and where the bytes are until then; nil for a place that takes them
  /// as they come.
  private let move: (from: String, to: String)?
  private let descriptor: Int32
  private let sink: FileDescriptorSink
  private var isOpen = true

  /// Opens a file for writing.
  ///
  /// - Parameters:
  ///   - path: The place. A file that is there is replaced, and keeps its permissions.
  ///   - isStopped: Whether to give up when a signal comes while a pipe is full.
  /// - Throws: `OutputError.file`.
  public init(
    _ path: String, isStopped: @escaping () -> Bool = { false }
  ) throws(OutputError) {
    self.path = path
    var status = stat()
    let exists = stat(path, &status) == 0
    if !exists, errno != ENOENT { throw .file(path: path, errno: errno) }
    if exists, access(path, W_OK) != 0 { throw .file(path: path, errno: errno) }
    if exists, status.st_mode & S_IFMT != S_IFREG {
      move = nil
      descriptor = open(path, O_WRONLY | O_CLOEXEC)
    } else {
      let target = exists ? OutputFile.resolved(path) : path
      let folder = OutputFile.folder(of: target)
      let number = String(UInt32.random(in: .min ... .max), radix: 16)
      let partial = "\(folder).socialq-\(number).partial"
      move = (partial, target)
      descriptor = open(partial, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o666)
      if descriptor >= 0, exists { _ = fchmod(descriptor, status.st_mode & 0o7777) }
    }
    let code = errno
    sink = FileDescriptorSink(descriptor, isStopped: isStopped)
    guard descriptor >= 0 else {
      isOpen = false
      throw .file(path: path, errno: code)
    }
  }

  deinit { discard() }

  public func write(_ bytes: [UInt8]) throws(OutputError) {
    do throws(OutputError) { try sink.write(bytes) } catch { throw named(error) }
  }

  public func flush() throws(OutputError) {
    do throws(OutputError) { try sink.flush() } catch { throw named(error) }
  }

  /// Puts the file in its place. No bytes can be written after.
  public func commit() throws(OutputError) {
    try flush()
    guard let move else {
      isOpen = false
      guard close(descriptor) == 0 else { throw .file(path: path, errno: errno) }
      return
    }
    guard fsync(descriptor) == 0, rename(move.from, move.to) == 0 else {
      throw .file(path: path, errno: errno)
    }
    isOpen = false
    close(descriptor)
    // The new name is on the disk only when the folder is, which not every file system can be told.
    let folder = open(OutputFile.folder(of: move.to), O_RDONLY | O_CLOEXEC)
    if folder >= 0 {
      fsync(folder)
      close(folder)
    }
  }

  /// Takes back what was written.
  private func discard() {
    guard isOpen else { return }
    isOpen = false
    close(descriptor)
    if let move { unlink(move.from) }
  }

  private func named(_ error: OutputError) -> OutputError {
    if case .refused(let code) = error { .file(path: path, errno: code) } else { error }
  }

  /// The folder of a path with its `/`, or `./`.
  private static func folder(of path: String) -> String {
    path.lastIndex(of: "/").map { String(path[...$0]) } ?? "./"
  }

  private static func resolved(_ path: String) -> String {
    guard let real = realpath(path, nil) else { return path }
    defer { free(real) }
    return String(cString: real)
  }
}
