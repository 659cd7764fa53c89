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
  }

  /// The rows of facts as ``FactTable`` adds them up, of the columns that a query reads; the others are 0.
  func addedUp(
    _ shape: FactShape, _ scope: ResolvedScope, _ isRead: (String) -> Bool,
    _ requests: inout [FactRequest]
  ) -> String {
    let columns = FactColumns(shape, scope, isRead)
    let keys = (columns.hasTime ? ["us"] : []) + columns.dimensions + columns.keys
    let statements = scope.cover(of: self).pieces.map { piece in
      let isArray = shape.rollup == .hashtag && piece.level == nil
      return FactRequest.Statement(
        sql: part(piece, shape, columns, scope, keepsArray: isArray),
        hashtagKey: isArray ? keys.firstIndex(of: "hashtag") : nil)
    }
    requests.append(
      FactRequest(
        statements: statements, keyCount: keys.count, sumCount: columns.measures.count,
        timeUnit: columns.hasTime ? scope.timeUnit : nil))
    let given = keys + columns.measures
    let all = ["us"] + Rollup.dimensions + shape.keys + shape.measures
    let list = all.map { name in
      let source = given.firstIndex(of: name).map(FactTable.column) ?? "0"
      return "\(source) AS \(name)"
    }
    return
      "    SELECT \(list.joined(separator: ", "))\n    FROM \(FactTable.name)(\(requests.count - 1))"
  }

  /// How many accounts used each hashtag, as ``FactTable`` counts them.
  func addedUpAccounts(_ scope: ResolvedScope, _ requests: inout [FactRequest]) -> String {
    let condition = scope.condition("p", "p.created_us", .raw(scope.window(span)), unit: 1)
    requests.append(
      FactRequest(
        statements: [
          .init(sql: "SELECT p.hashtags, p.user FROM posts AS p WHERE \(condition)", hashtagKey: 0)
        ], keyCount: 2, sumCount: 1, timeUnit: nil, countsLastKey: true))
    return """
          SELECT \(FactTable.column(0)) AS hashtag, \(FactTable.column(2)) AS accounts
          FROM \(FactTable.name)(\(requests.count - 1))
      """
  }
}

extension ResolvedScope {
  /// The widest stretch, in microseconds, that shares all local times that the query reads.
  fileprivate var timeUnit: Int64 {
    let widths = Rollup.Level.allCases.map(\.microseconds) + [60_000_000]
    return widths.filter(isAllowed).max() ?? 1
  }
}
