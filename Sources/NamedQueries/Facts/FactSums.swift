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
    // Rows of rollups come in the order of their keys, so that neighbours often share a group.
    if last >= 0, hasKeys(last, row), addInPlace(row, to: last) { return false }
    let hash = Self.scramble(row, keyCount)
    let tag = hash & Self.tagBits
    let mask = slots.count - 1
    var slot = Int(truncatingIfNeeded: hash) & mask
    while slots[slot] != 0 {
      // Few keys are read that are not the same: they lie far apart.
      if slots[slot] & Self.tagBits == tag {
        let group = Self.group(slots[slot])
        if hasKeys(group, row) {
          last = group
          if addInPlace(row, to: group) { return false }
          break
        }
      }
      slot = (slot + 1) & mask
    }
    let isNew = slots[slot] == 0
    last = count
    for index in 0..<keyCount + sumCount { numbers.append(row[index]) }
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
  private func hasKeys(_ group: Int, _ row: [Int64]) -> Bool {
    let start = group * (keyCount + sumCount)
    for index in 0..<keyCount where numbers[start + index] != row[index] { return false }
    return true
  }

  /// Adds to the sums of a group, or to none of them if one would overflow.
  @inline(__always)
  private mutating func addInPlace(_ row: [Int64], to group: Int) -> Bool {
    let start = group * (keyCount + sumCount) + keyCount
    var overflows = false
    for index in 0..<sumCount {
      let sum = numbers[start + index].addingReportingOverflow(row[keyCount + index])
      overflows = overflows || (sum.overflow && !isGreatest[index])
    }
    if overflows { return false }
    for index in 0..<sumCount {
      let value = row[keyCount + index]
      let sum = numbers[start + index]
      numbers[start + index] = isGreatest[index] ? max(sum, value) : sum &+ value
    }
    return true
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
