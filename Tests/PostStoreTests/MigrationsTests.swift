import Foundation
import GRDB
import Posts
import StoreFixtures
import Synchronization
import TestSupport
import Testing

@testable import PostStore

@Suite struct MigrationsTests {
  private let folder: TemporaryDirectory
  private let path: String

  init() throws {
    folder = try TemporaryDirectory()
    path = folder.path("store.db")
  }

  /// A store with a change made behind its back.
  private func store(_ change: String) throws {
    _ = try StoreWriter(path: path)
    try otherConnection(path).write { try $0.execute(sql: change) }
  }

  private func expectRefusal(_ code: StoreError.Code) {
    let writing = #expect(throws: StoreError.self) { _ = try StoreWriter(path: path) }
    #expect(writing?.code == code)
    #expect(writing?.message.contains(path) == true)
    let reading = #expect(throws: StoreError.self) { _ = try StoreReader(path: path) }
    #expect(reading?.code == code)
    #expect(reading?.message.contains(path) == true)
  }

  @Test func migrationsAreNumberedInOrder() {
    #expect(!Migration.all.isEmpty)
    for (index, migration) in Migration.all.enumerated() {
      let number = String(format: "%04d", index + 1)
      #expect(migration.name.hasPrefix("\(number)-"))
    }
  }

