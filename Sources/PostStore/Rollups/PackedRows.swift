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
    self.init(width: width)
    var reader = PackedReader(width: width, columns: Array(0..<width))
    guard read(bytes, by: &reader) else { return nil }
  }

  /// Takes the rows of a value.
  ///
  /// - Parameter reader: One of all columns.
  /// - Returns: Whether it holds rows that ``bytes`` could have made.
  mutating func read(_ bytes: UnsafeRawBufferPointer, by reader: inout PackedReader) -> Bool {
    guard reader.begin(bytes) else { return false }
    values = Array(repeating: 0, count: reader.count * width)
    var start = 0
    while reader.next(&values, from: start) { start += width }
    return !reader.isBroken
  }

  /// The value.
  var bytes: [UInt8] {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(values.count * 2 + 16)
    Self.append(UInt64(count), to: &bytes)
    for index in 0..<width {
      // The length is known when the column is: where it takes more than a byte, the column moves.
      let start = bytes.count
      bytes.append(0)
      var former: Int64 = 0
      for place in stride(from: index, to: values.count, by: width) {
        let value = values[place]
        Self.append(UInt64(bitPattern: index == 0 ? value &- former : value), to: &bytes)
        former = value
      }
      let length = bytes.count - start - 1
      if length < 0x80 {
        bytes[start] = UInt8(length)
      } else {
        var digits: [UInt8] = []
        Self.append(UInt64(length), to: &digits)
        bytes.replaceSubrange(start...start, with: digits)
      }
    }
    return bytes
  }

  /// Adds a row after all others.
  mutating func append(_ row: some Sequence<Int64>) { values += row }

  /// Adds a group after all others.
  mutating func append(_ key: GroupKey, _ sums: GroupSums) {
    values.append(key.keys.0)
    values.append(key.keys.1)
    values.append(key.keys.2)
    values.append(key.keys.3)
    values.append(key.keys.4)
    values.append(sums.posts)
    values.append(sums.likes)
    values.append(sums.comments)
    values.append(sums.shares)
    values.append(sums.rate)
  }

  /// Forgets all rows.
  mutating func removeAll() { values.removeAll(keepingCapacity: true) }

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

/// Reads some columns of the rows of one ``PackedRows`` after another, where they lie.
public struct PackedReader {
  /// How many rows the value has.
  public private(set) var count = 0
  /// Whether the value turned out not to be one of ``PackedRows``; rows after that were not read.
  public private(set) var isBroken = false

  private let width: Int
  /// The columns that are read.
  private let columns: [Int]
  private var bounds: [(next: Int, end: Int)]
  private var bytes = UnsafeRawBufferPointer(start: nil, count: 0)
  private var read = 0
  /// Of each column that is read where its next number begins, and where the column ends.
  private var places: [(next: Int, end: Int)]
  /// Of each column that is read the number before.
  private var former: [Int64]

  /// - Parameters:
  ///   - width: How many columns a row has.
  ///   - columns: Those to read, in the order in which rows are to have them; one can come twice.
  public init(width: Int, columns: [Int]) {
    self.width = width
    self.columns = columns
    bounds = Array(repeating: (0, 0), count: width)
    places = Array(repeating: (0, 0), count: columns.count)
    former = Array(repeating: 0, count: columns.count)
  }

  /// Begins with the first row of a value, which must stay where it is until the last was read.
  ///
  /// - Returns: Whether it looks like one.
  public mutating func begin(_ bytes: UnsafeRawBufferPointer) -> Bool {
    var place = 0
    guard let count = Self.number(bytes, &place, bytes.count), count <= bytes.count else {
      return false
    }
    for column in 0..<width {
      // Each number takes a byte at least.
      guard let length = Self.number(bytes, &place, bytes.count), length <= bytes.count - place,
        length >= count
      else { return false }
      bounds[column] = (place, place + Int(length))
      place += Int(length)
    }
    guard place == bytes.count else { return false }
    for (index, column) in columns.enumerated() {
      places[index] = bounds[column]
      former[index] = 0
    }
    self.bytes = bytes
    self.count = Int(count)
    (read, isBroken) = (0, false)
    return true
  }

  /// Puts the numbers of the next row into `row` from a place on; false when there is none.
  @inline(__always)
  public mutating func next(_ row: inout [Int64], from start: Int) -> Bool {
    guard read < count else { return false }
    for index in columns.indices {
      guard let number = Self.number(bytes, &places[index].next, places[index].end) else {
        isBroken = true
        read = count
        return false
      }
      var value = Int64(bitPattern: number)
      if columns[index] == 0 {
        value &+= former[index]
        former[index] = value
      }
      row[start + index] = value
    }
    read += 1
    if read == count, !places.allSatisfy({ $0.next == $0.end }) { isBroken = true }
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
      if byte < 0x80 { return shift < 63 || byte < 2 ? number : nil }
      shift += 7
    }
    return nil
  }
}
