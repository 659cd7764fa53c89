import Synchronization

/// Answers that were given a moment ago, for the other pages that ask the same of the same store.
///
/// An answer is found by all that it depends on, the version of the store included, so none is ever out
/// of date; the ones used least recently go when there is no more room.
final class AnswerCache: Sendable {
  private struct Entry {
    let bytes: [UInt8]
    var lastUse: UInt64
  }

  private struct Entries {
    var all: [String: Entry] = [:]
    var size = 0
    var uses: UInt64 = 0
  }

  private let capacity: Int
  private let entries = Mutex(Entries())

  /// - Parameter capacity: How many bytes the answers may take together.
  init(capacity: Int) { self.capacity = capacity }

  /// The largest answer that is kept: one must not drive out all others.
  var largestAnswer: Int { capacity / 16 }

  /// The answer that was kept under a key.
  func answer(_ key: String) -> [UInt8]? {
    entries.withLock { entries in
      entries.uses += 1
      entries.all[key]?.lastUse = entries.uses
      return entries.all[key]?.bytes
    }
  }

  /// Keeps an answer unless it is too large.
  func keep(_ bytes: [UInt8], as key: String) {
    guard bytes.count <= largestAnswer else { return }
    entries.withLock { entries in
      entries.uses += 1
      let former = entries.all.updateValue(Entry(bytes: bytes, lastUse: entries.uses), forKey: key)
      entries.size += bytes.count + key.utf8.count
      if let former { entries.size -= former.bytes.count + key.utf8.count }
      guard entries.size > capacity else { return }
      // Down to three quarters, so that not every answer has to look for room.
      for (key, entry) in entries.all.sorted(by: { $0.value.lastUse < $1.value.lastUse }) {
        guard entries.size > capacity / 4 * 3 else { break }
        entries.all[key] = nil
        entries.size -= entry.bytes.count + key.utf8.count
      }
    }
  }
}
