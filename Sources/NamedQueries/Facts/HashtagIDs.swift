import PostStore

/// Turns the hashtags of a post, a JSON array of ids of spellings, into ids of hashtags.
struct HashtagIDs {
  /// So many spellings are remembered at once.
  private static let capacity = 1 << 16

  /// The ids of the spellings of the current post.
  private(set) var spellings: [Int64] = []
  private var known: [Int64: Int64] = [:]
  private var lookup: Lookup?
  private let connection: OpaquePointer
  private let path: String

  /// The statement that tells which hashtag a spelling is one of.
  private final class Lookup {
    let statement: RawStatement

    init(_ connection: OpaquePointer, _ path: String) throws(StoreError) {
      statement = try RawStatement(
        "SELECT hashtag FROM hashtag_spellings WHERE id = ?1", connection: connection, path: path)
    }
  }

  init(connection: OpaquePointer, path: String) {
    self.connection = connection
    self.path = path
  }

  /// Reads an array as the store writes it: whole numbers, commas, brackets, no space.
  mutating func read(_ statement: borrowing RawStatement, _ column: Int32) {
    var found = spellings
    spellings = []
    found.removeAll(keepingCapacity: true)
    statement.withBytes(column) { bytes in
      var number: Int64?
      for byte in bytes {
        if byte >= 0x30, byte <= 0x39 {
          number = (number ?? 0) &* 10 &+ Int64(byte - 0x30)
        } else if let id = number {
          found.append(id)
          number = nil
        }
      }
    }
    spellings = found
  }

  /// The hashtag that a spelling of the current post is one of.
  mutating func hashtag(_ index: Int) throws(StoreError) -> Int64 {
    let spelling = spellings[index]
    if let hashtag = known[spelling] { return hashtag }
    let lookup: Lookup
    if let known = self.lookup { lookup = known } else { lookup = try Lookup(connection, path) }
    self.lookup = lookup
    lookup.statement.reset()
    try lookup.statement.bind(spelling, at: 1)
    guard try lookup.statement.step() else { throw StoreError.unknownName(in: path) }
    let hashtag = lookup.statement.int64(0)
    if known.count >= Self.capacity { known.removeAll(keepingCapacity: true) }
    known[spelling] = hashtag
    return hashtag
  }
}
