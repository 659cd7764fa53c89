import PostStore
import Posts

extension Relation {
  /// The columns of one statement of facts.
  struct FactColumns {
    let hasTime: Bool
    let dimensions: [String]
    let keys: [String]
    let measures: [String]

    /// All of them.
    init(_ shape: FactShape) {
      (hasTime, dimensions, keys, measures) = (true, Rollup.dimensions, shape.keys, shape.measures)
    }

    /// Some keys, and perhaps the time.
    init(keys: [String], hasTime: Bool) {
      (self.hasTime, dimensions, self.keys, measures) = (hasTime, [], keys, [])
    }

    /// Those that a query reads.
    init(_ shape: FactShape, _ scope: ResolvedScope, _ isRead: (String) -> Bool) {
      let read = Set((ColumnName.dimensions + shape.names).filter { isRead($0.name) }.map(\.source))
      hasTime = !scope.usedTimes.isEmpty
      dimensions = Rollup.dimensions.filter(read.contains)
      // A post counts for each of its hashtags, also where a query does not ask for which.
      keys = shape.rollup == .hashtag ? shape.keys : shape.keys.filter(read.contains)
      let sums = shape.measures.filter(isRead)
      measures = sums.isEmpty ? ["posts"] : sums
    }

    /// What comes before the measures.
    var allKeys: [String] { (hasTime ? ["us"] : []) + dimensions + keys }

    /// All columns of facts as a request has them, by their names; those that it has not are 0.
    func list(of shape: FactShape) -> String {
      let given = allKeys + measures
      let all = ["us"] + Rollup.dimensions + shape.keys + shape.measures
      return all.map { name in
        "\(given.firstIndex(of: name).map(FactTable.column) ?? "0") AS \(name)"
      }.joined(separator: ", ")
    }

    /// The columns of a level of a rollup that keeps the facts: of packed groups the column that has all of them
    /// comes last.
    func list(of rollup: Rollup, _ level: Rollup.Level) -> [String] {
      let time = hasTime ? ["start_s * 1000000 AS us"] : []
      guard rollup.isPacked(level) else { return time + dimensions + keys + measures }
      return time + dimensions.filter(rollup.cellDimensions.contains) + [rollup.packedColumn]
    }
  }

  /// The facts of a relation, added up by the columns that a query reads.
  func request(
    _ shape: FactShape, _ columns: FactColumns, _ scope: ResolvedScope
  ) -> FactRequest {
    let statements = scope.cover(of: self).pieces.map { piece in
      let isArray = shape.rollup == .hashtag && piece.level == nil
      return FactRequest.Statement(
        sql: part(piece, shape, columns, scope, keepsArray: isArray),
        hashtagKey: isArray ? columns.allKeys.firstIndex(of: "hashtag") : nil,
        packed: shape.packed(
          columns.dimensions + columns.keys + columns.measures, at: piece.level, scope.filters))
    }
    let greatest = columns.measures.indices.filter {
      columns.measures[$0] == FactShape.maxFollowers
    }
    return FactRequest(
      statements: statements, keyCount: columns.allKeys.count, sumCount: columns.measures.count,
      timeUnit: columns.hasTime ? scope.timeUnit : nil, purpose: .sums(greatest: Set(greatest)))
  }

  /// How many accounts posted, in each bucket if time counts.
  func accountRequest(_ scope: ResolvedScope, hasTime: Bool) -> FactRequest {
    let shape = FactShape(.account)
    let columns = FactColumns(keys: ["user", "is_verified", "is_influencer"], hasTime: hasTime)
    let statements = scope.cover(of: self).pieces.map { piece in
      FactRequest.Statement(
        sql: part(piece, shape, columns, scope, ordered: true), hashtagKey: nil,
        packed: shape.packed(columns.keys, at: piece.level, scope.filters))
    }
    return FactRequest(
      statements: statements, keyCount: hasTime ? 1 : 0, sumCount: 3,
      timeUnit: hasTime ? scope.timeUnit : nil, purpose: .accounts,
      bucket: hasTime ? scope.localTime.bucketStart(of: "?1", scope.bucket) : nil)
  }

  /// How many accounts used each hashtag.
  func hashtagAccountRequest(_ scope: ResolvedScope) -> FactRequest {
    let condition = scope.condition("p", "p.created_us", .raw(scope.window(span)), unit: 1)
    return FactRequest(
      statements: [
        .init(sql: "SELECT p.hashtags, p.user FROM posts AS p WHERE \(condition)", hashtagKey: 0)
      ], keyCount: 2, sumCount: 1, timeUnit: nil, purpose: .countOfLastKey)
  }
}

extension ResolvedScope {
  /// The widest stretch, in microseconds, that shares all local times that the query reads.
  fileprivate var timeUnit: Int64 {
    let widths = Rollup.Level.allCases.map(\.microseconds) + [60_000_000]
    return widths.filter(isAllowed).max() ?? 1
  }
}
