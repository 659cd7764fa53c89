/// A column of a relation: the column of its rows that it is or is looked up by.
struct ColumnName {
  let name: String
  /// The column of the rows: a number.
  let source: String
  /// What it is in the table that it is looked up in; nil if it is the number itself.
  private let text: String?
  private let table: String?

  init(_ name: String, _ source: String, _ text: String? = nil, in table: String? = nil) {
    (self.name, self.source, self.text, self.table) = (name, source, text, table)
  }

  static let userID = ColumnName("user_id", "user", "us.name", in: "users AS us")
  static let username = ColumnName("username", "username", "un.name", in: "usernames AS un")
  static let postType = ColumnName("post_type", "post_type", "pt.name", in: "post_types AS pt")
  static let contentType = ColumnName(
    "content_type", "content_type", "ct.name", in: "content_types AS ct")
  static let location = ColumnName("location", "location", "lo.name", in: "locations AS lo")
  static let language = ColumnName("language", "language", "la.name", in: "languages AS la")

  /// The dimensions that every relation has, since every question can be filtered by them.
  static let dimensions = [
    ColumnName("platform", "platform", "pl.name", in: "platforms AS pl"),
    ColumnName("sentiment", "sentiment", "se.name", in: "sentiments AS se"),
    ColumnName("sentiment_order", "sentiment"),
    ColumnName("topic", "topic", "t.name", in: "topics AS t"),
    ColumnName("is_viral", "is_viral"),
  ]

  /// The names of a hashtag.
  static let hashtag = [
    ColumnName("hashtag", "hashtag", "h.spelling", in: "hashtags AS h"),
    ColumnName("hashtag_key", "hashtag", "h.key", in: "hashtags AS h"),
    ColumnName("hashtag_id", "hashtag"),
  ]

  /// The column as an expression of rows of a name.
  func expression(_ rows: String) -> String { text ?? "\(rows).\(source)" }

  /// What it is joined from; nil if from nothing.
  func join(_ rows: String) -> String? {
    guard let table, let alias = table.split(separator: " ").last else { return nil }
    return "main.\(table) ON \(alias).id = \(rows).\(source)"
  }
}
