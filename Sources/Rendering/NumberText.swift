/// Numbers as text, without a locale.
enum NumberText {
  /// The shortest decimal that reads back as the same number, without an exponent from 10⁻⁶ to 10²¹.
  ///
  /// A whole number keeps `.0`, so that a reader that tells 5 from 5.0 reads back a real.
  static func exact(_ number: Double) -> String {
    let text = number.description
    guard number.isFinite, number != 0, (1e-6..<1e21).contains(number.magnitude),
      let mark = text.firstIndex(of: "e"), let exponent = Int(text[text.index(after: mark)...])
    else { return text }
    let mantissa = text[..<mark].drop(while: { $0 == "-" })
    let digits = mantissa.filter { $0 != "." }
    let point = mantissa.prefix(while: { $0 != "." }).count + exponent
    let sign = number < 0 ? "-" : ""
    if point <= 0 { return sign + "0." + zeros(-point) + digits }
    if point >= digits.count { return sign + digits + zeros(point - digits.count) + ".0" }
    return sign + digits.prefix(point) + "." + digits.dropFirst(point)
  }

  /// A number with a fixed count of decimals, rounded half away from zero.
  ///
  /// From 10¹⁵ on a double has hardly a decimal left, and its exact text is given; so it is where the
  /// units of the last decimal are too many to count.
  static func fixed(_ number: Double, decimals: Int, grouped: Bool = false) -> String {
    var scale: Int64 = 1
    for _ in 0..<decimals { scale *= 10 }
    guard number.magnitude < min(1e15, 9e18 / Double(scale)) else { return exact(number) }
    // 1.005 is stored as 1.00499…; the shortest decimal is what the writer of the number meant.
    let units = roundedUnits(number.magnitude, decimals: decimals, scale: scale)
    let whole = units / scale
    var text = number < 0 && units != 0 ? "-" : ""
    text += grouped ? self.grouped(whole) : String(whole)
    if decimals > 0 {
      let fraction = String(units % scale)
      text += "." + zeros(decimals - fraction.count) + fraction
    }
    return text
  }

  /// For the eye: at most four decimals, and no zeros that say nothing.
  static func readable(_ number: Double, grouped: Bool) -> String {
    guard number.isFinite, number.magnitude < 1e15 else { return exact(number) }
    guard number == 0 || number.magnitude >= 0.001 else { return number.description }
    let text = fixed(number, decimals: 4, grouped: grouped)
    let bare = text.reversed().drop(while: { $0 == "0" })
    return String((bare.first == "." ? bare.dropFirst() : bare).reversed())
  }

  /// A whole number with a comma before each three digits.
  static func grouped(_ number: Int64) -> String {
    let digits = Array(String(number.magnitude).utf8)
    var out: [UInt8] = number < 0 ? [UInt8(ascii: "-")] : []
    for (index, digit) in digits.enumerated() {
      if index > 0, (digits.count - index) % 3 == 0 { out.append(UInt8(ascii: ",")) }
      out.append(digit)
    }
    return String(decoding: out, as: UTF8.self)
  }

  /// A number in a few characters, such as `1.2M`, for an axis or a small cell.
  static func compact(_ number: Double) -> String {
    guard number.isFinite else { return number < 0 ? "-inf" : number > 0 ? "inf" : "nan" }
    let units: [(Double, String)] = [(1e12, "T"), (1e9, "B"), (1e6, "M"), (1e3, "k")]
    let size = number.magnitude
    guard size == 0 || (0.0001..<1e15).contains(size) else { return scientific(number) }
    // 999,500 would round to 1000k, so that each unit begins a little early.
    if let (unit, name) = units.first(where: { size >= $0.0 * 0.9995 }) {
      return trimmed(number / unit, decimals: size / unit < 99.95 ? 1 : 0) + name
    }
    if size == 0 || size >= 100 { return trimmed(number, decimals: 0) }
    if size >= 0.01 { return trimmed(number, decimals: size >= 10 ? 1 : 2) }
    return trimmed(number, decimals: 4)
  }

  /// A number with one decimal and an exponent, cut rather than rounded.
  private static func scientific(_ number: Double) -> String {
    let text = number.magnitude.description
    let mantissa = text.prefix(while: { $0 != "e" })
    let whole = mantissa.prefix(while: { $0 != "." })
    let exponent = text.firstIndex(of: "e").flatMap { Int(text[text.index(after: $0)...]) } ?? 0
    let digits = mantissa.filter { $0 != "." }
    return (number < 0 ? "-" : "") + digits.prefix(1) + "." + digits.dropFirst().prefix(1)
      + "e\(exponent + whole.count - 1)"
  }

  private static func trimmed(_ number: Double, decimals: Int) -> String {
    let text = fixed(number, decimals: decimals)
    guard text.contains(".") else { return text }
    let bare = text.reversed().drop(while: { $0 == "0" })
    return String((bare.first == "." ? bare.dropFirst() : bare).reversed())
  }

  /// The magnitude in units of its last decimal, from its shortest decimal text.
  private static func roundedUnits(_ size: Double, decimals: Int, scale: Int64) -> Int64 {
    let text = size.description
    guard !text.contains("e") else { return Int64((size * Double(scale)).rounded()) }
    var units: Int64 = 0
    var taken = -1
    for byte in text.utf8 {
      if byte == UInt8(ascii: ".") {
        taken = 0
      } else if taken < decimals {
        units = units * 10 + Int64(byte &- UInt8(ascii: "0"))
        if taken >= 0 { taken += 1 }
      } else {
        return units + (byte >= UInt8(ascii: "5") ? 1 : 0)
      }
    }
    for _ in max(taken, 0)..<decimals { units *= 10 }
    return units
  }

  private static func zeros(_ count: Int) -> String { String(repeating: "0", count: max(0, count)) }
}
