import Foundation
import Posts

/// Values by texts, which are not kept as objects of their own: a store remembers some 100,000 of them, and
/// looks up a dozen for each post.
///
/// Open addressing with linear probing. The texts lie one after the other in one array of bytes, so that
/// none is an object of its own. The hash is seeded at random, since texts are strangers' and must not be
/// chosen to collide.
struct TextTable<Value: Sendable>: Sendable {
  private struct Entry: Sendable {
    let hash: UInt64
    let start: Int
    let length: Int
    let value: Value
  }

  private var entries: [Entry] = []
  private var texts: [UInt8] = []
  /// The place in `entries` plus one; 0 is empty. There is room for twice as many as there are entries.
  private var slots = [UInt32](repeating: 0, count: 64)
  private let seed = UInt64.random(in: .min ... .max)

  /// How many texts there are.
  var count: Int { entries.count }

  /// How many bytes they have together.
  var byteCount: Int { texts.count }

  /// The value of a text; nil if it is not there.
  subscript(text: ExactString) -> Value? {
    var string = text.string
    return string.withUTF8 { bytes in
      let bytes = UnsafeRawBufferPointer(bytes)
      let hash = bytes.textHash(seed: seed)
      let mask = slots.count - 1
      var slot = Int(truncatingIfNeeded: hash) & mask
      while slots[slot] != 0 {
        let place = Int(slots[slot]) - 1
        if entries[place].hash == hash, isText(of: place, bytes) { return entries[place].value }
        slot = (slot + 1) & mask
      }
      return nil
    }
  }

  /// Takes in a text that is not there.
  mutating func insert(_ value: Value, for text: ExactString) {
    var string = text.string
    let start = texts.count
    string.withUTF8 { texts.append(contentsOf: $0) }
    let hash = string.withUTF8 { UnsafeRawBufferPointer($0).textHash(seed: seed) }
    entries.append(
      Entry(hash: hash, start: start, length: texts.count - start, value: value))
    if entries.count * 2 > slots.count {
      slots = [UInt32](repeating: 0, count: slots.count * 2)
      for place in entries.indices { occupySlot(with: place) }
    } else {
      occupySlot(with: entries.count - 1)
    }
  }

  mutating func removeAll() {
    entries.removeAll(keepingCapacity: true)
    // Room that a few long texts needed is not kept for the short ones that are usual.
    texts.removeAll(keepingCapacity: texts.count <= TextMemory.bytes)
    for slot in slots.indices { slots[slot] = 0 }
  }

  private mutating func occupySlot(with place: Int) {
    let mask = slots.count - 1
    var slot = Int(truncatingIfNeeded: entries[place].hash) & mask
    while slots[slot] != 0 { slot = (slot + 1) & mask }
    slots[slot] = UInt32(place + 1)
  }

  @inline(__always)
  private func isText(of place: Int, _ bytes: UnsafeRawBufferPointer) -> Bool {
    let entry = entries[place]
    guard entry.length == bytes.count else { return false }
    return texts.withUnsafeBytes { texts in
      // Where there is no address, both are empty.
      guard let start = texts.baseAddress, let other = bytes.baseAddress else { return true }
      return memcmp(start + entry.start, other, entry.length) == 0
    }
  }
}

extension UnsafeRawBufferPointer {
  /// A hash of a text in UTF-8: eight bytes at a time, each word multiplied in, the last filled up with
  /// zeros. The length tells texts apart that end with zeros.
  func textHash(seed: UInt64) -> UInt64 {
    var hash = seed ^ UInt64(count)
    func mix(_ word: UInt64) {
      let product = (hash ^ word ^ 0xA076_1D64_78BD_642F).multipliedFullWidth(
        by: 0xE703_7ED1_A0B4_28DB)
      hash = product.high ^ product.low
    }
    var offset = 0
    while offset + 8 <= count {
      mix(UInt64(littleEndian: loadUnaligned(fromByteOffset: offset, as: UInt64.self)))
      offset += 8
    }
    var rest: UInt64 = 0
    for index in offset..<count { rest |= UInt64(self[index]) << UInt64(8 * (index - offset)) }
    mix(rest)
    mix(0)
    return hash
  }
}

/// What a dictionary remembers at most, however long the texts are.
enum TextMemory {
  /// The bytes of all texts together.
  static let bytes = 8 << 20
  /// The bytes of one text; a longer one is looked up whenever it comes.
  static let longest = 4096
}
