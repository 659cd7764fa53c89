import Posts

/// Says in which stretches of `posts` a `post_id` may be, and gives new posts their ids.
///
/// Posts are numbered as they arrive, and their index is by stretches of 2¹⁸ ids, so that new ones are
/// written at its end only. A stretch that is full never gets another post; what it holds is known from a
/// filter in memory. The last one has none: the index itself is asked.
///
/// All calls stand inside one transaction of the caller.
final class ArrivalIndex {
  /// How many ids a stretch has.
  static let stretchLength: Int64 = 1 << 18

  private let findLast: RawStatement
  private let readFilters: RawStatement
  private let postIDs: RawStatement
  private let insertFilter: RawStatement

  /// The filters of the full stretches, from the first one on.
  private var filters = PostIDFilters()
  /// How many of them were there before the transaction.
  private var committedFilters = 0
  /// The id of the next new post.
  private(set) var nextID: Int64 = 1

  init(connection: OpaquePointer, path: String) throws(StoreError) {
    func statement(_ sql: String) throws(StoreError) -> RawStatement {
      try RawStatement(sql, connection: connection, path: path)
    }
    findLast = try statement("SELECT ifnull(max(id), 0) FROM posts")
    readFilters = try statement(
      "SELECT bits FROM post_filters WHERE stretch >= ?1 ORDER BY stretch")
    postIDs = try statement("SELECT post_id FROM posts WHERE id >> 18 = ?1")
    insertFilter = try statement("INSERT INTO post_filters (stretch, bits) VALUES (?1, ?2)")
  }

  /// The stretch that new posts are in.
  var lastStretch: Int64 { Int64(filters.count) }

  /// Must be called at the start of every transaction: another program may have written since.
  func begin() throws(StoreError) {
    try readFilters.bind(lastStretch, at: 1)
    while try readFilters.step() {
      guard let filter = readFilters.withBytes(0, { PostIDFilter($0) }) else {
        readFilters.reset()
        throw StoreError(
          .corrupt, "the store has a filter of post ids that is none (stretch \(lastStretch))")
      }
      filters.append(filter)
    }
    readFilters.reset()
    committedFilters = filters.count
    _ = try findLast.step()
    let last = findLast.int64(0)
    findLast.reset()
    // When the newest posts were deleted, full stretches must stay as their filters know them.
    nextID = max(last + 1, lastStretch * Self.stretchLength)
    try fillUp()
  }

  /// Must be called after a rollback.
  func rolledBack() { filters.removeLast(max(0, filters.count - committedFilters)) }

  /// Must be called after each insert of `nextID`.
  func advance() throws(StoreError) {
    nextID += 1
    if nextID % Self.stretchLength == 0 { try fillUp() }
  }

  /// The newest full stretch before another that may hold a post; nil if there is none.
  func newestFullStretch(thatMayHold hash: PostIDHash, before stretch: Int64) -> Int64? {
    filters.last(before: Int(stretch), thatMayHold: hash).map(Int64.init)
  }

  /// Gives a filter to each stretch before that of `nextID`.
  private func fillUp() throws(StoreError) {
    while lastStretch < nextID / Self.stretchLength {
      var filter = PostIDFilter()
      try postIDs.bind(lastStretch, at: 1)
      while try postIDs.step() {
        postIDs.withBytes(0) { filter.insert(PostIDHash($0)) }
      }
      postIDs.reset()
      try insertFilter.bind(lastStretch, at: 1)
      try insertFilter.bind(filter.bytes, at: 2)
      try insertFilter.run()
      filters.append(filter)
    }
  }
}
