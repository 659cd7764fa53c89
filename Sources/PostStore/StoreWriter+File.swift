import GRDB

extension StoreWriter {
  /// Throws if the file of the store is no longer the one that was opened.
  ///
  /// SQLite itself goes on with a file that was deleted, into which nobody will ever look, and with one into which
  /// another was copied. That one is noticed if it is smaller: a store never gets smaller by itself.
  ///
  /// - Throws: `StoreError` of code `replaced`.
  public func checkFile() throws(StoreError) {
    let file = StoreFile(path: path)
    let found = file.identity
    guard found != identity else {
      let size = file.size
      guard size >= fileSize else { throw StoreError.putBack(path) }
      fileSize = size
      return
    }
    let what = found == nil ? "deleted" : "replaced by another file"
    throw StoreError(
      .replaced,
      "the store \(path) was \(what) while it was open: put a backup in its place, or start again to read the topic from where the file there is"
    )
  }

  /// Takes the write-ahead log back into the database if it has grown beyond a limit.
  ///
  /// - Parameter limit: The bytes it may have.
  /// - Returns: Nil if it is within the limit by then; else why it is not.
  /// - Throws: `StoreError`.
  public func trimLog(to limit: Int64) throws(StoreError) -> StoreError? {
    let file = StoreFile(path: path)
    guard file.logSize > limit else { return nil }
    let isBusy = try read { db in
      try Int.fetchOne(db, sql: "PRAGMA wal_checkpoint(TRUNCATE)") == 1
    }
    guard isBusy, file.logSize > limit else { return nil }
    return StoreError(
      .busy,
      "a program that reads the store without end keeps \(file.logSize) bytes in \(path)-wal: end it ('fuser \(path)' tells which)"
    )
  }
}
