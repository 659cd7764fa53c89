import PostStore
import Posts

/// Reads the statements of a request and adds up their rows, as far as there is room.
///
/// It is a structure, so that the loop over rows, which may be millions, need not ask for each of them
/// whether somebody else touches the sums.
struct FactScan {
  /// So many sums are kept at once; whoever asks for more is given several groups of the same keys.
  private static let groupLimit = 1 << 16
  /// So many different values of the key that is counted, together with the other key, are kept at once,
  /// which takes up to 50 MB. Of more the hashes of the other key are cut into ranges, which are counted one
  /// after the other; what is counted of one other key is not cut.
  static let pairLimit = 1 << 21

  /// A statement that is being read.
  private final class Reading {
    let statement: RawStatement
    let part: FactRequest.Statement
    let unpacker: PackedReader?

    init(_ part: FactRequest.Statement, _ connection: OpaquePointer, _ path: String)
      throws(StoreError)
    {
      statement = try RawStatement(part.sql, connection: connection, path: path)
      self.part = part
      unpacker = part.packed.map {
        PackedReader(width: $0.width, columns: $0.columns + $0.filters.map(\.column))
      }
    }
  }

  /// What was added up and not handed over yet.
  private(set) var groups: FactSums

  private let request: FactRequest
  private let connection: OpaquePointer
  private let path: String
  private let pairLimit: Int
  private var next = 0
  private var reading: Reading?
  /// Reads what the statement has packed.
  private var unpacker: PackedReader?
  private var row: [Int64]
  private var hashtags: HashtagIDs
  /// The hashes that were not counted yet; nil when all were.
  private var hashes: ClosedRange<UInt64>? = .min ... .max
  private var isCounted = false

  init(_ request: FactRequest, connection: OpaquePointer, path: String, pairLimit: Int) {
    self.request = request
    self.connection = connection
    self.path = path
    self.pairLimit = pairLimit
    let width = request.keyCount + request.sumCount
    row = Array(repeating: 0, count: width)
    hashtags = HashtagIDs(connection: connection, path: path)
    groups =
      switch request.purpose {
      case .sums(let greatest):
        FactSums(keyCount: request.keyCount, sumCount: request.sumCount, greatest: greatest)
      case .countOfLastKey:
        FactSums(keyCount: request.keyCount - 1, sumCount: request.sumCount)
      case .accounts: FactSums(keyCount: request.keyCount, sumCount: request.sumCount)
      }
  }

  /// Puts the next groups in place of the ones before; none are left at the end.
  mutating func advance() throws(StoreError) {
    groups.removeAll()
    switch request.purpose {
    case .sums: try addUp()
    case .countOfLastKey: while groups.count == 0, hashes != nil { try countRange() }
    case .accounts: if !isCounted { try countAccounts() }
    }
  }

  private mutating func addUp() throws(StoreError) {
    while groups.count < Self.groupLimit, let reading = try open() {
      guard try take(reading) else { continue }
      if let packed = reading.part.packed {
        try unpack(reading, packed) { scan, groups, step, counts in
          scan.groups.add(
            scan.row[..<(scan.row.count - packed.columns.count)], groups, every: step, where: counts
          )
        }
      } else if let key = reading.part.hashtagKey {
        for index in hashtags.spellings.indices {
          row[key] = try hashtags.hashtag(index)
          groups.add(row)
        }
      } else {
        groups.add(row)
      }
    }
  }

  /// The statement that is read, or the next one; nil after the last.
  private mutating func open() throws(StoreError) -> Reading? {
    if reading == nil, next < request.statements.count {
      reading = try Reading(request.statements[next], connection, path)
      unpacker = reading?.unpacker
      next += 1
    }
    return reading
  }

  /// Takes the next row of a statement into `row`, and what there are of hashtags into `hashtags`. What lies
  /// packed is left out.
  ///
  /// - Returns: Whether there was one.
  private mutating func take(_ reading: Reading) throws(StoreError) -> Bool {
    guard try reading.statement.step() else {
      self.reading = nil
      return false
    }
    let part = reading.part
    for column in 0..<row.count - (part.packed?.columns.count ?? 0) where column != part.hashtagKey
    {
      row[column] = reading.statement.int64(Int32(column))
    }
    if let unit = request.timeUnit { row[0] &-= row[0].floorModulo(unit) }
    if let key = part.hashtagKey { hashtags.read(reading.statement, Int32(key)) }
    return true
  }

  /// Reads the packed groups of the current row and hands them over: the numbers that are wanted of one after the
  /// other, how many lie between the beginnings of two, and whether the one at a place counts.
  @inline(__always)
  private mutating func unpack(
    _ reading: Reading, _ packed: FactRequest.Packed,
    _ body: (inout FactScan, [Int64], Int, (Int) -> Bool) -> Void
  ) throws(StoreError) {
    let wanted = packed.columns.count
    // Taken out, so that the loop need not ask whether somebody else touches its numbers.
    guard var reader = unpacker.take() else { return }
    defer { unpacker = reader }
    guard reading.statement.withBytes(Int32(row.count - wanted), { reader.read($0) }) else {
      throw StoreError.brokenRollup(packed.table, path)
    }
    let (values, filters) = (reader.values, packed.filters)
    body(&self, values, wanted + filters.count) { place in
      for index in filters.indices
      where !filters[index].values.contains(values[place + wanted + index]) {
        return false
      }
      return true
    }
  }

  /// Counts the different values of the second key, of as many of the hashes that are left as there is room
  /// for.
  private mutating func countRange() throws(StoreError) {
    guard var range = hashes else { return }
    while true {
      var pairs = PairSet()
      groups.removeAll()
      next = 0
      reading = nil
      // What shares the other key, or but its hash, cannot be counted in parts.
      let isOne = range.lowerBound == range.upperBound
      while pairs.count <= pairLimit || groups.count == 1 || isOne, let reading = try open() {
        guard try take(reading) else { continue }
        for index in reading.part.hashtagKey == nil ? 0..<1 : hashtags.spellings.indices {
          if let key = reading.part.hashtagKey { row[key] = try hashtags.hashtag(index) }
          guard range.contains(FactSums.scramble(row, 1)) else { continue }
          guard let isNew = pairs.insert(row[0], row[1]) else {
            throw StoreError.unknownName(in: path)
          }
          if isNew { groups.add([row[0], 1]) }
        }
      }
      if pairs.count <= pairLimit || groups.count == 1 || isOne { break }
      range = range.lowerBound...range.lowerBound + (range.upperBound - range.lowerBound) / 2
    }
    hashes = range.upperBound == .max ? nil : range.upperBound + 1 ... .max
  }

  private mutating func countAccounts() throws(StoreError) {
    isCounted = true
    let first = request.keyCount
    var accounts = try AccountCount(bucket: request.bucket, connection: connection, path: path)
    while let reading = try open() {
      guard try take(reading) else { continue }
      if first > 0, try accounts.begins(row[0]) { accounts.finish(into: &groups) }
      if let packed = reading.part.packed {
        try unpack(reading, packed) { _, groups, step, counts in
          for place in stride(from: 0, to: groups.count, by: step) where counts(place) {
            accounts.count(groups, from: place)
          }
        }
      } else {
        accounts.count(row, from: first)
      }
      if accounts.isBeyond {
        throw reading.part.packed.map { StoreError.brokenRollup($0.table, path) }
          ?? StoreError.unknownName(in: path)
      }
    }
    // Without buckets there is a row also of nothing.
    if first == 0 || !accounts.isEmpty { accounts.finish(into: &groups) }
  }
}