  @Test func aFreshStoreSaysWhatItIs() throws {
    let path = folder.path("a/b/store.db")
    let error = #expect(throws: StoreError.self) { _ = try StoreWriter(path: path) }
    #expect(error?.message.contains(folder.path("a/b") + " ") == true)
    #expect(!FileManager.default.fileExists(atPath: folder.path("a")))
    _ = try StoreWriter(path: path, makesFolder: true)
    let reader = try StoreReader(path: path)
    #expect(try reader.integers("PRAGMA application_id") == [Int64(applicationID)])
    #expect(try reader.strings("PRAGMA journal_mode") == ["wal"])
    #expect(
      try reader.strings("SELECT name || ' ' || checksum FROM schema_migrations ORDER BY name")
        == Migration.all.map { "\($0.name) \($0.checksum)" })
    #expect(
      try reader.strings("SELECT name FROM sentiments ORDER BY id")
        == Sentiment.allCases.map(\.rawValue))
    for sentiment in Sentiment.allCases {
      #expect(
        try reader.integers("SELECT id FROM sentiments WHERE name = '\(sentiment)'")
          == [sentiment.storedID])
    }
  }

  @Test func aChecksumIsOfTheBytes() {
    // The test vectors of 64-bit FNV-1a.
    #expect(Migration(name: "", sql: "").checksum == "cbf29ce484222325")
    #expect(Migration(name: "", sql: "a").checksum == "af63dc4c8601ec8c")
    #expect(Migration(name: "", sql: "foobar").checksum == "85944171f73967e8")
  }

  @Test func aStoreOfANewerProgramIsRefused() throws {
    try store("INSERT INTO schema_migrations VALUES ('9999-later', '0', 0)")
    expectRefusal(.newer)
  }

  @Test func anEditedMigrationIsRefused() throws {
    try store("UPDATE schema_migrations SET checksum = '0000000000000000'")
    expectRefusal(.editedMigration)
  }

  @Test func anOlderStoreIsBroughtUpToDateByAWriterOnly() throws {
    try otherConnection(path).inDatabase { try Migrator(path: path, migrations: []).migrate($0) }
    let error = #expect(throws: StoreError.self) { _ = try StoreReader(path: path) }
    #expect(error?.code == .older)
    _ = try StoreWriter(path: path)
    _ = try StoreReader(path: path)
  }

  @Test func aMigrationThatFailsChangesNothing() throws {
    _ = try StoreWriter(path: path)
    let bad = Migration(name: "9999-bad", sql: "CREATE TABLE half (x); SELECT nonsense;")
    let other = try otherConnection(path)
    #expect(throws: (any Error).self) {
      try other.inDatabase {
        try Migrator(path: path, migrations: Migration.all + [bad]).migrate($0)
      }
    }
    let reader = try StoreReader(path: path)
    #expect(try reader.strings("SELECT name FROM sqlite_schema WHERE name = 'half'") == [])
  }

  @Test func anotherProgramsDatabaseIsRefusedAndNotTouched() throws {
    do {
      let other = try otherConnection(path)
      try other.write { try $0.execute(sql: "CREATE TABLE t (x); INSERT INTO t VALUES (1)") }
      try other.close()
    }
    let before = try Data(contentsOf: URL(fileURLWithPath: path))
    expectRefusal(.notAStore)
    #expect(try Data(contentsOf: URL(fileURLWithPath: path)) == before)
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["store.db"])
  }

  @Test func aTextFileIsRefusedAndNotTouched() throws {
    let text = String(repeating: "This is not a database.\n", count: 400)
    try folder.write(text, to: "store.db")
    expectRefusal(.notAStore)
    #expect(try String(contentsOfFile: path, encoding: .utf8) == text)
  }

  @Test func anEmptyFileBecomesAStore() throws {
    try folder.write("", to: "store.db")
    let error = #expect(throws: StoreError.self) { _ = try StoreReader(path: path) }
    #expect(error?.code == .notAStore)
    _ = try StoreWriter(path: path)
    _ = try StoreReader(path: path)
  }

  @Test func aFolderOrNothingIsNoStore() throws {
    for (path, words) in [(folder.path, "is a folder"), ("", "has no name")] {
      for open in [{ _ = try StoreReader(path: $0) }, { _ = try StoreWriter(path: $0) }] {
        let error = #expect(throws: StoreError.self) { try open(path) }
        #expect(error?.message.contains(words) == true)
      }
    }
  }

  @Test func aReaderMakesNoStore() throws {
    let error = #expect(throws: StoreError.self) { _ = try StoreReader(path: path) }
    #expect(error?.code == .notFound)
    #expect(error?.message.contains(path) == true)
    #expect(!FileManager.default.fileExists(atPath: path))
  }

  @Test func aReaderCannotWrite() throws {
    _ = try StoreWriter(path: path)
    let reader = try StoreReader(path: path)
    let error = #expect(throws: StoreError.self) {
      try reader.read { try $0.execute(sql: "DELETE FROM sentiments") }
    }
    #expect(error?.code == .readOnly)
    #expect(try reader.integers("SELECT COUNT(*) FROM sentiments") == [3])
  }

  @Test func writersMayMakeTheStoreAtTheSameTime() {
    let path = path
    let errors = Mutex<[String]>([])
    DispatchQueue.concurrentPerform(iterations: 12) { index in
      do {
        let partition = PartitionID(topic: "t", partition: Int32(index))
        // The disk may be busy with other tests, and who waits longest is not served first.
        let writer = try StoreWriter(path: path, busyTimeout: 60)
        _ = try writer.apply(
          [PartitionStretch(0, [(0, .post(.sample(ExactString("\(index)"))))], of: partition)],
          now: .init(microseconds: 0))
      } catch {
        errors.withLock { $0.append("\(error)") }
      }
    }
    #expect(errors.withLock { $0 } == [])
    #expect(throws: Never.self) {
      let reader = try StoreReader(path: path)
      #expect(try reader.integers("SELECT COUNT(*) FROM posts") == [12])
    }
  }

  @Test func aLockedStoreIsBusyAfterTheTimeLimit() throws {
    let writer = try StoreWriter(path: path, busyTimeout: 0.2)
    let other = try otherConnection(path)
    try other.inDatabase { try $0.execute(sql: "BEGIN IMMEDIATE") }
    let start = ContinuousClock.now
    let applying = #expect(throws: StoreError.self) {
      try writer.apply([PartitionStretch(0, [(0, .post(.sample()))])], now: .init(microseconds: 0))
    }
    #expect(applying?.code == .busy)
    let opening = #expect(throws: StoreError.self) {
      _ = try StoreWriter(path: path, busyTimeout: 0.2)
    }
    #expect(opening?.code == .busy)
    let time = ContinuousClock.now - start
    #expect(time >= .milliseconds(300) && time < .seconds(10))
    // Readers do not mind, and the writer goes on once it may.
    let reader = try StoreReader(path: path)
    #expect(try reader.integers("SELECT COUNT(*) FROM posts") == [0])
    try other.inDatabase { try $0.execute(sql: "ROLLBACK") }
    try writer.store([.sample()])
    #expect(try reader.integers("SELECT COUNT(*) FROM posts") == [1])
  }

  @Test func aFolderThatCannotBeMadeIsSaid() throws {
    let file = try folder.write("", to: "file")
    let error = #expect(throws: StoreError.self) {
      _ = try StoreWriter(path: file + "/store.db", makesFolder: true)
    }
    #expect(error?.code == .readOnly)
    #expect(error?.message.contains(file + "/store.db") == true)
  }

  @Test(.enabled(if: geteuid() != 0, "root may write everywhere"))
  func aFolderThatCannotBeWrittenIsSaid() throws {
    try FileManager.default.setAttributes([.posixPermissions: 0o500], ofItemAtPath: folder.path)
    defer {
      try? FileManager.default.setAttributes([.posixPermissions: 0o700], ofItemAtPath: folder.path)
    }
    let error = #expect(throws: StoreError.self) { _ = try StoreWriter(path: path) }
    #expect(error?.message.contains(path) == true)
  }

  static let kinds: [(Int32, StoreError.Code)] = [
    (5, .busy), (6, .busy), (261, .busy), (13, .full), (8, .readOnly), (1032, .readOnly),
    (11, .corrupt), (26, .notAStore), (14, .sqlite), (9, .interrupted), (1, .sqlite),
    (10, .inputOutput), (4874, .full),
  ]

  @Test(arguments: kinds)
  func aResultCodeHasItsKind(_ code: Int32, _ kind: StoreError.Code) {
    let error = StoreError(resultCode: code, message: "reason", sql: "SELECT 1", path: "/a/b.db")
    #expect(error.code == kind)
    #expect(error.sql == "SELECT 1")
    if kind != .interrupted { #expect(error.message.contains("/a/b.db")) }
  }
}
