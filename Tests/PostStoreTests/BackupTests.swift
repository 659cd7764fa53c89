import Foundation
import GRDB
import Posts
import StoreFixtures
import TestSupport
import Testing

@testable import PostStore

/// Backups of stores that are in use.
@Suite struct BackupTests {
  private let folder: TemporaryDirectory
  private let path: String

  init() throws {
    folder = try TemporaryDirectory()
    path = folder.path("store.db")
    try StoreWriter(path: path).store(posts(0..<3000))
  }

  private func posts(_ numbers: Range<Int>) -> [Post] {
    numbers.map { number in
      .sample(ExactString("p\(number)")) {
        $0.userID = ExactString("user \(number)")
        $0.hashtags = ["#AI"].compactMap { Hashtag($0) }
      }
    }
  }

  private func names() throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()
  }

  /// The writer goes on at every step of the copying.
  @Test func aBackupIsOfOneInstantWhateverIsWrittenMeanwhile() throws {
    let writer = try StoreWriter(path: path)
    let before = try StoreReader(path: path).shownPosts()
    var shares: [Double] = []
    let bytes = try StoreReader(path: path).backUp(to: folder.path("backup.db")) { share in
      // The copied state is fixed before the first step.
      try writer.store(posts(3000 + shares.count * 50..<3050 + shares.count * 50))
      shares.append(share)
    }
    #expect(shares.last == 1 && shares == shares.sorted())
    let backup = try StoreReader(path: folder.path("backup.db"))
    #expect(try backup.shownPosts() == before)
    #expect(try backup.verifyRollups().differences.isEmpty)
    #expect(
      try backup.integers("SELECT next_offset FROM kafka_partitions") == [3000])
    #expect(bytes == StoreFile(path: folder.path("backup.db")).size)
    #expect(try StoreReader(path: path).integers("SELECT COUNT(*) FROM posts").first ?? 0 > 3000)
    var checks: [StoreCheck] = []
    let now = Timestamp(microseconds: 1_764_000_000_000_000)
    try StoreExamination(path: folder.path("backup.db"), now: now).run { checks.append($0) }
    #expect(checks.allSatisfy { $0.result == .ok })
  }

  @Test func aBackupIsOneFileWithThePermissionsOfTheStore() throws {
    try FileManager.default.setAttributes([.posixPermissions: 0o640], ofItemAtPath: path)
    let writer = try StoreWriter(path: path)
    _ = try StoreReader(path: path).backUp(to: folder.path("backup.db"))
    #expect(
      try names().filter { !$0.hasPrefix("store.db") } == ["backup.db"], "nothing is left beside it"
    )
    let attributes = try FileManager.default.attributesOfItem(atPath: folder.path("backup.db"))
    #expect(attributes[.posixPermissions] as? Int == 0o640)
    _ = writer
  }

  @Test func aRestoredBackupTakesTheNextMessages() throws {
    _ = try StoreReader(path: path).backUp(to: folder.path("backup.db"))
    try StoreWriter(path: path).store(posts(3000..<3100))
    try FileManager.default.removeItem(atPath: path)
    try FileManager.default.copyItem(atPath: folder.path("backup.db"), toPath: path)
    let writer = try StoreWriter(path: path)
    #expect(try writer.nextOffsets(topic: "social_media") == [.only: 3000])
    try writer.store(posts(3000..<3100))
    let reader = try StoreReader(path: path)
    #expect(try reader.integers("SELECT COUNT(*) FROM posts") == [3100])
    #expect(try reader.verifyRollups().differences.isEmpty)
  }

  @Test func nothingIsOverwrittenUnasked() throws {
    let reader = try StoreReader(path: path)
    let kept = try folder.write("keep me", to: "backup.db")
    let error = #expect(throws: StoreError.self) { try reader.backUp(to: kept) }
    #expect(error?.code == .exists)
    #expect(error?.message.contains("--force") == true)
    #expect(try String(contentsOfFile: kept, encoding: .utf8) == "keep me")
    _ = try reader.backUp(to: kept, replaces: true)
    #expect(try StoreReader(path: kept).integers("SELECT COUNT(*) FROM posts") == [3000])
    // A store that somebody has open must not get another file under its log.
    let writer = try StoreWriter(path: kept)
    try writer.store(posts(3000..<3001))
    let used = #expect(throws: StoreError.self) { try reader.backUp(to: kept, replaces: true) }
    #expect(used?.message.contains("in use") == true)
    // Neither the store itself, by whatever name, nor a folder.
    try FileManager.default.createSymbolicLink(
      atPath: folder.path("link.db"), withDestinationPath: path)
    for place in [path, folder.path("link.db"), folder.path, folder.path("none/backup.db"), ""] {
      #expect(throws: StoreError.self, "\(place)") {
        try reader.backUp(to: place, replaces: true)
      }
    }
    #expect(try reader.integers("SELECT COUNT(*) FROM posts") == [3000])
    #expect(try names().allSatisfy { !$0.contains("partial") })
  }

  /// What goes wrong leaves the place as it was.
  @Test func aBackupThatFailsLeavesNothing() throws {
    struct Enough: Error {}
    let reader = try StoreReader(path: path)
    let kept = try folder.write("keep me", to: "backup.db")
    #expect(throws: Enough.self) {
      try reader.backUp(to: kept, replaces: true) { _ in throw Enough() }
    }
    #expect(try String(contentsOfFile: kept, encoding: .utf8) == "keep me")
    #expect(try names().allSatisfy { !$0.contains("partial") })
  }

  /// A page of an index that is lost, and one whose last entry tells another row, which only shows when it is
  /// held against the table.
  @Test(arguments: [4096, 1])
  func aDamagedStoreMakesNoBackup(_ size: Int) throws {
    try otherConnection(path).writeWithoutTransaction {
      try $0.execute(sql: "PRAGMA wal_checkpoint(TRUNCATE)")
    }
    let page = try StoreReader(path: path).integers(
      "SELECT rootpage FROM sqlite_schema WHERE name = 'posts_by_time'")
    let handle = try #require(FileHandle(forUpdatingAtPath: path))
    let start = UInt64(try #require(page.first)) * 4096 - UInt64(size)
    try handle.seek(toOffset: start)
    let bytes = try #require(try handle.read(upToCount: size))
    try handle.seek(toOffset: start)
    try handle.write(contentsOf: Data(bytes.map { ~$0 }))
    try handle.close()
    let error = #expect(throws: StoreError.self) {
      try StoreReader(path: path).backUp(to: folder.path("backup.db"))
    }
    #expect(error?.code == .corrupt)
    #expect(try names().allSatisfy { !$0.contains("backup") && !$0.contains("partial") })
  }
}
