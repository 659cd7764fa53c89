import GRDBSQLite
import Posts

/// Applies versions of posts, one by one, to the tables `posts` and `deleted_posts`.
///
/// All calls stand inside one transaction of the caller. What they change in the rollups is gathered, to
/// be written once at its end.
final class PostTable {
  private let connection: OpaquePointer
  private let encoding: PostEncoding
  private let index: ArrivalIndex
  private let findPost: RawStatement
  private let insertPost: RawStatement
  private let updatePost: RawStatement
  private let updateVersion: RawStatement
  private let deletePost: RawStatement
  private let findDeleted: RawStatement
  private let insertDeleted: RawStatement
  private let removeDeleted: RawStatement
  private let findPruned: RawStatement
  private let anyGone: RawStatement
  /// Whether `deleted_posts` has rows: most stores have none, and then no post is looked up in it.
  private var hasDeleted = true
  /// The same of `pruned_posts`.
  private var hasPruned = true
  private var deltas = RollupDeltas()
  private let rollups: RollupTables

  /// The columns of an `EncodedPost`, in the order of `bind(_:to:from:)` and `row(of:from:)`.
  private static let columns = [
    "created_us", "user", "username", "platform", "post_type", "content_type", "topic", "language",
    "location", "sentiment", "likes", "shares", "comments", "views", "rate_hundredths",
    "followers", "is_verified", "is_influencer", "is_viral", "hashtags",
  ]

  init(connection: OpaquePointer, path: String) throws(StoreError) {
    func statement(_ sql: String) throws(StoreError) -> RawStatement {
      try RawStatement(sql, connection: connection, path: path)
    }
    let columns = Self.columns.joined(separator: ", ")
    let marks = (3..<3 + Self.columns.count).map { "?\($0)" }
    self.connection = connection
    index = try ArrivalIndex(connection: connection, path: path)
    encoding = try PostEncoding(connection: connection, path: path)
    findPost = try statement(
      "SELECT id, version_ms, \(columns) FROM posts WHERE id >> 18 = ?2 AND post_id = ?1")
    insertPost = try statement(
      """
      INSERT INTO posts (post_id, version_ms, \(columns), id)
      VALUES (?1, ?2, \(marks.joined(separator: ", ")), ?23) ON CONFLICT DO NOTHING
      """)
    let assignments = zip(Self.columns, marks).map { "\($0) = \($1)" }.joined(separator: ", ")
    updatePost = try statement("UPDATE posts SET version_ms = ?2, \(assignments) WHERE id = ?1")
    updateVersion = try statement("UPDATE posts SET version_ms = ?2 WHERE id = ?1")
    deletePost = try statement("DELETE FROM posts WHERE id = ?1")
    findDeleted = try statement("SELECT version_ms FROM deleted_posts WHERE post_id = ?1")
    insertDeleted = try statement(
      """
      INSERT INTO deleted_posts (post_id, version_ms) VALUES (?1, ?2)
      ON CONFLICT (post_id) DO UPDATE SET version_ms = excluded.version_ms
      """)
    removeDeleted = try statement("DELETE FROM deleted_posts WHERE post_id = ?1")
    findPruned = try statement("SELECT 1 FROM pruned_posts WHERE post_id = ?1")
    anyGone = try statement(
      "SELECT EXISTS (SELECT 1 FROM deleted_posts), EXISTS (SELECT 1 FROM pruned_posts)")
    rollups = try RollupTables(connection: connection, path: path)
  }

  /// Must be called at the start of every transaction: another program may have written since.
  func begin() throws(StoreError) {
    _ = try anyGone.step()
    hasDeleted = anyGone.int64(0) == 1
    hasPruned = anyGone.int64(1) == 1
    anyGone.reset()
    try encoding.begin()
    try index.begin()
    deltas.removeAll()
  }

  /// Writes what the transaction changes in the rollups; must be called before it is committed.
  func finish() throws(StoreError) { try rollups.apply(deltas) }

  /// Must be called after a rollback.
  func rolledBack() {
    encoding.forget()
    index.rolledBack()
  }

  /// What is remembered of the texts of posts.
  var preparation: PostPreparation { encoding.preparation }

  /// Applies a version of a post.
  func apply(_ incoming: IncomingPost, version: Int64) throws(StoreError) -> Outcome {
    var prepared: PreparedPost?
    switch incoming {
    case .decoded(let post): prepared = preparation.prepare(post)
    case .prepared(let post): prepared = post
    }
    let post = prepared.map(IncomingPost.prepared) ?? incoming
    let postID = post.postID
    if let known = try findInFullStretches(postID, prepared?.hash ?? PostIDHash(postID)) {
      return try replace(known, by: post, version: version)
    }
    if let deleted = try deletedVersion(of: postID) {
      guard version >= deleted else { return .stale }
      try removeDeleted.bind(postID, at: 1)
      try removeDeleted.run()
    }
    if try isPruned(postID) { return .stale }
    // Most posts are new. The index of the last stretch is asked by inserting, unless that would first
    // give a text an id, which stands for its having been stored.
    if let prepared, try insert(prepared, version: version) { return .stored }
    if let known = try find(postID, in: index.lastStretch) {
      return try replace(known, by: post, version: version)
    }
    guard try insert(try encoded(post), version: version) else {
      throw StoreError(
        .corrupt,
        "the store has the post \(postID) in its index, but not where that points: make its index anew with REINDEX"
      )
    }
    return .stored
  }

  /// The row of a post; texts that are new get an id.
  private func encoded(_ post: IncomingPost) throws(StoreError) -> PreparedPost {
    switch post {
    case .decoded(let post): try encoding.encode(post)
    case .prepared(let post): post
    }
  }

