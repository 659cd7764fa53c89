import Kafka
import PostStore
import Posts

/// Knows a partition again by the message that was read last of it.
///
/// An offset alone says nothing of a topic that was deleted and made anew under its name: once the new one
/// is long enough, reading would go on in the midst of it. So the last message is read once more before
/// others. One that the broker no longer has, because it expired or was compacted away, tells nothing.
struct Recognition {
  private var last: [PartitionID: LastMessage] = [:]
  /// The partitions whose last message is awaited.
  private var awaited: Set<PartitionID> = []

  /// Notes the message that was stored last of a partition; nil if there was none since.
  mutating func remember(_ message: LastMessage?, of partition: PartitionID) {
    if let message { last[partition] = message }
  }

  /// Begins to await the last messages of partitions.
  ///
  /// - Returns: Where to read from; those of which no message is known are left out.
  mutating func begin(_ partitions: [PartitionID]) -> [PartitionID: Int64] {
    let known = last.filter { partitions.contains($0.key) }
    awaited.formUnion(known.keys)
    return known.mapValues(\.offset)
  }

  /// Whether the last message of some partition has not been looked at yet.
  var isAwaiting: Bool { !awaited.isEmpty }

  /// Awaits the last messages of partitions no longer: the broker has them no more, or others read on.
  mutating func end(_ partitions: [PartitionID]) { awaited.subtract(partitions) }

  /// Looks at a message that has come, if the last one of its partition is awaited.
  ///
  /// - Throws: `IngestError.otherMessage`.
  mutating func check(_ record: RecordView, of partition: PartitionID) throws {
    guard !awaited.isEmpty, awaited.contains(partition), let last = last[partition] else { return }
    guard record.offset >= last.offset else { return }
    awaited.remove(partition)
    guard record.offset == last.offset else { return }
    guard record.timestampMilliseconds == last.recordMilliseconds, record.digest == last.digest
    else { throw IngestError.otherMessage(partition, offset: last.offset) }
  }
}

extension RecordView {
  /// FNV-1a of the key and the size of the value, which with the record time tell messages apart: keys are
  /// ids of posts. The whole value would cost as much as to decode it.
  var digest: Int64 {
    var hash = FNV1a()
    if let key { hash.add(key) }
    for count in [key?.count ?? -1, value?.count ?? -1] {
      withUnsafeBytes(of: UInt64(bitPattern: Int64(count)).littleEndian) { hash.add($0) }
    }
    return Int64(bitPattern: hash.value)
  }
}
