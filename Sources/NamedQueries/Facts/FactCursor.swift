import PostStore

/// Hands over the facts of a request, group by group.
final class FactCursor {
  private var scan: FactScan
  private var group = 0
  /// How many groups came before those that the scan has.
  private var handedOver: Int64 = 0
  private let keyCount: Int

  init(
    _ request: FactRequest, connection: OpaquePointer, path: String,
    pairLimit: Int = FactScan.pairLimit
  ) throws(StoreError) {
    keyCount = request.keyCount
    scan = FactScan(request, connection: connection, path: path, pairLimit: pairLimit)
    try scan.advance()
  }

  /// Whether all groups were handed over.
  var isAtEnd: Bool { group >= scan.groups.count }

  /// How many groups came before the current one.
  var place: Int64 { handedOver + Int64(group) }

  /// The key of the current group, or after the keys its sums; 0 of a key that is counted, and after all.
  func value(_ column: Int) -> Int64 {
    if column < scan.groups.keyCount { return scan.groups.key(column, of: group) }
    let sum = column - keyCount
    return sum >= 0 && sum < scan.groups.sumCount ? scan.groups.sum(sum, of: group) : 0
  }

  /// Goes to the next group.
  func advance() throws(StoreError) {
    group += 1
    guard isAtEnd else { return }
    handedOver += Int64(group)
    group = 0
    try scan.advance()
  }
}
