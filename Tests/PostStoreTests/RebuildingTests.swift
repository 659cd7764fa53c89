import PostStore
import Posts
import StoreFixtures
import TestSupport
import Testing

@Suite struct RebuildingTests {
  /// Whoever keeps answers must not keep those of rollups that were wrong.
  @Test func theVersionMovesWithEveryDayThatIsRebuilt() throws {
    let folder = try TemporaryDirectory()
    let writer = try StoreWriter(path: folder.path("store.db"))
    let reader = try StoreReader(path: folder.path("store.db"))
    try writer.store([.sample("a"), .sample("b") { $0.timestamp.microseconds += 86_400_000_000 }])
    let before = try reader.version()
    var versions: [Int64] = []
    var failure: (any Error)?
    try writer.rebuildRollups { _ in
      do { versions.append(try reader.version()) } catch { failure = error }
      return true
    }
    #expect(failure == nil)
    #expect(versions == [before + 1, before + 2])
    #expect(try reader.version() == before + 2)
  }
}
