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

    /// The columns of what keeps the facts packed, before the packed ones.
    var unpacked: [String] { (hasTime ? ["start_s * 1000000 AS us"] : []) + dimensions }
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
        hashtagKey: isArray ? keys.firstIndex(of: "hashtag") : nil,
        packed: shape.packed(columns.keys + columns.measures, at: piece.level))
    }
    let greatest = columns.measures.indices.filter {
      columns.measures[$0] == FactShape.maxFollowers
    }
    requests.append(
      FactRequest(
        statements: statements, keyCount: keys.count, sumCount: columns.measures.count,
        timeUnit: columns.hasTime ? scope.timeUnit : nil, purpose: .sums(greatest: Set(greatest))))
    let given = keys + columns.measures
    let all = ["us"] + Rollup.dimensions + shape.keys + shape.measures
    let list = all.map { name in
      let source = given.firstIndex(of: name).map(FactTable.column) ?? "0"
      return "\(source) AS \(name)"
    }
    return
      "    SELECT \(list.joined(separator: ", "))\n    FROM \(FactTable.name)(\(requests.count - 1))"
  }

  /// How many accounts posted in each bucket, as ``FactTable`` counts them.
  func countedAccounts(_ scope: ResolvedScope, _ requests: inout [FactRequest]) -> String {
    let shape = FactShape(.account)
    let hasTime = scope.usedTimes.contains(.bucket)
    let columns = FactColumns(
      keys: ["user", "is_verified", "is_influencer"], hasTime: hasTime)
    let statements = scope.cover(of: self).pieces.map { piece in
      FactRequest.Statement(
        sql: part(piece, shape, columns, scope, ordered: true), hashtagKey: nil,
        packed: shape.packed(columns.keys, at: piece.level))
    }
    requests.append(
      FactRequest(
        statements: statements, keyCount: hasTime ? 1 : 0, sumCount: 3,
        timeUnit: hasTime ? scope.timeUnit : nil, purpose: .accounts,
        bucket: hasTime ? scope.localTime.bucketStart(of: "?1", scope.bucket) : nil))
    let first = hasTime ? 1 : 0
    let list = ["accounts", "verified_users", "influencers"].enumerated().map {
      "\(FactTable.column(first + $0)) AS \($1)"
    }
    let time = hasTime ? "\(FactTable.column(0)) AS us, " : ""
    return """
          SELECT \(time)\(list.joined(separator: ", "))
          FROM \(FactTable.name)(\(requests.count - 1))
      """
  }

  /// How many accounts used each hashtag, as ``FactTable`` counts them.
  func addedUpAccounts(_ scope: ResolvedScope, _ requests: inout [FactRequest]) -> String {
    let condition = scope.condition("p", "p.created_us", .raw(scope.window(span)), unit: 1)
    requests.append(
      FactRequest(
        statements: [
          .init(sql: "SELECT p.hashtags, p.user FROM posts AS p WHERE \(condition)", hashtagKey: 0)
        ], keyCount: 2, sumCount: 1, timeUnit: nil, purpose: .countOfLastKey))
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
