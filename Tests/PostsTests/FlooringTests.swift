import Posts
import Testing

@Suite struct FlooringTests {
  @Test(
    arguments: [
      (0, 900, 0), (1, 900, 0), (899, 900, 0), (900, 900, 900), (901, 900, 900),
      (-1, 900, -900), (-900, 900, -900), (-901, 900, -1800), (-7, 1, -7), (Int64.max, 2, .max - 1),
      (.min + 1, 2, .min),
    ] as [(Int64, Int64, Int64)])
  func floors(_ number: Int64, _ width: Int64, _ expected: Int64) {
    #expect(number.floored(toMultipleOf: width) == expected)
    #expect(number.floorModulo(width) == number - expected)
    #expect(Timestamp(microseconds: number).floored(to: width).microseconds == expected)
  }

  /// The rest of a division by the width has no more than the width to it, and rises with the number.
  @Test(arguments: [1, 2, 7, 1000, 86_400_000_000] as [Int64])
  func countsOnAcrossZero(_ width: Int64) {
    for number in -20...20 as ClosedRange<Int64> {
      for part in Set([0, width / 2, width - 1]) {
        #expect((number * width + part).floored(toMultipleOf: width) == number * width)
        #expect((number * width + part).floorModulo(width) == part)
      }
    }
  }
}
