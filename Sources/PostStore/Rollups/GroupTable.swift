import Posts

/// The key of a group: a bucket, the dimensions, and up to five keys of the fact.
struct GroupKey: Hashable, Comparable {
  /// The start of the bucket in seconds.
  var start: Int64
  /// The dimensions in one number, which orders them as the columns do one after the other.
  private(set) var dimensions: Int64
  /// The keys of the fact, of which it uses the first ones.
  var keys: (Int64, Int64, Int64, Int64, Int64) = (0, 0, 0, 0, 0)

  /// No id of a platform or a topic may pass this, so that all dimensions fit into one number.
  static let idLimit: Int64 = 1 << 30

  init(start: Int64, platform: Int64, sentiment: Int64, topic: Int64, isViral: Bool) {
    self.start = start
    dimensions = platform << 33 | sentiment << 31 | topic << 1 | (isViral ? 1 : 0)
  }

  var platform: Int64 { dimensions >> 33 }
  var sentiment: Int64 { dimensions >> 31 & 3 }
  var topic: Int64 { dimensions >> 1 & (Self.idLimit - 1) }
  var viral: Int64 { dimensions & 1 }

  /// The value of a dimension by its number in `Rollup.dimensions`, of which viral is the last.
  func dimension(_ number: Int) -> Int64 {
    switch number {
    case 0: platform
    case 1: sentiment
    case 2: topic
    default: viral
    }
  }

  /// The key of the group that holds this one, whatever the dimensions but the platform.
  var total: GroupKey {
    var key = self
    key.dimensions = platform << 33
    return key
  }

  static func == (a: GroupKey, b: GroupKey) -> Bool {
    a.start == b.start && a.dimensions == b.dimensions && a.keys == b.keys
  }

  static func < (a: GroupKey, b: GroupKey) -> Bool {
    if a.start != b.start { return a.start < b.start }
    if a.dimensions != b.dimensions { return a.dimensions < b.dimensions }
    return a.keys < b.keys
  }

  func hash(into hasher: inout Hasher) { hasher.combine(scramble) }

  /// A number that spreads keys evenly: they are ids that the store gave, each far smaller than the places that
  /// lie between those of others.
  var scramble: UInt64 {
    UInt64(0).mixed(with: dimensions ^ start << 20)
      .mixed(with: keys.0 ^ keys.1 << 28 ^ keys.2 << 56 ^ keys.3 << 57 ^ keys.4 << 20)
  }
}

/// Sums of posts, or what is to be added to them.
struct GroupSums: Equatable {
  var posts: Int64 = 0
  var likes: Int64 = 0
  var comments: Int64 = 0
  var shares: Int64 = 0
  var rate: Int64 = 0
  var views: Int64 = 0
  var postsWithViews: Int64 = 0
  var verified: Int64 = 0
  var influencer: Int64 = 0

  static func += (a: inout GroupSums, b: GroupSums) {
    a.posts += b.posts
    a.likes += b.likes
    a.comments += b.comments
    a.shares += b.shares
    a.rate += b.rate
    a.views += b.views
    a.postsWithViews += b.postsWithViews
    a.verified += b.verified
    a.influencer += b.influencer
  }
}

/// The sums of groups by their keys.
///
/// Open addressing over groups that lie one after the other: a post touches some ten groups, and a
/// dictionary of the standard library, which hashes against an adversary's keys, takes three times as
/// long for each. Keys here are ids that the store gave.
struct GroupTable {
  struct Group {
    let key: GroupKey
    var sums: GroupSums
  }

  /// The groups in the order in which they came.
  private(set) var groups: [Group] = []
  /// The place in `groups` plus one, with the upper half of the hash above it; 0 is empty. There is
  /// room for twice as many as there are groups.
  private var slots = [UInt64](repeating: 0, count: 1024)

  mutating func removeAll() {
    groups.removeAll(keepingCapacity: true)
    for index in slots.indices { slots[index] = 0 }
  }

  /// Adds to the sums of a group.
  mutating func add(_ sums: GroupSums, to key: GroupKey) {
    let hash = key.scramble
    let tag = hash & 0xFFFF_FFFF_0000_0000
    let mask = slots.count - 1
    var slot = Int(truncatingIfNeeded: hash) & mask
    while slots[slot] != 0 {
      let found = slots[slot]
      if found & 0xFFFF_FFFF_0000_0000 == tag {
        let place = Int(found & 0xFFFF_FFFF) - 1
        if groups[place].key == key {
          groups[place].sums += sums
          return
        }
      }
      slot = (slot + 1) & mask
    }
    groups.append(Group(key: key, sums: sums))
    slots[slot] = tag | UInt64(groups.count)
    if groups.count * 2 > slots.count { grow() }
  }

  private mutating func grow() {
    slots = [UInt64](repeating: 0, count: slots.count * 2)
    let mask = slots.count - 1
    for (place, group) in groups.enumerated() {
      let hash = group.key.scramble
      var slot = Int(truncatingIfNeeded: hash) & mask
      while slots[slot] != 0 { slot = (slot + 1) & mask }
      slots[slot] = hash & 0xFFFF_FFFF_0000_0000 | UInt64(place + 1)
    }
  }

  /// The places of the groups by rising key, which makes neighbours in a table one after another.
  func sortedPlaces() -> [Int] {
    // What is compared most lies together.
    var entries = groups.enumerated().map { place, group in
      (group.key.start, group.key.dimensions, group.key.keys.0, place)
    }
    entries.sort { a, b in
      if a.0 != b.0 { return a.0 < b.0 }
      if a.1 != b.1 { return a.1 < b.1 }
      if a.2 != b.2 { return a.2 < b.2 }
      return groups[a.3].key < groups[b.3].key
    }
    return entries.map(\.3)
  }
}
