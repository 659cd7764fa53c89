import Foundation
import GRDB

extension StoreReader {
  /// Writes a copy of the store as it is at this instant, while others read and write it.
  ///
  /// The copy is made by SQLite's [online backup](https://www.sqlite.org/backup.html) under a name of
  /// its own, and takes the name asked for once it is on the disk and was read back: all of its pages are
  /// whole, and every table has as many rows as in the state that was copied. Until then a file of that
  /// name stays as it was.
  ///
  /// - Parameters:
  ///   - destination: The file to make. It is readable by whoever can read the store.
  ///   - replaces: Whether a file of that name may be replaced.
  ///   - progress: Called with the share that is done, from 0 to 1; what it throws ends the backup.
  /// - Returns: The bytes of the copy.
  /// - Throws: `StoreError`; what `progress` throws.
  public func backUp(
    to destination: String, replaces: Bool = false, progress: (Double) throws -> Void = { _ in }
  ) throws -> Int64 {
    let target = StoreFile(path: destination)
    try target.check()
    try refuse(target, replaces: replaces)
    let number = String(UInt32.random(in: .min ... .max), radix: 16)
    let partial = StoreFile(
      path: target.folder.appendingPathComponent(".socialq-\(number).partial").path)
    defer { partial.removeWithLog() }
    let counts = try copy(to: partial, as: destination, progress: progress)
    try Self.verify(partial, counts, as: destination)
    // Another program may have made the file meanwhile.
    try refuse(target, replaces: replaces)
    try partial.move(to: target)
    return target.size
  }

  /// Throws where no backup may be put.
  private func refuse(_ target: StoreFile, replaces: Bool) throws(StoreError) {
    guard target.hasFolder else {
      throw StoreError(
        .notFound,
        "there is no folder \(target.folder.path) for the backup \(target.path): make it, or name another file"
      )
    }
    guard let identity = target.identity else { return }
    guard identity != StoreFile(path: path).identity else {
      throw StoreError(.exists, "\(target.path) is the store itself: name another file")
    }
    guard replaces else {
      throw StoreError(
        .exists,
        "there is a file \(target.path) already: name another, or replace it with --force")
    }
    // SQLite would take the log for one of the new file.
    guard !target.hasLog else {
      throw StoreError(
        .exists,
        "\(target.path) is in use as a store, or was left behind by a program that was killed: name another file"
      )
    }
  }

  /// Copies the state of one instant.
  ///
  /// - Returns: How many rows each table had then.
  private func copy(
    to partial: StoreFile, as name: String, progress: (Double) throws -> Void
  ) throws -> [String: Int64] {
    do {
      var configuration = Configuration()
      configuration.prepareDatabase { db in
        // Whatever happens to a file that is not whole, it is thrown away.
        try db.execute(sql: "PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF")
      }
      let copy = try DatabaseQueue(path: partial.path, configuration: configuration)
      partial.takePermissions(of: path)
      return try withoutActuallyEscaping(progress) { progress in
        try copy.writeWithoutTransaction { copied in
          // One transaction, in which nothing that others write is seen.
          try read { db in
            let counts = try Self.counts(db)
            try db.backup(to: copied, pagesPerStep: 64) { step in
              guard !step.isCompleted else { return }
              try progress(Double(step.completedPageCount) / Double(step.totalPageCount))
            }
            try progress(1)
            return counts
          }
        }
      }
    } catch let error as StoreError where [.full, .inputOutput, .readOnly].contains(error.code) {
      throw StoreError(error.code, "the backup \(name) cannot be written: \(error)")
    }
  }

  private static func verify(
    _ partial: StoreFile, _ counts: [String: Int64], as name: String
  ) throws {
    try partial.synchronize()
    do {
      var configuration = Configuration()
      configuration.readonly = true
      let copy = try DatabaseQueue(path: partial.immutableURI, configuration: configuration)
      let (problems, copied) = try copy.read { db in
        (try String.fetchAll(db, sql: "PRAGMA integrity_check(3)"), try Self.counts(db))
      }
      guard problems == ["ok"] else {
        throw StoreError(
          .corrupt,
          "the backup \(name) is damaged as the store is, and was not kept (\(StoreExamination.first(problems))): see 'socialq doctor'"
        )
      }
      guard copied == counts else {
        throw StoreError(
          .inputOutput,
          "the backup \(name) has not the rows of the store, and was not kept: check the disk that it is on"
        )
      }
    } catch let error as DatabaseError {
      throw StoreError.wrapping(error, path: name)
    }
  }

  private static func counts(_ db: Database) throws -> [String: Int64] {
    var counts: [String: Int64] = [:]
    let tables = "SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name"
    for table in try String.fetchAll(db, sql: tables) {
      counts[table] = try Int64.fetchOne(db, sql: "SELECT COUNT(*) FROM \"\(table)\"")
    }
    return counts
  }
}

extension StoreFile {
  fileprivate func takePermissions(of other: String) {
    var status = stat()
    if stat(other, &status) == 0 { chmod(path, status.st_mode & 0o777) }
  }

  /// Puts all of it on the disk.
  fileprivate func synchronize() throws(StoreError) {
    let descriptor = open(path, O_RDWR | O_CLOEXEC)
    defer { if descriptor >= 0 { close(descriptor) } }
    guard descriptor >= 0, fsync(descriptor) == 0 else {
      throw StoreError(
        .inputOutput, "the backup \(path) cannot be written: \(String(cString: strerror(errno)))")
    }
  }

  fileprivate func move(to target: StoreFile) throws(StoreError) {
    guard rename(path, target.path) == 0 else {
      throw StoreError(
        .inputOutput,
        "the backup \(target.path) cannot be put in its place: \(String(cString: strerror(errno)))")
    }
    // The new name is on the disk only when the folder is, which not every file system can be told.
    let descriptor = open(folder.path, O_RDONLY | O_CLOEXEC)
    if descriptor >= 0 {
      fsync(descriptor)
      close(descriptor)
    }
  }

  fileprivate func removeWithLog() {
    for end in ["", "-wal", "-shm", "-journal"] { unlink(path + end) }
  }
}
