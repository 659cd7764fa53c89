import Posts

/// The hash of a `post_id` that filters are made of.
///
/// Filters are kept in the store: what this gives for a text must never change.
struct PostIDHash: Sendable {
  let value: UInt64

  init(_ postID: ExactString) {
    var text = postID.string
    self = text.withUTF8 { PostIDHash(UnsafeRawBufferPointer($0)) }
  }

  /// The hash of a `post_id` in UTF-8.
  init(_ bytes: UnsafeRawBufferPointer) { value = bytes.textHash(seed: 0) }
}

/// Says of most `post_id`s that a stretch of posts does not hold that it does not hold them.
///
/// A split-block Bloom filter as Apache Parquet has it: a hash chooses a block of 256 bits and one bit
/// in each of its eight words. With the 16 bits a post that a stretch has, about one in a thousand ids
/// that it does not hold is let through; none that it holds is refused.
struct PostIDFilter {
  fileprivate var blocks: [SIMD8<UInt32>]

  /// The number of posts in a stretch, over 16, since a block of 256 bits is for that many.
  fileprivate static let blockCount = Int(ArrivalIndex.stretchLength) / 16

  /// A filter that refuses all.
  init() { blocks = Array(repeating: .zero, count: Self.blockCount) }

  /// The filter that a store keeps: nothing for one that refuses all, nil if it is none.
  init?(_ bytes: UnsafeRawBufferPointer) {
    if bytes.isEmpty {
      blocks = []
      return
    }
    guard bytes.count == Self.blockCount * 32 else { return nil }
    blocks = (0..<Self.blockCount).map { block in
      var words = SIMD8<UInt32>()
      for word in 0..<8 {
        let offset = block * 32 + word * 4
        words[word] = UInt32(
          littleEndian: bytes.loadUnaligned(fromByteOffset: offset, as: UInt32.self))
      }
      return words
    }
  }

  /// The form in which a store keeps it: the words one after the other, little end first.
  var bytes: [UInt8] {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(blocks.count * 32)
    for block in blocks {
      for word in 0..<8 {
        withUnsafeBytes(of: block[word].littleEndian) { bytes.append(contentsOf: $0) }
      }
    }
    return bytes
  }

  /// Makes it let a `post_id` through.
  mutating func insert(_ hash: PostIDHash) {
    blocks[Self.block(of: hash)] |= Self.bits(of: hash)
  }

  /// Whether the stretch may hold a `post_id`.
  func mayHold(_ hash: PostIDHash) -> Bool {
    guard !blocks.isEmpty else { return false }
    let bits = Self.bits(of: hash)
    return blocks[Self.block(of: hash)] & bits == bits
  }

  fileprivate static func block(of hash: PostIDHash) -> Int {
    Int(((hash.value >> 32) * UInt64(blockCount)) >> 32)
  }

  fileprivate static func bits(of hash: PostIDHash) -> SIMD8<UInt32> {
    let low = UInt32(truncatingIfNeeded: hash.value)
    return SIMD8(repeating: 1) &<< ((salts &* low) &>> 27)
  }

  /// The odd numbers of Parquet's filters.
  private static let salts = SIMD8<UInt32>(
    0x47B6_137B, 0x4497_4D91, 0x8824_AD5B, 0xA2B7_289D, 0x7054_95C7, 0x2DF1_424B, 0x9EFC_4947,
    0x5C6B_FB31)
}

/// The filters of several stretches, which are asked for the same `post_id`s.
///
/// The blocks that a hash chooses of eight of them lie side by side: a new post is held against each filter, and
/// blocks far apart would cost a read from memory for each.
struct PostIDFilters {
  /// Eight filters: their blocks by the place in a filter, and then by filter.
  private typealias Eight = [SIMD8<UInt32>]

  /// How many there are.
  private(set) var count = 0
  private var eights: [Eight] = []

  /// Takes in the filter of the next stretch.
  mutating func append(_ filter: PostIDFilter) {
    if count == eights.count * 8 {
      eights.append(Eight(repeating: .zero, count: PostIDFilter.blockCount * 8))
    }
    for (place, block) in filter.blocks.enumerated() {
      eights[count / 8][place * 8 + count % 8] = block
    }
    count += 1
  }

  /// Forgets the last ones.
  mutating func removeLast(_ number: Int) {
    for filter in count - number..<count {
      for place in 0..<PostIDFilter.blockCount {
        eights[filter / 8][place * 8 + filter % 8] = .zero
      }
    }
    count -= number
  }

  /// The last of the filters before one that lets a `post_id` through; nil if none does.
  func last(before end: Int, thatMayHold hash: PostIDHash) -> Int? {
    let bits = PostIDFilter.bits(of: hash)
    let start = PostIDFilter.block(of: hash) * 8
    return (0..<end).last { eights[$0 / 8][start + $0 % 8] & bits == bits }
  }
}
