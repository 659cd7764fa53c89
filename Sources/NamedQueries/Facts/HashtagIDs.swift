import PostStore

/// Turns the hashtags of a post, a JSON array of ids of spellings, into ids of hashtags.
struct HashtagIDs {
  /// The ids of the spellings of the current post.
  private(set) var spellings: [Int64] = []
  private var known: [Int64: Int64] = [:]
  private let connection: OpaquePointer
  private let path: String

  init(connection: OpaquePointer, path: String) {
    self.connection = connection
    self.path = path
  }

  /// Reads an array as the store writes it: whole numbers, commas, brackets, no space.
  mutating func read(_ statement: borrowing RawStatement, _ column: Int32) {
    spellings.removeAll(keepingCapacity: true)
    var found = spellings
    spellings = []
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
    let statement = try RawStatement(
      "SELECT hashtag FROM hashtag_spellings WHERE id = ?1", connection: connection, path: path)
    try statement.bind(spelling, at: 1)
    guard try statement.step() else {
      throw StoreError(
        .corrupt,
        "the store \(path) has a post with a hashtag that it does not know: see 'socialq doctor'")
    }
    let hashtag = statement.int64(0)
    known[spelling] = hashtag
    return hashtag
  }
}
