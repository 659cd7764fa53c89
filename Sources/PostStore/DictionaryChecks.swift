import GRDB

/// Whether the names and hashtags of a store are all there, and how many are in use.
///
/// That posts refer to names that are there is what their foreign keys say; their hashtags are in an
/// array, of which SQLite knows nothing.
enum DictionaryChecks {
  /// The dictionaries, and the column of `posts` that uses each.
  private static let columns = [
    "users": "user", "usernames": "username", "platforms": "platform", "post_types": "post_type",
    "content_types": "content_type", "topics": "topic", "languages": "language",
    "locations": "location",
  ]

  static func check(_ db: Database) throws -> StoreCheck {
    let problems = try problems(db)
    guard problems.isEmpty else {
      return .finding(
        "dictionaries", "\(StoreExamination.first(problems)): \(StoreExamination.wayOut)")
    }
    var names = 0
    var unused = 0
    for (table, column) in columns {
      names += try Int.fetchOne(db, sql: "SELECT COUNT(*) FROM \(table)") ?? 0
      unused +=
        try Int.fetchOne(
          db,
          sql: """
            SELECT COUNT(*) FROM \(table)
            WHERE id NOT IN (SELECT \(column) FROM posts WHERE \(column) IS NOT NULL)
            """) ?? 0
    }
    let spellings = try Int.fetchOne(db, sql: "SELECT COUNT(*) FROM hashtag_spellings") ?? 0
    return .ok(
      "dictionaries",
      "\(names) names and \(spellings) hashtags are known; \(unused) names are of deleted or pruned posts only"
    )
  }

  private static func problems(_ db: Database) throws -> [String] {
    let counts: [(String, String)] = [
      (
        "posts have hashtags that are no list",
        """
        SELECT COUNT(*) FROM posts WHERE NOT json_valid(hashtags)
        """
      ),
      (
        "hashtags of posts are not known",
        """
        SELECT COUNT(*) FROM posts AS p, json_each(p.hashtags) AS e
        WHERE json_valid(p.hashtags)
          AND NOT EXISTS (SELECT 1 FROM hashtag_spellings AS s WHERE s.id = e.value)
        """
      ),
      (
        "hashtags are shown in a spelling that is not their first",
        """
        SELECT COUNT(*) FROM hashtags AS h
        WHERE h.spelling IS NOT (
          SELECT MIN(s.spelling) FROM hashtag_spellings AS s WHERE s.hashtag = h.id)
        """
      ),
    ]
    var problems: [String] = []
    for (text, sql) in counts {
      let count = try Int.fetchOne(db, sql: sql) ?? 0
      if count > 0 { problems.append("\(count) \(text)") }
      // What is no JSON would end the statements after it.
      if count > 0, problems.count == 1, sql.contains("NOT json_valid") { return problems }
    }
    return problems
  }
}
