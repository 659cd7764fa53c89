import Foundation
import StoreFixtures
import TestSupport
import Testing

/// Consumers and broker that are killed at random instants, while partitions move from one consumer to
/// the next, and what every store holds after each.
///
/// `SOCIALQ_TORTURE` is how many kills to make; `SOCIALQ_SEED` repeats the choices of an earlier run, though
/// not the instants at which threads of other processes take their turns.
@Suite(.serialized) struct TortureTests {
  @Test func nothingIsLostAndNothingDoubled() async throws {
    try await onThread {
      let environment = ProcessInfo.processInfo.environment
      let seed =
        environment["SOCIALQ_SEED"].flatMap(UInt64.init) ?? UInt64.random(in: 0..<1_000_000)
      let long = environment["SOCIALQ_TORTURE"].flatMap(Int.init)
      let kills = long ?? 27
      print("torture: seed \(seed)")
      var figures = Torture.Figures()
      let scenes = Torture.Scene.all
      for (index, scene) in scenes.enumerated() {
        let torture = try Torture(
          scene, posts: long == nil ? 1500 : 4000, seed: seed &+ UInt64(index))
        try torture.run(kills: kills * (index + 1) / scenes.count - kills * index / scenes.count)
        print("torture: \(scene): \(torture.figures)")
        // A run may take an hour.
        fflush(nil)
        #expect(torture.figures.problems == [], "\(scene), SOCIALQ_SEED=\(seed)")
        #expect(torture.figures.lost == 0 && torture.figures.doubled == 0)
        figures += torture.figures
      }
      print("torture: all: \(figures)")
      #expect(figures.kills >= kills && figures.rebalances > 0)
    }
  }
}
