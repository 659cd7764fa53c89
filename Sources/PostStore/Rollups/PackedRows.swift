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
    guard reader.read(bytes) else { return false }
    values = reader.values
    return true
  }

  /// The value.
  var bytes: [UInt8] {
    let lengths = (0..<width).map { column in
      var length = 0
      forEachNumber(of: column) { length += Self.length($0) }
      return length
    }
    let total = lengths.reduce(Self.length(UInt64(count))) {
      $0 + Self.length(UInt64($1)) + $1
    }
    return Array(unsafeUninitializedCapacity: total) { buffer, initialized in
      func put(_ number: UInt64) {
        var rest = number
        while rest >= 0x80 {
          buffer[initialized] = UInt8(truncatingIfNeeded: rest) | 0x80
          initialized += 1
          rest >>= 7
        }
        buffer[initialized] = UInt8(truncatingIfNeeded: rest)
        initialized += 1
      }
      put(UInt64(count))
      for column in 0..<width {
        put(UInt64(lengths[column]))
        forEachNumber(of: column, put)
      }
    }
  }

  /// The numbers of a column as they are written.
  @inline(__always)
  private func forEachNumber(of column: Int, _ body: (UInt64) -> Void) {
    var former: Int64 = 0
    for place in stride(from: column, to: values.count, by: width) {
      body(UInt64(bitPattern: values[place] &- former))
      if column == 0 { former = values[place] }
    }
  }

  /// How many bytes a number takes.
  private static func length(_ number: UInt64) -> Int {
    max(1, (64 - number.leadingZeroBitCount + 6) / 7)
  }

  /// Adds a row after all others.
  mutating func append(_ row: some Sequence<Int64>) { values += row }

  /// Adds a group after all others, with the columns that a rollup packs.
  mutating func append(_ key: GroupKey, _ sums: GroupSums, of rollup: Rollup) {
    if rollup.packsDimensions {
      values.append(key.topic)
      values.append(key.viral)
    }
    switch rollup {
    case .base: break
    case .hashtag, .location, .language: values.append(key.keys.0)
    case .content:
      values.append(key.keys.0)
      values.append(key.keys.1)
    case .account, .accountTotal:
      values.append(key.keys.0)
      values.append(key.keys.1)
      values.append(key.keys.2)
      values.append(key.keys.3)
      values.append(key.keys.4)
    }
    values.append(sums.posts)
    values.append(sums.likes)
    values.append(sums.comments)
    values.append(sums.shares)
    values.append(sums.rate)
    guard rollup == .base else { return }
    values.append(sums.views)
    values.append(sums.postsWithViews)
    values.append(sums.verified)
    values.append(sums.influencer)
  }

  /// Adds changes, each a row that is sorted like the others: what comes after the keys is added to the row
  /// of the same keys, and a row whose first sum falls to zero goes.
  mutating func add(_ changes: PackedRows, keyCount: Int) {
    var result: [Int64] = []
    result.reserveCapacity(values.count + changes.values.count)
    var own = 0
    for other in stride(from: 0, to: changes.values.count, by: width) {
      // What lies between two changes stays as it is.
      let start = own
      while own < values.count, order(own, changes.values, other, keyCount) < 0 { own += width }
      result += values[start..<own]
      let place = result.count
      result += changes.values[other..<other + width]
      if own < values.count, order(own, changes.values, other, keyCount) == 0 {
        for index in keyCount..<width { result[place + index] &+= values[own + index] }
        own += width
      }
      if result[place + keyCount] == 0 { result.removeLast(width) }
    }
    result += values[own...]
    values = result
  }

  /// Whether the keys of an own row come before those of another (−1), after (1), or are the same (0).
  @inline(__always)
  private func order(_ own: Int, _ others: [Int64], _ other: Int, _ keyCount: Int) -> Int {
    for index in 0..<keyCount where values[own + index] != others[other + index] {
      return values[own + index] < others[other + index] ? -1 : 1
    }
    return 0
  }
}

/// Reads some columns of the rows of one ``PackedRows`` after another.
public struct PackedReader {
  /// How many rows the value has.
  public private(set) var count = 0
  /// The numbers of the columns that are read, row by row.
  public private(set) var values: [Int64] = []

  private let width: Int
  private let columns: [Int]
  /// Of each column where its numbers begin and end.
  private var bounds: [Range<Int>]

  /// - Parameters:
  ///   - width: How many columns a row has.
  ///   - columns: Those to read, in the order in which rows are to have them; one can come twice.
  public init(width: Int, columns: [Int]) {
    self.width = width
    self.columns = columns
    bounds = Array(repeating: 0..<0, count: width)
  }

  /// Takes a value in place of the one before.
  ///
  /// - Returns: Whether the columns that are read are some that ``PackedRows`` could have made.
  public mutating func read(_ bytes: UnsafeRawBufferPointer) -> Bool {
    values = []
    count = 0
    var place = 0
    guard let count = Self.number(bytes, &place, bytes.count), count <= bytes.count else {
      return false
    }
    for column in 0..<width {
      // Each number takes a byte at least.
      guard let length = Self.number(bytes, &place, bytes.count), length <= bytes.count - place,
        length >= count
      else { return false }
      bounds[column] = place..<place + Int(length)
      place += Int(length)
    }
    guard place == bytes.count else { return false }
    self.count = Int(count)
    let numbers = self.count * columns.count
    var isSound = true
    values = Array(unsafeUninitializedCapacity: numbers) { buffer, initialized in
      for (index, column) in columns.enumerated() where isSound {
        isSound = Self.read(
          bytes, bounds[column], areSteps: column == 0, into: buffer, from: index,
          by: columns.count, to: numbers)
      }
      initialized = isSound ? numbers : 0
    }
    if !isSound { self.count = 0 }
    return isSound
  }

  /// Reads the numbers of a column into every so many places of a buffer.
  ///
  /// - Parameter areSteps: Whether each is told by how much it is more than the one before.
  /// - Returns: Whether there are so many and no more.
  private static func read(
    _ bytes: UnsafeRawBufferPointer, _ bounds: Range<Int>, areSteps: Bool,
    into buffer: UnsafeMutableBufferPointer<Int64>, from start: Int, by step: Int, to end: Int
  ) -> Bool {
    var place = bounds.lowerBound
    var former: Int64 = 0
    for target in stride(from: start, to: end, by: step) {
      guard let number = number(bytes, &place, bounds.upperBound) else { return false }
      let value = former &+ Int64(bitPattern: number)
      if areSteps { former = value }
      buffer.initializeElement(at: target, to: value)
    }
    return place == bounds.upperBound
  }

  /// The number at a place, which moves behind it; nil if it does not end before `end`.
  @inline(__always)
  private static func number(
    _ bytes: UnsafeRawBufferPointer, _ place: inout Int, _ end: Int
  ) -> UInt64? {
    guard place < end else { return nil }
    let first = bytes[place]
    place += 1
    if first < 0x80 { return UInt64(first) }
    var number = UInt64(first & 0x7F)
    var shift: UInt64 = 7
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
