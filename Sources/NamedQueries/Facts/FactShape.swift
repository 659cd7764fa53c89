import PostStore

/// What facts are about: their keys beside time and dimensions, their measures, and where they come from.
struct FactShape {
  /// The rollup that keeps them; nil if only posts tell.
  let rollup: Rollup?
  /// The columns that queries read the keys by.
  let names: [ColumnName]
  /// The keys.
  let keys: [String]
  /// The sums.
  let measures: [String]

  init(_ rollup: Rollup) {
    self.rollup = rollup
    keys = rollup.keys
    measures = rollup.measures + (rollup == .account ? [Self.maxFollowers] : [])
    names =
      switch rollup {
      case .base: []
      case .hashtag: ColumnName.hashtag
      case .location: [ColumnName("location", "location", "lo.name", in: "locations AS lo")]
      case .content:
        [
          ColumnName("content_type", "content_type", "ct.name", in: "content_types AS ct"),
          ColumnName("post_type", "post_type", "pt.name", in: "post_types AS pt"),
        ]
      case .language: [ColumnName("language", "language", "la.name", in: "languages AS la")]
      case .account:
        [
          ColumnName("user_id", "user", "us.name", in: "users AS us"),
          ColumnName("user_key", "user"),
          ColumnName("username", "username", "un.name", in: "usernames AS un"),
          ColumnName("is_verified", "is_verified"), ColumnName("is_influencer", "is_influencer"),
          ColumnName("followers", "followers"),
        ]
      }
  }

  private init(names: [ColumnName], keys: [String], measures: [String]) {
    (rollup, self.names, self.keys, self.measures) = (nil, names, keys, measures)
  }

  /// How many posts have which engagement rate. Rates are nearly as many as posts, so that no rollup pays.
  static let rates = FactShape(
    names: [ColumnName("rate_hundredths", "rate_hundredths")], keys: ["rate_hundredths"],
    measures: ["posts"])

  /// The most followers that any post of a group states, of which a query takes the greatest.
  static let maxFollowers = "max_followers"

  /// The columns of packed groups that are wanted; nil if groups of a level do not lie packed.
  func packed(_ columns: [String], at level: Rollup.Level?) -> FactRequest.Packed? {
    guard let level, let rollup, rollup.isPacked else { return nil }
    return FactRequest.Packed(
      table: rollup.table(level), width: rollup.packedWidth,
      columns: columns.compactMap {
        rollup.packedColumns.firstIndex(of: $0 == Self.maxFollowers ? "followers" : $0)
      })
  }

  /// What one raw post `p` adds to a measure.
  func measureExpression(_ measure: String) -> String {
    measure == Self.maxFollowers ? "p.followers" : Rollup.measureExpression(measure)
  }

  /// What a raw post `p` is joined with to have the keys.
  var join: String { rollup?.join ?? "" }
  /// Which raw posts `p` it is about, as what follows another condition; empty if about all.
  var restriction: String { rollup?.restriction ?? "" }

  /// A key of a raw post `p`, joined with ``join``.
  func keyExpression(_ key: String) -> String { rollup?.keyExpression(key) ?? "p.\(key)" }
}

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
