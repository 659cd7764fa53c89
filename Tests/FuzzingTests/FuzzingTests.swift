import Foundation
import Fuzzing
import Testing

/// Anything at all, a little of it in every run; `script/fuzz` tries millions.
@Suite struct FuzzingTests {
  @Test(arguments: FuzzTarget.allCases)
  func nothingIsReadWrongly(_ target: FuzzTarget) {
    let environment = ProcessInfo.processInfo.environment
    let runs = environment["SOCIALQ_FUZZ_RUNS"].flatMap { Int($0) } ?? 20_000
    let seed = environment["SOCIALQ_FUZZ_SEED"].flatMap { UInt64($0) } ?? 2026
    var damage = Damage(seed: seed, seeds: target.seeds)
    for seed in target.seeds { #expect(target.fault(in: seed) == nil) }
    for run in 0..<runs {
      let input = damage.next()
      guard let fault = target.fault(in: input) else { continue }
      Issue.record(
        "seed \(seed), run \(run): \(String(decoding: input, as: UTF8.self).debugDescription): \(fault)"
      )
      return
    }
  }
}
