import Foundation
import Testing

@testable import Rendering

@Suite struct NumberTextTests {
  @Test(arguments: [
    (0.0, "0.0"), (-0.02, "-0.02"), (12.5, "12.5"), (5, "5.0"), (0.1 + 0.2, "0.30000000000000004"),
    (1e16, "10000000000000000.0"), (1.5e20, "150000000000000000000.0"), (1e21, "1e+21"),
    (0.00001234, "0.00001234"), (-1e-6, "-0.000001"), (1e-7, "1e-07"), (.infinity, "inf"),
  ])
  func exactIsShortest(_ number: Double, _ text: String) {
    #expect(NumberText.exact(number) == text)
  }

  /// However many decimals are asked for, a number has a text.
  @Test func anyNumberHasItsDecimals() {
    #expect(NumberText.fixed(999_999_999_999_999.9, decimals: 2) == "999999999999999.90")
    #expect(NumberText.fixed(950_000_000_000_000, decimals: 4) == "950000000000000.0")
    for exponent in -20...307 {
      for decimals in 0...6 {
        for factor in [1.0, -1, 9.5, 9.999999999999999] {
          let number = factor * Double("1e\(exponent)")!
          let text = NumberText.fixed(number, decimals: decimals)
          let value = Double(text) ?? .nan
          let error = value == number ? 0 : abs(value - number)
          #expect(error <= 0.51 / pow(10, Double(decimals)), "\(text)")
        }
      }
    }
  }

  @Test func exactReadsBack() {
    var generator = SeededGenerator(seed: 3)
    for _ in 0..<5000 {
      let number = Double(bitPattern: generator.next())
      guard number.isFinite else { continue }
      #expect(Double(NumberText.exact(number))?.bitPattern == number.bitPattern)
      let near = Double.random(in: -1e22...1e22, using: &generator) / 1e17
      #expect(Double(NumberText.exact(near)) == near)
    }
  }

  @Test(arguments: [
    (12.5, "12.50"), (1.005, "1.01"), (-1.005, "-1.01"), (0, "0.00"), (-0.001, "0.00"),
    (99.995, "100.00"), (1234567.891, "1,234,567.89"), (1e-9, "0.00"), (2.675, "2.68"),
    (999_999_999_999.99, "999,999,999,999.99"),
  ])
  func fixedRoundsHalfAwayFromZero(_ number: Double, _ text: String) {
    #expect(NumberText.fixed(number, decimals: 2, grouped: true) == text)
  }

  @Test(
    arguments: [
      (0, "0"), (999, "999"), (1000, "1,000"), (-1_234_567, "-1,234,567"),
      (Int64.min, "-9,223,372,036,854,775,808"),
    ] as [(Int64, String)])
  func groupsByThousands(_ number: Int64, _ text: String) {
    #expect(NumberText.grouped(number) == text)
  }

  @Test(
    arguments: [
      (0, "0"), (7, "7"), (999, "999"), (1234, "1.2k"), (999_960, "1M"), (12_300_000, "12.3M"),
      (123_456, "123k"), (-4500, "-4.5k"), (0.5, "0.5"), (12.34, "12.3"), (999.7, "1k"),
      (99_960, "100k"), (2e12, "2T"),
      (-1e15, "-1.0e15"), (4.77e183, "4.7e183"), (1.5e-9, "1.5e-9"), (0.0123, "0.01"),
      (0.005, "0.005"),
    ] as [(Double, String)])
  func compactIsShort(_ number: Double, _ text: String) {
    #expect(NumberText.compact(number) == text)
  }
}
