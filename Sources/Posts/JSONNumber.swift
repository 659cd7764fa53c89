/// The exact value of a JSON number, read from its text without ever forming a binary fraction.
///
/// The number is `0.d₀d₁d₂… × 10^magnitude` with `d₀` not zero. Digits are looked up in the text, so
/// that ten thousand of them cost one pass and an exponent of any size costs nothing.
struct JSONNumber {
  /// Why a number is not a count.
  enum CountProblem { case notWhole, outOfRange }

  let isNegative: Bool
  let isZero: Bool
  /// How many digits stand before the point; below zero, how many zeros stand after it.
  private let magnitude: Int
  /// How many digits there are from the first that is not zero to the last that is not zero.
  private let significant: Int
  private let text: UnsafeRawBufferPointer
  /// Where the first significant digit is in the text, and where the point is, if any.
  private let first: Int
  private let point: Int

  /// The largest exponent told from infinity: far beyond any count of digits in a message.
  private static let exponentLimit = 1 << 50

  /// Reads a text that the scanner has found to be a number.
  init(_ text: UnsafeRawBufferPointer) {
    self.text = text
    isNegative = text.first == ASCII.minus
    var point: Int?
    var first: Int?
    var last = 0
    var exponent = 0
    var index = isNegative ? 1 : 0
    while index < text.count {
      let byte = text[index]
      if byte == ASCII.dot {
        point = index
      } else if ASCII.digit(byte) >= 10 {
        break
      } else if byte != ASCII.zero {
        if first == nil { first = index }
        last = index
      }
      index += 1
    }
    let digitsEnd = index
    if index < text.count {
      index += 1
      let negative = text[index] == ASCII.minus
      if negative || text[index] == ASCII.plus { index += 1 }
      while index < text.count, exponent < JSONNumber.exponentLimit {
        exponent = exponent * 10 + Int(ASCII.digit(text[index]))
        index += 1
      }
      if negative { exponent = -exponent }
    }
    self.point = point ?? digitsEnd
    self.first = first ?? 0
    isZero = first == nil
    // The point itself is one byte between digits that stand on different sides of it.
    let start = self.first
    significant = last - start + (start < self.point && self.point < last ? 0 : 1)
    magnitude = self.point - start + (start > self.point ? 1 : 0) + exponent
  }

  /// The value of a text that is nothing but a few digits, as most counts are.
  static func fewDigits(_ text: UnsafeRawBufferPointer) -> Int64? {
    guard text.count <= 18 else { return nil }
    var value: Int64 = 0
    for byte in text {
      let digit = ASCII.digit(byte)
      guard digit < 10 else { return nil }
      value = value * 10 + Int64(digit)
    }
    return value
  }

  /// The significant digit of an index, zero beyond the last.
  private func digit(_ index: Int) -> Int64 {
    guard index < significant else { return 0 }
    let position = first + index
    return Int64(ASCII.digit(text[first < point && position >= point ? position + 1 : position]))
  }

  /// The first digits as an integer: the value times a power of ten, cut.
  private func leading(_ count: Int) -> Int64 {
    var value: Int64 = 0
    for index in 0..<max(0, count) { value = value * 10 + digit(index) }
    return value
  }

  /// The value as a whole number from 0 to a limit, which is at most 10¹⁷.
  func count(limit: Int64) -> Result<Int64, CountProblem> {
    if isZero { return .success(0) }
    if significant > magnitude { return .failure(.notWhole) }
    if isNegative || magnitude > 18 { return .failure(.outOfRange) }
    let value = leading(magnitude)
    return value <= limit ? .success(value) : .failure(.outOfRange)
  }

  /// The value in hundredths, rounded half away from zero, if it is from 0 to a limit, which is at
  /// most 10¹⁵.
  func hundredths(limit: Int64) -> Int64? {
    if isZero { return 0 }
    if isNegative || magnitude > 16 { return nil }
    let whole = leading(magnitude)
    if whole > limit || (whole == limit && significant > magnitude) { return nil }
    // Below 0.001 no digit reaches the place that decides.
    if magnitude < -2 { return 0 }
    return leading(magnitude + 2) + (digit(magnitude + 2) >= 5 ? 1 : 0)
  }
}

extension JSONNumber.CountProblem: Error {}
