import Foundation
import PostStore
import Posts
import StoreFixtures
import TestSupport
import Testing

/// A store in a folder that the reader may not write.
@Suite struct ReadOnlyFolderTests {
  private let files: TemporaryDirectory
  private let folder: String
  private var path: String { folder + "/a store?#%41.db" }

  init() throws {
    files = try TemporaryDirectory()
    folder = files.path("folder")
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: false)
  }

  private func setMode(_ mode: Int, _ path: String) throws {
    try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: path)
  }

  /// Asks as a user who is bound by the modes of files, as root is only without these capabilities.
  private func ask() throws -> Program.Outcome {
    let program = TestFiles.products.appendingPathComponent("socialq").path
    let question = [program, "kpis", "--format", "csv", "--db", path]
    let unprivileged =
      geteuid() == 0 ? ["setpriv", "--bounding-set=-dac_override,-dac_read_search"] : []
    return try Program(
      executable: URL(fileURLWithPath: "/usr/bin/env"), unprivileged + question
    ).wait()
  }

  @Test func aStoreThatNobodyWritesIsRead() async throws {
    try await onThread {
      do { try StoreWriter(path: path).store([.sample("a"), .sample("b")]) }
      try #require(!FileManager.default.fileExists(atPath: path + "-wal"))
      try setMode(0o444, path)
      try setMode(0o555, folder)
      defer { try? setMode(0o755, folder) }
      let answer = try ask()
      #expect(answer.status == 0, "\(answer.standardError)")
      #expect(answer.standardOutput.contains("\n2,"))
    }
  }

  @Test func aLogThatIsLeftBehindIsNotOverlooked() async throws {
    try await onThread {
      do {
        let writer = try StoreWriter(path: files.path("store.db"))
        try writer.store([.sample("a"), .sample("b")])
        // As a killed writer leaves them.
        for end in ["", "-wal"] {
          try FileManager.default.copyItem(
            atPath: files.path("store.db" + end), toPath: path + end)
        }
      }
      try setMode(0o555, folder)
      defer { try? setMode(0o755, folder) }
      let answer = try ask()
      #expect(answer.status == 1)
      #expect(answer.standardOutput.isEmpty)
      #expect(answer.standardError.contains("-wal holds the newest of it"), "\(answer)")
    }
  }
}
