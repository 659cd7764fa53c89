import Posts

/// Groups of facts by their keys, each with its sums: what `GROUP BY` makes, in open addressing over
/// contiguous numbers, which takes a fraction of what SQLite's sorter does.
struct FactSums {
  /// How many keys and how many sums a group has.
  let keyCount: Int
  let sumCount: Int
  /// How many groups there are.
  private(set) var count = 0
  /// The keys and the sums of one group after the other.
  private var numbers: [Int64] = []
  /// The number of the group that stands in a slot plus one, with the upper half of the hash of its keys above it;
  /// 0 in a free one. A power of two, at most half full.
  private var slots: [UInt64]
  private var last = -1

  /// Of each sum whether it is the greatest of what was added.
  private let isGreatest: [Bool]

  /// - Parameter greatest: The numbers of the sums that are the greatest of what is added.
  init(keyCount: Int, sumCount: Int, greatest: Set<Int> = []) {
    self.keyCount = keyCount
    self.sumCount = sumCount
    isGreatest = (0..<sumCount).map(greatest.contains)
    slots = Array(repeating: 0, count: 256)
  }

  func key(_ index: Int, of group: Int) -> Int64 { numbers[group * (keyCount + sumCount) + index] }
  func sum(_ index: Int, of group: Int) -> Int64 { key(keyCount + index, of: group) }

  /// Adds a row to the group of its keys.
  ///
  /// A sum that would pass the range of its type begins a second group of the same keys: whoever adds up
  /// the groups meets the overflow where it is theirs to report.
  ///
  /// - Parameter row: The keys, and after them what is added to the sums.
  /// - Returns: Whether the group is new.
  @discardableResult
  mutating func add(_ row: [Int64]) -> Bool {
    row.withUnsafeBufferPointer { row in
      let none = UnsafeBufferPointer<Int64>(start: nil, count: 0)
      return add(
        none, UnsafeBufferPointer(rebasing: row[..<(keyCount + sumCount)]), hash: Self.seed)
    }
  }

  /// Adds rows that begin with the same keys.
  ///
  /// - Parameters:
  ///   - shared: The first keys of all of them, at most all keys.
  ///   - rest: What else the rows have, one row after the other.
  ///   - step: How many numbers lie between the beginnings of two rows there.
  ///   - isWanted: Whether a row counts, by the place where it begins.
  @inline(__always)
  mutating func add(
    _ shared: ArraySlice<Int64>, _ rest: [Int64], every step: Int, where isWanted: (Int) -> Bool
  ) {
    precondition(shared.count <= keyCount, "sums are no row's own")
    let length = keyCount + sumCount - shared.count
    let hash = shared.reduce(Self.seed) { $0.mixed(with: $1) }
    shared.withUnsafeBufferPointer { shared in
      rest.withUnsafeBufferPointer { rest in
        for place in stride(from: 0, to: rest.count, by: step) where isWanted(place) {
          add(shared, UnsafeBufferPointer(rebasing: rest[place..<place + length]), hash: hash)
        }
      }
    }
  }

  /// Adds a row whose first keys have a hash.
  @discardableResult
  @inline(__always)
  private mutating func add(
    _ shared: UnsafeBufferPointer<Int64>, _ rest: UnsafeBufferPointer<Int64>, hash: UInt64
  ) -> Bool {
    // Rows of rollups come in the order of their keys, so that neighbours often share a group.
    if last >= 0, hasKeys(last, shared, rest), addInPlace(rest, to: last) { return false }
    let keys = keyCount - shared.count
    var hash = hash
    for index in 0..<keys { hash = hash.mixed(with: rest[index]) }
    let tag = hash & Self.tagBits
    let mask = slots.count - 1
    var slot = Int(truncatingIfNeeded: hash) & mask
    while slots[slot] != 0 {
      // The keys of a group lie far away, so that those of another hash are not looked at.
      if slots[slot] & Self.tagBits == tag {
        let group = Self.group(slots[slot])
        if hasKeys(group, shared, rest) {
          last = group
          if addInPlace(rest, to: group) { return false }
          break
        }
      }
      slot = (slot + 1) & mask
    }
    let isNew = slots[slot] == 0
    last = count
    numbers.append(contentsOf: shared)
    numbers.append(contentsOf: rest)
    count += 1
    slots[slot] = tag | UInt64(count)
    if count * 2 > slots.count { grow() }
    return isNew
  }

  /// Forgets all groups and keeps the room.
  mutating func removeAll() {
    count = 0
    last = -1
    numbers.removeAll(keepingCapacity: true)
    for slot in slots.indices { slots[slot] = 0 }
  }

  private static let tagBits: UInt64 = 0xFFFF_FFFF_0000_0000
  private static func group(_ slot: UInt64) -> Int { Int(slot & ~tagBits) - 1 }

  @inline(__always)
  private func hasKeys(
    _ group: Int, _ shared: UnsafeBufferPointer<Int64>, _ rest: UnsafeBufferPointer<Int64>
  ) -> Bool {
    let start = group * (keyCount + sumCount)
    let middle = start + shared.count
    return numbers.withUnsafeBufferPointer { numbers in
      // The last keys tell most groups apart.
      for index in 0..<keyCount - shared.count where numbers[middle + index] != rest[index] {
        return false
      }
      for index in shared.indices where numbers[start + index] != shared[index] { return false }
      return true
    }
  }

  /// Adds the last numbers of a row to the sums of a group, or to none of them if one would overflow.
  @inline(__always)
  private mutating func addInPlace(_ rest: UnsafeBufferPointer<Int64>, to group: Int) -> Bool {
    let start = group * (keyCount + sumCount) + keyCount
    let first = rest.count - sumCount
    return numbers.withUnsafeMutableBufferPointer { numbers in
      var overflows = false
      for index in 0..<sumCount {
        let sum = numbers[start + index].addingReportingOverflow(rest[first + index])
        overflows = overflows || (sum.overflow && !isGreatest[index])
      }
      if overflows { return false }
      for index in 0..<sumCount {
        let value = rest[first + index]
        let sum = numbers[start + index]
        numbers[start + index] = isGreatest[index] ? max(sum, value) : sum &+ value
      }
      return true
    }
  }

  private mutating func grow() {
    slots = Array(repeating: 0, count: slots.count * 2)
    let mask = slots.count - 1
    for group in 0..<count {
      let hash = Self.scramble(numbers, keyCount, from: group * (keyCount + sumCount))
      var slot = Int(truncatingIfNeeded: hash) & mask
      while slots[slot] != 0 { slot = (slot + 1) & mask }
      slots[slot] = hash & Self.tagBits | UInt64(group + 1)
    }
  }

  /// A number that spreads evenly what the first words of a row, or those from a place on, may be. It
  /// begins with one that nobody can foresee, since some keys are what a post says, and an adversary must
  /// not choose which of them meet.
  static func scramble(_ row: [Int64], _ count: Int, from start: Int = 0) -> UInt64 {
    var hash = seed
    for index in start..<start + count { hash = hash.mixed(with: row[index]) }
    return hash
  }

  private static let seed = UInt64.random(in: .min ... .max)
}
