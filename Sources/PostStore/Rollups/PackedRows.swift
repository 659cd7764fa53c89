/// Rows of whole numbers in one value: column by column, so that a reader can leave columns out.
///
/// The value begins with the number of rows. Of each column follow its length in bytes and its numbers, each
/// in LEB128: seven bits a byte, the lowest first, the highest bit set in all bytes but the last. Rows are
/// sorted; of the first column each number is told by how much it is more than the one before.
public struct PackedRows: Equatable {
  /// How many columns there are.
  let width: Int
  /// The numbers, row by row.
  private(set) var values: [Int64] = []

  var count: Int { values.count / width }
  var isEmpty: Bool { values.isEmpty }

  /// No rows.
  init(width: Int) { self.width = width }

  /// The rows of a value; nil if it holds none that ``bytes`` could have made.
  init?(_ bytes: UnsafeRawBufferPointer, width: Int) {
    guard var reader = PackedReader(bytes, width: width, columns: Array(0..<width)) else {
      return nil
    }
    self.width = width
    var row = [Int64](repeating: 0, count: width)
    values.reserveCapacity(reader.count * width)
    while reader.next(&row, from: 0) { values += row }
    guard !reader.isBroken else { return nil }
  }

  /// The value.
  var bytes: [UInt8] {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(values.count * 2 + 16)
    Self.append(UInt64(count), to: &bytes)
    var column: [UInt8] = []
    for index in 0..<width {
      column.removeAll(keepingCapacity: true)
      var former: Int64 = 0
      for place in stride(from: index, to: values.count, by: width) {
        let value = values[place]
        Self.append(UInt64(bitPattern: index == 0 ? value &- former : value), to: &column)
        former = value
      }
      Self.append(UInt64(column.count), to: &bytes)
      bytes += column
    }
    return bytes
  }

  /// Adds a row after all others.
  mutating func append(_ row: some Sequence<Int64>) { values += row }

  /// Adds changes, each a row that is sorted like the others: what comes after the keys is added to the row
  /// of the same keys, and a row whose first sum falls to zero goes.
  mutating func add(_ changes: PackedRows, keyCount: Int) {
    var result: [Int64] = []
    result.reserveCapacity(values.count + changes.values.count)
    var (own, other) = (0, 0)
    while own < values.count || other < changes.values.count {
      switch order(own, changes.values, other, keyCount) {
      case ..<0:
        result += values[own..<own + width]
        own += width
      case 1...:
        result += changes.values[other..<other + width]
        other += width
      default:
        let start = result.count
        result += values[own..<own + width]
        for index in keyCount..<width { result[start + index] &+= changes.values[other + index] }
        own += width
        other += width
      }
      if result[result.count - width + keyCount] == 0 { result.removeLast(width) }
    }
    values = result
  }

  /// Whether the keys of an own row come before those of another (−1), after (1), or are the same (0). What
  /// has ended comes last.
  private func order(_ own: Int, _ others: [Int64], _ other: Int, _ keyCount: Int) -> Int {
    if own == values.count { return 1 }
    if other == others.count { return -1 }
    for index in 0..<keyCount where values[own + index] != others[other + index] {
      return values[own + index] < others[other + index] ? -1 : 1
    }
    return 0
  }

  private static func append(_ number: UInt64, to bytes: inout [UInt8]) {
    var rest = number
    while rest >= 0x80 {
      bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
      rest >>= 7
    }
    bytes.append(UInt8(rest))
  }
}

/// Reads some columns of the rows of a ``PackedRows`` where they lie, row after row.
public struct PackedReader {
  /// How many rows there are.
  public let count: Int
  /// Whether the value turned out not to be one of ``PackedRows``; rows after that were not read.
  public private(set) var isBroken = false

  private let bytes: UnsafeRawBufferPointer
  private var read = 0
  /// Of each column that is read where its next number begins, and where the column ends.
  private var places: [(next: Int, end: Int)] = []
  /// The number of the column that is told by differences among those that are read; −1 if it is not read.
  private let differing: Int
  private var former: Int64 = 0

  /// - Parameters:
  ///   - bytes: The value, which must stay where it is while it is read.
  ///   - width: How many columns it has.
  ///   - columns: Those to read.
  public init?(_ bytes: UnsafeRawBufferPointer, width: Int, columns: [Int]) {
    var place = 0
    guard let count = Self.number(bytes, &place, bytes.count), count <= bytes.count else {
      return nil
    }
    var all: [(next: Int, end: Int)] = []
    for _ in 0..<width {
      guard let length = Self.number(bytes, &place, bytes.count), length <= bytes.count - place
      else { return nil }
      all.append((place, place + Int(length)))
      place += Int(length)
    }
    self.count = Int(count)
    self.bytes = bytes
    places = columns.map { all[$0] }
    differing = columns.firstIndex(of: 0) ?? -1
  }

  /// Puts the numbers of the next row into `row` from a place on; false when there is none.
  @inline(__always)
  public mutating func next(_ row: inout [Int64], from start: Int) -> Bool {
    guard read < count else { return false }
    for index in places.indices {
      guard let number = Self.number(bytes, &places[index].next, places[index].end) else {
        isBroken = true
        return false
      }
      row[start + index] = Int64(bitPattern: number)
    }
    if differing >= 0 {
      former &+= row[start + differing]
      row[start + differing] = former
    }
    read += 1
    return true
  }

  /// The number at a place, which moves behind it; nil if it does not end before `end`.
  @inline(__always)
  private static func number(
    _ bytes: UnsafeRawBufferPointer, _ place: inout Int, _ end: Int
  ) -> UInt64? {
    var number: UInt64 = 0
    var shift: UInt64 = 0
    while place < end, shift < 64 {
      let byte = bytes[place]
      place += 1
      number |= UInt64(byte & 0x7F) << shift
      if byte < 0x80 { return number }
      shift += 7
    }
    return nil
  }
}
