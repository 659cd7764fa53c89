import Foundation
import GRDB
import PostStore
import Posts
import StoreFixtures
import TestSupport
import Testing

/// An earlier state of a store is put into the file that a writer has open.
@Suite struct PutBackTests {
  /// A smaller file is copied over the one that is open.
  @Test func aCopyOverTheFileIsNoticed() throws {
    let folder = try TemporaryDirectory()
    let (path, backup) = (folder.path("store.db"), folder.path("backup.db"))
    let writer = try StoreWriter(path: path)
    try writer.store([.sample("before")])
    try DatabaseQueue(path: path).backup(to: try DatabaseQueue(path: backup))
    try writer.store((0..<2000).map { .sample(ExactString("\($0)")) })
    _ = try writer.trimLog(to: 0)
    try writer.checkFile()
    let file = try FileHandle(forWritingTo: URL(fileURLWithPath: path))
    try file.truncate(atOffset: 0)
    try file.write(contentsOf: try Data(contentsOf: URL(fileURLWithPath: backup)))
    try file.close()
    let error = #expect(throws: StoreError.self) { try writer.checkFile() }
    #expect(error?.code == .replaced)
  }

  @Test(arguments: [0, 1, 9])
  func whatIsRememberedIsNotUsed(_ laterWrites: Int) throws {
    let folder = try TemporaryDirectory()
    let (path, backup) = (folder.path("store.db"), folder.path("backup.db"))
    let writer = try StoreWriter(path: path)
    try writer.store([.sample("before")])
    try DatabaseQueue(path: path).backup(to: try DatabaseQueue(path: backup))
    try writer.store([.sample("after") { $0.userID = "later" }])
    try DatabaseQueue(path: backup).backup(to: try DatabaseQueue(path: path))
    // Others may have written meanwhile, until the version is as high as it was, or higher.
    let other = try StoreWriter(path: path)
    for number in 0..<laterWrites {
      let user = ExactString("other \(number)")
      try other.store([.sample(ExactString("\(number)")) { $0.userID = user }])
    }
    let error = #expect(throws: StoreError.self) {
      try writer.store([.sample("last") { $0.userID = "later" }])
    }
    #expect(error?.code == .replaced)
    #expect(error?.message.contains("start the program again") == true, "\(error)")
    // One that is opened anew sees what is there.
    try StoreWriter(path: path).store([.sample("last") { $0.userID = "later" }])
    let reader = try StoreReader(path: path)
    #expect(
      try reader.strings("SELECT user_id FROM social_posts WHERE post_id = 'last'") == ["later"])
    #expect(try reader.integers("SELECT COUNT(*) FROM posts") == [Int64(laterWrites) + 2])
    #expect(try reader.verifyRollups().differences == [])
  }
}
