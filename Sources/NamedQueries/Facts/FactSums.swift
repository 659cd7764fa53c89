import Posts

/// Groups of facts by their keys, each with its sums: what `GROUP BY` makes, in open addressing over
/// contiguous numbers, which takes a fraction of what SQLite's sorter does.
struct FactSums {
  /// How many keys and how many sums a group has.
  let keyCount: Int
  let sumCount: Int
  /// How many groups there are.
  private(set) var count = 0
  private var keys: [Int64] = []
  private var sums: [Int64] = []
  /// The number of the group that stands in a slot; −1 in a free one. A power of two, at most half full.
  private var slots: [Int32]
  private var last = -1

  /// Of each sum whether it is the greatest of what was added.
  private let isGreatest: [Bool]

  /// - Parameter greatest: The numbers of the sums that are the greatest of what is added.
  init(keyCount: Int, sumCount: Int, greatest: Set<Int> = []) {
    self.keyCount = keyCount
    self.sumCount = sumCount
    isGreatest = (0..<sumCount).map(greatest.contains)
    slots = Array(repeating: -1, count: 256)
  }

  func key(_ index: Int, of group: Int) -> Int64 { keys[group * keyCount + index] }
  func sum(_ index: Int, of group: Int) -> Int64 { sums[group * sumCount + index] }

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
    var slot = Int(truncatingIfNeeded: Self.scramble(row, keyCount)) & (slots.count - 1)
    while slots[slot] >= 0 {
      let group = Int(slots[slot])
      if hasKeys(group, row) {
        last = group
        if addInPlace(row, to: group) { return false }
        break
      }
      slot = (slot + 1) & (slots.count - 1)
    }
    let isNew = slots[slot] < 0
    slots[slot] = Int32(count)
    last = count
    for index in 0..<keyCount { keys.append(row[index]) }
    for index in keyCount..<keyCount + sumCount { sums.append(row[index]) }
    count += 1
    if count * 2 > slots.count { grow() }
    return isNew
  }

  /// Forgets all groups and keeps the room.
  mutating func removeAll() {
    count = 0
    last = -1
    keys.removeAll(keepingCapacity: true)
    sums.removeAll(keepingCapacity: true)
    for slot in slots.indices { slots[slot] = -1 }
  }

  private func hasKeys(_ group: Int, _ row: [Int64]) -> Bool {
    let start = group * keyCount
    for index in 0..<keyCount where keys[start + index] != row[index] { return false }
    return true
  }

  /// Adds to the sums of a group, or to none of them if one would overflow.
  private mutating func addInPlace(_ row: [Int64], to group: Int) -> Bool {
    let start = group * sumCount
    for index in 0..<sumCount
    where !isGreatest[index]
      && sums[start + index].addingReportingOverflow(row[keyCount + index]).overflow
    {
      return false
    }
    for index in 0..<sumCount {
      let value = row[keyCount + index]
      sums[start + index] =
        isGreatest[index] ? max(sums[start + index], value) : sums[start + index] &+ value
    }
    return true
  }

  private mutating func grow() {
    slots = Array(repeating: -1, count: slots.count * 2)
    for group in 0..<count {
      var slot = Int(truncatingIfNeeded: Self.scramble(keys, keyCount, from: group * keyCount))
      slot &= slots.count - 1
      while slots[slot] >= 0 { slot = (slot + 1) & (slots.count - 1) }
      slots[slot] = Int32(group)
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
