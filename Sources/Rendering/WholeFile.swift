import Foundation

/// A file that is there with all of its content or not at all.
///
/// What is written goes to a file of another name in the same folder, which takes the place of the final
/// one by `finish`. Without that it goes with this object, and what was there before stays.
public final class WholeFile {
  /// Where the content is to be written.
  public let descriptor: Int32
  private let path: String
  /// The name until `finish`; nil if the content goes straight to what is no ordinary file.
  private let partialPath: String?
  private var isFinished = false

  /// Begins a file.
  ///
  /// - Parameter path: The final name. A device or a pipe of that name is written to as it is.
  public init(path: String) throws(OutputError) {
    self.path = path
    var status = stat()
    let isThere = stat(path, &status) == 0
    if isThere, status.st_mode & S_IFMT != S_IFREG {
      partialPath = nil
      descriptor = open(path, O_WRONLY | O_CLOEXEC)
    } else {
      let partial = "\(path).partial-\(getpid())"
      partialPath = partial
      descriptor = open(partial, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o666)
    }
    guard descriptor >= 0 else { throw .refused(errno: errno) }
  }

  deinit {
    close(descriptor)
    if let partialPath, !isFinished { unlink(partialPath) }
  }

  /// Makes the content last, and gives the file its name.
  public func finish() throws(OutputError) {
    guard let partialPath else { return }
    guard fsync(descriptor) == 0, rename(partialPath, path) == 0 else {
      throw .refused(errno: errno)
    }
    isFinished = true
    // The name lasts once its folder is on the disk.
    let folder = open(URL(fileURLWithPath: path).deletingLastPathComponent().path, O_RDONLY)
    guard folder >= 0 else { return }
    fsync(folder)
    close(folder)
  }
}
