import Posts

@testable import SyntheticPosts

/// 2026-11-25T00:00:00Z, a Wednesday.
let wednesday = Timestamp(microseconds: 1_795_564_800_000_000)

/// FNV-1a, so that a stream of bytes can be named by one number.
struct Checksum {
  private(set) var value: UInt64 = 0xcbf2_9ce4_8422_2325

  mutating func update(_ bytes: some Sequence<UInt8>) {
    for byte in bytes { value = (value ^ UInt64(byte)) &* 0x100_0000_01b3 }
  }
}

extension Message {
  /// The bytes of the value; nil for a tombstone.
  var value: [UInt8]? {
    var bytes: [UInt8] = []
    return encodeValue(into: &bytes) ? bytes : nil
  }
}

/// The messages of a history of some posts, everything that was pending included.
func messages(
  seed: UInt64, posts: UInt64, faults: FaultRates = .none, span: Int64 = 7 * 86_400_000_000
) -> [Message] {
  let history = History(seed: seed, start: wednesday, span: span, count: posts)
  var stream = MessageStream(
    generator: PostGenerator(seed: seed, accounts: 2000), faults: faults)
  var messages: [Message] = []
  for sequence in 0..<posts {
    stream.next(at: history.moment(sequence)) {
      messages.append($0)
      return true
    }
  }
  stream.finish(recordTime: wednesday.microseconds / 1000) {
    messages.append($0)
    return true
  }
  return messages
}

/// Every kind of trouble, often.
let heavyFaults = FaultRates(
  duplicates: 0.1, late: 0.1, updates: 0.3, stale: 0.1, deletes: 0.1, malformed: 0.05)
