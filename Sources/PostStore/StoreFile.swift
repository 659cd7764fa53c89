import Foundation

/// The file of a store, looked at before SQLite does, whose words for what is wrong with a path are few.
struct StoreFile {
  let path: String

  /// Which file it is, whatever its name; nil if there is none.
  var identity: FileIdentity? { FileIdentity(path) }

  /// What a file looks like from outside; any change of its content changes it.
  struct State: Equatable {
    let size: Int64
    let changed: [Int64]
    let hasLog: Bool
  }

  /// Throws if the path can be no store.
  func check() throws(StoreError) {
    guard !path.isEmpty else {
      throw StoreError(.notFound, "the store has no name: give a file with --db or SOCIALQ_DB")
    }
    if Self.isFolder(path) {
      throw StoreError(.notAStore, "\(path) is a folder, not a store: name a file")
    }
  }

  /// The folder that the file is in.
  var folder: URL { URL(fileURLWithPath: path).deletingLastPathComponent() }

  /// Whether that folder is there.
  var hasFolder: Bool { Self.isFolder(folder.path) }

  private static func isFolder(_ path: String) -> Bool {
    var isFolder: ObjCBool = false
    return FileManager.default.fileExists(atPath: path, isDirectory: &isFolder)
      && isFolder.boolValue
  }

  /// Whether there is a [write-ahead log](https://www.sqlite.org/wal.html) that holds something.
  var hasLog: Bool { logSize > 0 }

  /// The bytes of the file; 0 if there is none.
  var size: Int64 { Self.size(of: path) }

  /// The bytes of the write-ahead log; 0 if there is none.
  var logSize: Int64 { Self.size(of: path + "-wal") }

  /// Whether the file begins as every [SQLite database](https://www.sqlite.org/fileformat.html) does.
  var isDatabase: Bool {
    let magic = Array("SQLite format 3\0".utf8)
    guard let handle = FileHandle(forReadingAtPath: path) else { return false }
    defer { try? handle.close() }
    return (try? handle.read(upToCount: magic.count)).map { Array($0) == magic } ?? false
  }

  private static func size(of path: String) -> Int64 {
    var status = stat()
    return stat(path, &status) == 0 ? Int64(status.st_size) : 0
  }

  /// The state at this moment; nil if there is no file.
  var state: State? {
    var status = stat()
    guard stat(path, &status) == 0 else { return nil }
    #if canImport(Darwin)
      let time = status.st_mtimespec
    #else
      let time = status.st_mtim
    #endif
    return State(
      size: Int64(status.st_size), changed: [Int64(time.tv_sec), Int64(time.tv_nsec)],
      hasLog: hasLog)
  }

  /// The [URI](https://www.sqlite.org/uri.html) by which SQLite reads the file without a log or locks.
  var immutableURI: String { URL(fileURLWithPath: path).absoluteString + "?immutable=1" }
}
