import PostStore
import Posts

/// Counts the different users of one bucket of time after the other, and how many of them are verified and
/// how many influencers.
struct AccountCount {
  /// Users by id: the number of the bucket in which the user was seen last, and below it two bits, verified
  /// and influencer. Ids are given one by one, so that there are few more places than users.
  private var seen: [UInt32]
  private var number: UInt32 = 1
  /// The bucket, if buckets count, and the three counts.
  private var counts: [Int64]
  /// Whether no user was counted since the bucket began.
  private(set) var isEmpty = true
  /// Whether an id was met that no user has.
  private(set) var isBeyond = false

  /// The statement that tells the start of the bucket of an instant; nil if buckets do not count.
  private final class BucketStart {
    let statement: RawStatement

    init(_ bucket: String, _ connection: OpaquePointer, _ path: String) throws(StoreError) {
      statement = try RawStatement("SELECT \(bucket)", connection: connection, path: path)
    }
  }

  private let bucketStart: BucketStart?
  private var lastInstant: Int64?
  private var pending: Int64?

  /// - Parameter bucket: The start of the bucket of an instant `?1`, as SQL; nil if buckets do not count.
  init(bucket: String?, connection: OpaquePointer, path: String) throws(StoreError) {
    bucketStart = try bucket.map { text throws(StoreError) in
      try BucketStart(text, connection, path)
    }
    counts = Array(repeating: 0, count: bucket == nil ? 3 : 4)
    let largest = try RawStatement(
      "SELECT COALESCE(MAX(id), -1) FROM users", connection: connection, path: path)
    let isThere = try largest.step()
    seen = Array(
      repeating: 0, count: isThere ? Int(clamping: min(largest.int64(0), 1 << 30)) + 1 : 0)
  }

  /// Takes note of an instant, none earlier than those before.
  ///
  /// - Returns: Whether it is of another bucket than what was counted, which is to be finished first.
  mutating func begins(_ instant: Int64) throws(StoreError) -> Bool {
    guard instant != lastInstant, let bucketStart else { return false }
    lastInstant = instant
    bucketStart.statement.reset()
    try bucketStart.statement.bind(instant, at: 1)
    guard try bucketStart.statement.step() else {
      throw StoreError(.sqlite, "an instant has no bucket")
    }
    let start = bucketStart.statement.int64(0)
    let isOther = !isEmpty && start != counts[0]
    pending = start
    if !isOther { counts[0] = start }
    return isOther
  }

  /// Counts a user, unless the bucket has it already.
  ///
  /// - Parameters:
  ///   - row: The id, and 1 or 0 for verified and for influencer.
  ///   - start: Where in the row they are.
  @inline(__always)
  mutating func count(_ row: [Int64], from start: Int) {
    let user = row[start]
    guard user >= 0, user < seen.count else {
      isBeyond = true
      return
    }
    let place = Int(user)
    let bits = UInt32(row[start + 1] & 1) | UInt32(row[start + 2] & 1) << 1
    let known = seen[place]
    let first = counts.count - 3
    if known >> 2 != number {
      seen[place] = number << 2 | bits
      counts[first] += 1
      counts[first + 1] += Int64(bits & 1)
      counts[first + 2] += Int64(bits >> 1)
      isEmpty = false
    } else if bits & ~known != 0 {
      let new = bits & ~known & 3
      seen[place] = known | bits
      counts[first + 1] += Int64(new & 1)
      counts[first + 2] += Int64(new >> 1)
    }
  }

  /// Adds the counts of the bucket to what was counted, and begins the next.
  mutating func finish(into groups: inout FactSums) {
    groups.add(counts)
    for index in counts.indices { counts[index] = 0 }
    if let pending { counts[0] = pending }
    isEmpty = true
    number += 1
    // The numbers of buckets have thirty bits.
    if number == 1 << 30 {
      seen = Array(repeating: 0, count: seen.count)
      number = 1
    }
  }
}
