import NamedQueries
import PostStore
import Posts
import StoreFixtures
import SyntheticPosts
import TestSupport
import Testing

/// Two runs of one question are equal to the byte, so that their files can be compared.
@Suite struct RepeatabilityTests {
  @Test func equalQuestionsHaveEqualFiles() async throws {
    try await onThread {
      let files = try TemporaryDirectory()
      let path = files.path("store.db")
      let start = try Timestamp(iso8601: "2026-11-20T00:00:00Z").microseconds
      let generator = PostGenerator(seed: 5, accounts: 200)
      try StoreWriter(path: path).store(
        (0..<3000).map { index in
          generator.post(
            UInt64(index), at: Timestamp(microseconds: start + Int64(index) * 60_000_000))
        })
      let catalog = try QueryCatalog()
      for name in catalog.names {
        var words = [
          name, "--since", "2026-11-20T10:07:00Z", "--until", "2026-11-21T21:00:00Z",
          "--tz", "Asia/Kathmandu", "--format", "csv",
        ]
        for parameter in try catalog.query(name).parameters where parameter.defaultValue == nil {
          words += ["--\(parameter.name)", "AI"]
        }
        let first = try socialq(words, store: path)
        #expect(first.status == 0, "\(first.standardError)")
        #expect(try socialq(words, store: path).standardOutput == first.standardOutput, "\(name)")
      }
    }
  }
}
