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

  /// What a rebuilding has yet to make anew must not lose its posts to another program meanwhile.
  @Test func aPruningOfAnotherWriterIsRefusedWhileARebuildingGoesOn() throws {
    let folder = try TemporaryDirectory()
    let path = folder.path("store.db")
    let writer = try StoreWriter(path: path)
    let other = try StoreWriter(path: path)
    let reader = try StoreReader(path: path)
    let days = [Int64](0..<4).map {
      Timestamp(microseconds: 1_763_942_400_000_000 + $0 * 86_400_000_000)
    }
    try writer.store(
      days.enumerated().map { index, day in .sample(ExactString("p\(index)")) { $0.timestamp = day }
      })
    var refusals: [String] = []
    try writer.rebuildRollups { _ in
      do { _ = try other.prune(before: days[3]) } catch { refusals.append("\(error)") }
      return true
    }
    #expect(refusals.count == 4)
    #expect(refusals.allSatisfy { $0.contains("socialq rollups rebuild") })
    #expect(try reader.integers("SELECT COUNT(*) FROM posts") == [4])
    #expect(try other.prune(before: days[3]) == 3)
    #expect(try reader.integers("SELECT posts FROM rollup_base_day") == [1, 1, 1, 1])
  }
}
