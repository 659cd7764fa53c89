import Foundation
import GRDB

/// A store opened to be read: nothing that is done through it can change the file.
///
/// It is used from one thread at a time.
public final class StoreReader {
  private let queue: DatabaseQueue
  /// The file as it was when it was opened without locks; nil if it was opened with them.
  private let unlockedState: StoreFile.State?
  /// The file of the store.
  public let path: String

  /// Opens the store at a path.
  ///
  /// A store with a write-ahead log needs files beside it even to be read. Where the folder cannot be
  /// written and there is no such log, nobody is writing, and the file is read as it is.
  ///
  /// - Throws: `StoreError`: there is none, or it is not one that this program can read.
  public convenience init(path: String, busyTimeout: TimeInterval = 5) throws(StoreError) {
    try self.init(path: path, busyTimeout: busyTimeout, checksSchema: true)
  }

  /// The same for any database, if its schema is not to be checked.
  init(path: String, busyTimeout: TimeInterval = 5, checksSchema: Bool) throws(StoreError) {
    self.path = path
    let file = StoreFile(path: path)
    try file.check()
    guard let state = file.state else {
      throw .missing(at: path)
    }
    do {
      var opened: (queue: DatabaseQueue, state: StoreFile.State?)
      do {
        opened = (
          try Self.open(path, path: path, busyTimeout: busyTimeout, checksSchema: checksSchema),
          nil
        )
      } catch let error as DatabaseError
        where [.SQLITE_CANTOPEN, .SQLITE_READONLY].contains(error.resultCode)
      {
        guard access(path, R_OK) == 0 else {
          throw StoreError(
            .sqlite, "the store \(path) cannot be read: \(String(cString: strerror(errno)))")
        }
        guard access(file.folder.path, W_OK) != 0 else { throw error }
        guard !state.hasLog else {
          throw StoreError(
            .readOnly,
            "the store \(path) cannot be read without writing to its folder, since \(path)-wal holds the newest of it: start social-consumer on it with --exit-at-end, or copy both files to a folder of yours"
          )
        }
        opened = (
          try Self.open(
            file.immutableURI, path: path, busyTimeout: busyTimeout, checksSchema: checksSchema),
          state
        )
      }
      (queue, unlockedState) = opened
    } catch {
      throw StoreError.wrapping(error, path: path)
    }
  }

  private static func open(
    _ name: String, path: String, busyTimeout: TimeInterval, checksSchema: Bool
  ) throws -> DatabaseQueue {
    var configuration = Configuration()
    configuration.label = "socialq.reader"
    configuration.readonly = true
    configuration.busyMode = .timeout(busyTimeout)
    configuration.prepareDatabase { db in
      // What does not fit into a cache of 2 MB while it is sorted goes to a temporary file: memory would
      // be without bound, and is what many questions at once take most of.
      try db.execute(sql: "PRAGMA query_only = 1; PRAGMA temp_store = FILE")
    }
    let queue = try DatabaseQueue(path: name, configuration: configuration)
    if checksSchema {
      try queue.read { try Migrator(path: path, migrations: Migration.all).check($0) }
    }
    return queue
  }

  /// Reads within one transaction, so that all of it sees the same state of the store.
  ///
  /// - Throws: What `body` throws; `StoreError`, also if a store that was opened without locks was
  ///   changed meanwhile, since what was read may then be of two states.
  public func read<Value>(_ body: (Database) throws -> Value) throws -> Value {
    do {
      let value = try queue.read(body)
      guard unlockedState == nil || unlockedState == StoreFile(path: path).state else {
        throw StoreError(
          .busy, "the store \(path) was changed by another program while it was read: ask again")
      }
      return value
    } catch let error as DatabaseError {
      throw StoreError.wrapping(error, path: path)
    }
  }
}
