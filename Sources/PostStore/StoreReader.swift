import Foundation
import GRDB

/// A store opened to be read: nothing that is done through it can change the file.
///
/// It is used from one thread at a time.
public final class StoreReader {
  private let queue: DatabaseQueue
  /// The file of the store.
  public let path: String

  /// Opens the store at a path.
  ///
  /// - Throws: `StoreError`: there is none, or it is not one that this program can read.
  public init(path: String, busyTimeout: TimeInterval = 5) throws(StoreError) {
    self.path = path
    guard FileManager.default.fileExists(atPath: path) else {
      throw StoreError(
        .notFound,
        "there is no store at \(path): start social-consumer to make one, run script/demo, or name another with --db"
      )
    }
    do {
      var configuration = Configuration()
      configuration.label = "socialq.reader"
      configuration.readonly = true
      configuration.busyMode = .timeout(busyTimeout)
      configuration.prepareDatabase { db in
        try db.execute(sql: "PRAGMA query_only = 1; PRAGMA temp_store = MEMORY")
      }
      queue = try DatabaseQueue(path: path, configuration: configuration)
      try queue.read { try Migrator(path: path, migrations: Migration.all).check($0) }
    } catch {
      throw StoreError.wrapping(error, path: path)
    }
  }

  /// Reads within one transaction, so that all of it sees the same state of the store.
  public func read<Value>(_ body: (Database) throws -> Value) throws -> Value {
    do {
      return try queue.read(body)
    } catch let error as DatabaseError {
      throw StoreError.wrapping(error, path: path)
    }
  }
}
