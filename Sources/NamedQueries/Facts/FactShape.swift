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
      case .location: [.location]
      case .content: [.contentType, .postType]
      case .language: [.language]
      case .account, .accountTotal:
        [
          .userID, ColumnName("user_key", "user"), .username,
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

  /// The rollup that a level is read from: one with fewer dimensions where it has all that are read and filtered
  /// by; nil if only posts tell.
  func rollup(
    at level: Rollup.Level, reading dimensions: [String],
    _ filters: [(dimension: String, ids: [Int64])]
  ) -> Rollup? {
    guard let total = rollup?.total, total.levels.contains(level) else { return rollup }
    let needed = dimensions + filters.map(\.dimension)
    return needed.allSatisfy(total.ownDimensions.contains) ? total : rollup
  }

  /// What is wanted of packed groups; nil if groups of a level do not lie packed.
  ///
  /// - Parameters:
  ///   - columns: Columns of facts, of which those count that lie packed.
  ///   - filters: The values that dimensions may have.
  func packed(
    _ columns: [String], at level: Rollup.Level?, _ filters: [(dimension: String, ids: [Int64])]
  ) -> FactRequest.Packed? {
    guard let level,
      let rollup = rollup(
        at: level, reading: columns.filter(Rollup.dimensions.contains), filters),
      rollup.isPacked(level)
    else { return nil }
    let names = rollup.packedColumns
    return FactRequest.Packed(
      table: rollup.table(level), width: rollup.packedWidth,
      columns: columns.compactMap {
        names.firstIndex(of: $0 == Self.maxFollowers ? "followers" : $0)
      },
      filters: filters.compactMap { filter in
        names.firstIndex(of: filter.dimension).map { .init(column: $0, values: filter.ids) }
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
