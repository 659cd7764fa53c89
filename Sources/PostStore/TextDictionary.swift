import GRDBSQLite
import Posts

/// The text that got its id last of those that were looked up in a dictionary table. In a store that was put back to
/// an earlier state it has another id, or none.
private struct NewestText {
  private var newest: (text: ExactString, id: Int64)?

  /// Takes note of a text and its id.
  mutating func see(_ text: ExactString, _ id: Int64) {
    if id > newest?.id ?? 0 { newest = (text, id) }
  }

  /// Throws if the store was put back.
  ///
  /// - Parameters:
  ///   - find: Finds a text `?1`.
  ///   - column: Where it has the id.
  func check(
    by find: borrowing RawStatement, _ column: Int32, path: String
  ) throws(StoreError) {
    guard let newest else { return }
    try find.bind(newest.text, at: 1)
    defer { find.reset() }
    guard try find.step(), find.int64(column) == newest.id else { throw StoreError.putBack(path) }
  }
}

/// The ids of the texts of one dictionary table, remembered while they are in use.
///
/// An id is known here only once the transaction that gave it can be relied on: after a rollback the
/// memory is wrong and must be forgotten.
final class TextDictionary {
  /// The ids that are remembered.
  private(set) var ids = TextTable<Int64>()
  private let find: RawStatement
  private let insert: RawStatement
  private let table: String
  private let connection: OpaquePointer
  private let path: String
  private var newest = NewestText()

  /// The column of `posts` that it encodes.
  private let column: String
  /// How many different texts it takes; nil for any number.
  private let limit: Int64?

  /// How many texts are remembered at most; about 30 MB for all dictionaries of a store.
  private static let capacity = 150_000

  /// - Parameter limit: How many different texts it takes. What questions are filtered and grouped by is
  ///   not to grow without end: each makes rows of its own in every rollup.
  init(
    table: String, column: String, limit: Int64?, connection: OpaquePointer, path: String
  ) throws(StoreError) {
    self.column = column
    self.limit = limit
    find = try RawStatement(
      "SELECT id FROM \(table) WHERE name = ?1", connection: connection, path: path)
    insert = try RawStatement(
      "INSERT INTO \(table) (name) VALUES (?1)", connection: connection, path: path)
    self.table = table
    self.connection = connection
    self.path = path
  }

  /// Must be called at the start of every transaction: throws if the store was put back to an earlier state.
  func begin() throws(StoreError) { try newest.check(by: find, 0, path: path) }

  /// The id of a text, which is given one if it has none.
  func id(of text: ExactString) throws(StoreError) -> Int64 {
    if let id = ids[text] { return id }
    if ids.count >= Self.capacity || ids.byteCount > TextMemory.bytes { ids.removeAll() }
    try find.bind(text, at: 1)
    let id: Int64
    if try find.step() {
      id = find.int64(0)
      find.reset()
    } else {
      find.reset()
      try insert.bind(text, at: 1)
      try insert.run()
      id = sqlite3_last_insert_rowid(connection)
    }
    if let limit, id > limit {
      throw StoreError(
        .refused, "the store takes \(limit) different \(table) and has them already",
        field: column)
    }
    if text.string.utf8.count <= TextMemory.longest { ids.insert(id, for: text) }
    newest.see(text, id)
    return id
  }

  func forget() {
    ids.removeAll()
    newest = NewestText()
  }
}

/// The ids of hashtags and of their spellings.
///
/// Giving a spelling an id is what "ever stored" means for the spelling a tag is shown in.
final class HashtagDictionary {
  struct Entry: Sendable {
    let hashtag: Int64
    let spelling: Int64
  }

  /// The entries that are remembered.
  private(set) var entries = TextTable<Entry>()
  private let find: RawStatement
  private let insertSpelling: RawStatement
  private let upsertHashtag: RawStatement
  private let findHashtag: RawStatement
  private let findSpelling: RawStatement
  private let connection: OpaquePointer
  private let path: String
  private var newest = NewestText()

  private static let capacity = 100_000

  init(connection: OpaquePointer, path: String) throws(StoreError) {
    find = try RawStatement(
      "SELECT hashtag, id FROM hashtag_spellings WHERE spelling = ?1",
      connection: connection, path: path)
    insertSpelling = try RawStatement(
      "INSERT INTO hashtag_spellings (hashtag, spelling) VALUES (?1, ?2)",
      connection: connection, path: path)
    // Texts compare by bytes in SQLite, so that the first spelling by bytes wins.
    upsertHashtag = try RawStatement(
      """
      INSERT INTO hashtags (key, spelling) VALUES (?1, ?2)
      ON CONFLICT (key) DO UPDATE SET spelling = min(spelling, excluded.spelling)
      """, connection: connection, path: path)
    findHashtag = try RawStatement(
      "SELECT id FROM hashtags WHERE key = ?1", connection: connection, path: path)
    findSpelling = try RawStatement(
      "SELECT hashtag FROM hashtag_spellings WHERE id = ?1", connection: connection, path: path)
    self.connection = connection
    self.path = path
  }

  /// Must be called at the start of every transaction: throws if the store was put back to an earlier state.
  func begin() throws(StoreError) { try newest.check(by: find, 1, path: path) }

  func entry(of tag: Hashtag) throws(StoreError) -> Entry {
    if let entry = entries[tag.spelling] { return entry }
    if entries.count >= Self.capacity || entries.byteCount > TextMemory.bytes {
      entries.removeAll()
    }
    try find.bind(tag.spelling, at: 1)
    let entry: Entry
    if try find.step() {
      entry = Entry(hashtag: find.int64(0), spelling: find.int64(1))
      find.reset()
    } else {
      find.reset()
      try upsertHashtag.bind(tag.key, at: 1)
      try upsertHashtag.bind(tag.spelling, at: 2)
      try upsertHashtag.run()
      try findHashtag.bind(tag.key, at: 1)
      _ = try findHashtag.step()
      let hashtag = findHashtag.int64(0)
      findHashtag.reset()
      try insertSpelling.bind(hashtag, at: 1)
      try insertSpelling.bind(tag.spelling, at: 2)
      try insertSpelling.run()
      entry = Entry(hashtag: hashtag, spelling: sqlite3_last_insert_rowid(connection))
    }
    if tag.spelling.string.utf8.count <= TextMemory.longest {
      entries.insert(entry, for: tag.spelling)
    }
    newest.see(tag.spelling, entry.spelling)
    return entry
  }

  /// The id of the hashtag that a spelling stands for.
  func hashtag(ofSpelling id: Int64) throws(StoreError) -> Int64 {
    try findSpelling.bind(id, at: 1)
    defer { findSpelling.reset() }
    guard try findSpelling.step() else {
      throw StoreError(
        .corrupt, "the store has a post with a hashtag that it does not know (\(id))")
    }
    return findSpelling.int64(0)
  }

  func forget() {
    entries.removeAll()
    newest = NewestText()
  }
}
