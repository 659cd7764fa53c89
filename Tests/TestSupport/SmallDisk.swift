#if os(Linux)
  import Foundation

  /// A disk of three megabytes of its own, as long as the value lasts. Only root can make one.
  public final class SmallDisk {
    /// Where it is.
    public let path: String

    /// Makes one in a folder.
    public init(in files: TemporaryDirectory) throws {
      path = files.path("disk")
      try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: false)
      try run("mount", "-t", "tmpfs", "-o", "size=3m", "tmpfs", path)
    }

    /// Gives it room for whatever comes.
    public func grow() throws { try run("mount", "-o", "remount,size=300m", path) }

    /// Leaves no room on it.
    public func fill() throws {
      let descriptor = open(path + "/filler", O_CREAT | O_WRONLY | O_CLOEXEC, 0o600)
      guard descriptor >= 0 else { throw TestSupportError("\(path) takes no file") }
      defer { close(descriptor) }
      let page = [UInt8](repeating: 7, count: 4096)
      while write(descriptor, page, page.count) > 0 {}
    }

    private func run(_ words: String...) throws {
      let outcome = try Program(
        executable: URL(fileURLWithPath: "/usr/bin/env"), words
      ).wait()
      guard outcome.status == 0 else { throw TestSupportError(outcome.standardError) }
    }

    deinit { try? run("umount", "-l", path) }
  }
#endif