  /// Inserts a post, unless the last stretch holds one of its id.
  private func insert(_ prepared: PreparedPost, version: Int64) throws(StoreError) -> Bool {
    try insertPost.bind(prepared.postID, at: 1)
    try insertPost.bind(version, at: 2)
    try bind(prepared.row, to: insertPost)
    try insertPost.bind(index.nextID, at: 23)
    try insertPost.run()
    guard sqlite3_changes(connection) == 1 else { return false }
    try index.advance()
    deltas.count(prepared.row, hashtags: prepared.hashtags, sign: 1)
    return true
  }

  /// Puts a version in the place of the one that stands, unless that is newer.
  private func replace(
    _ known: Known, by post: IncomingPost, version: Int64
  ) throws(StoreError) -> Outcome {
    guard version >= known.version else { return .stale }
    let prepared = try encoded(post)
    if prepared.row == known.row {
      if version > known.version {
        try updateVersion.bind(known.id, at: 1)
        try updateVersion.bind(version, at: 2)
        try updateVersion.run()
      }
      return .duplicate
    }
    try updatePost.bind(known.id, at: 1)
    try updatePost.bind(version, at: 2)
    try bind(prepared.row, to: updatePost)
    try updatePost.run()
    deltas.count(known.row, hashtags: try encoding.hashtags(of: known.row), sign: -1)
    deltas.count(prepared.row, hashtags: prepared.hashtags, sign: 1)
    return .updated
  }

  /// Applies a tombstone.
  func delete(_ postID: ExactString, version: Int64) throws(StoreError) -> Outcome {
    let known = try find(postID)
    let standing = known == nil ? try deletedVersion(of: postID) : known?.version
    if let standing, version < standing { return .stale }
    if known == nil, try isPruned(postID) { return .stale }
    if let known {
      try deletePost.bind(known.id, at: 1)
      try deletePost.run()
      deltas.count(known.row, hashtags: try encoding.hashtags(of: known.row), sign: -1)
    }
    try insertDeleted.bind(postID, at: 1)
    try insertDeleted.bind(version, at: 2)
    try insertDeleted.run()
    hasDeleted = true
    return known == nil ? .ignored : .deleted
  }

  /// Whether a post lives on in the rollups only. What it added to them is known no longer, so that no
  /// later version can be applied to it.
  private func isPruned(_ postID: ExactString) throws(StoreError) -> Bool {
    guard hasPruned else { return false }
    try findPruned.bind(postID, at: 1)
    defer { findPruned.reset() }
    return try findPruned.step()
  }

  private func deletedVersion(of postID: ExactString) throws(StoreError) -> Int64? {
    guard hasDeleted else { return nil }
    try findDeleted.bind(postID, at: 1)
    defer { findDeleted.reset() }
    return try findDeleted.step() ? findDeleted.int64(0) : nil
  }

  /// A post that stands.
  private struct Known {
    let id: Int64
    let version: Int64
    let row: EncodedPost
  }

  private func find(_ postID: ExactString) throws(StoreError) -> Known? {
    if let known = try findInFullStretches(postID, PostIDHash(postID)) { return known }
    return try find(postID, in: index.lastStretch)
  }

  private func findInFullStretches(
    _ postID: ExactString, _ hash: PostIDHash
  ) throws(StoreError) -> Known? {
    var stretch = index.newestFullStretch(thatMayHold: hash, before: index.lastStretch)
    while let candidate = stretch {
      if let known = try find(postID, in: candidate) { return known }
      stretch = index.newestFullStretch(thatMayHold: hash, before: candidate)
    }
    return nil
  }

  private func find(_ postID: ExactString, in stretch: Int64) throws(StoreError) -> Known? {
    try findPost.bind(postID, at: 1)
    try findPost.bind(stretch, at: 2)
    defer { findPost.reset() }
    guard try findPost.step() else { return nil }
    return Known(id: findPost.int64(0), version: findPost.int64(1), row: row(of: findPost))
  }

  private func row(of statement: borrowing RawStatement) -> EncodedPost {
    EncodedPost(
      createdMicroseconds: statement.int64(2), user: statement.int64(3),
      username: statement.int64(4), platform: statement.int64(5), postType: statement.int64(6),
      contentType: statement.int64(7), topic: statement.int64(8), language: statement.int64(9),
      location: statement.optionalInt64(10), sentiment: statement.int64(11),
      likes: statement.int64(12), shares: statement.int64(13), comments: statement.int64(14),
      views: statement.optionalInt64(15), rateHundredths: statement.int64(16),
      followers: statement.int64(17), isVerified: statement.int64(18) != 0,
      isInfluencer: statement.int64(19) != 0, isViral: statement.int64(20) != 0,
      hashtags: statement.text(21))
  }

  private func bind(_ row: EncodedPost, to statement: borrowing RawStatement) throws(StoreError) {
    try statement.bind(row.createdMicroseconds, at: 3)
    try statement.bind(row.user, at: 4)
    try statement.bind(row.username, at: 5)
    try statement.bind(row.platform, at: 6)
    try statement.bind(row.postType, at: 7)
    try statement.bind(row.contentType, at: 8)
    try statement.bind(row.topic, at: 9)
    try statement.bind(row.language, at: 10)
    try statement.bind(row.location, at: 11)
    try statement.bind(row.sentiment, at: 12)
    try statement.bind(row.likes, at: 13)
    try statement.bind(row.shares, at: 14)
    try statement.bind(row.comments, at: 15)
    try statement.bind(row.views, at: 16)
    try statement.bind(row.rateHundredths, at: 17)
    try statement.bind(row.followers, at: 18)
    try statement.bind(row.isVerified, at: 19)
    try statement.bind(row.isInfluencer, at: 20)
    try statement.bind(row.isViral, at: 21)
    try statement.bind(text: row.hashtags, at: 22)
  }
}
