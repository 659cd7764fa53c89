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

  /// `JSONSerialization` has these as whole numbers.
  @Test(arguments: [
    "1\(String(repeating: "9", count: 86)).3333", "24.00000000000000000001", "1e-400",
  ])
  func aFractionThatADoubleDropsIsOne(_ number: String) throws {
    let seed = String(decoding: FuzzTarget.decoder.seeds[0], as: UTF8.self)
    let message = seed.replacing("\"likes\": 12.0", with: "\"likes\": \(number)")
    try #require(message != seed)
    #expect(FuzzTarget.decoder.fault(in: Array(message.utf8)) == nil)
  }

  /// `JSONSerialization` refuses it for its size.
  @Test func aHugeNumberAloneIsNoObject() {
    #expect(FuzzTarget.decoder.fault(in: Array("1e2675".utf8)) == nil)
  }
}
