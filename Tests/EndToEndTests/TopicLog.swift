import Foundation
import GRDB
import Kafka
import PostStore
import Posts
import StoreFixtures
import SyntheticPosts
import TestSupport

/// Every message of a topic, as the broker gives it, and what a store must hold of it.
struct TopicLog {
  /// The messages of each partition; the offset of each is its place.
  private(set) var partitions: [Int32: [Message]] = [:]

  var count: Int { partitions.values.map(\.count).reduce(0, +) }

  /// Reads a topic that nobody writes to, from its beginning to its end.
  init(topic: String, partitions count: Int, at configuration: KafkaConfiguration) throws {
    let consumer = try KafkaConsumer(configuration, group: "log-\(UUID().uuidString)")
    try consumer.subscribe(
      topic,
      rebalance: RebalanceHandler(assigned: {
        Dictionary(uniqueKeysWithValues: $0.map { ($0, .beginning) })
      }))
    var decoder = PostDecoder()
    var ended: Set<Int32> = []
    try waitUntil("\(topic) is read to its end", timeout: .seconds(60)) {
      try consumer.poll(max: 1000, timeout: .milliseconds(100)) { event in
        switch event {
        case .record(let record):
          partitions[record.topicPartition.partition, default: []].append(
            Self.message(record, &decoder))
        case .endOfPartition(let partition, let offset):
          guard offset == Int64(partitions[partition.partition]?.count ?? 0) else {
            throw TestSupportError("\(partition) has gaps before \(offset)")
          }
          ended.insert(partition.partition)
        default: break
        }
      }
      return ended.count == count
    }
    try consumer.close()
  }

  private static func message(_ record: RecordView, _ decoder: inout PostDecoder) -> Message {
    let content: Message.Content
    var key: ExactString?
    switch decoder.content(key: record.key, value: record.value) {
    case .post(.decoded(let post)): (key, content) = (post.postID, .post(post))
    case .post(.prepared): preconditionFailure("decoding makes nothing ready")
    case .tombstone(let postID): (key, content) = (postID, .tombstone)
    case .rejected(_, _, let value): content = .malformed(value ?? [])
    }
    return Message(key: key, content: content, recordTime: record.timestampMilliseconds)
  }

  /// What one look at a store has found.
  struct Comparison {
    /// How many messages the store has taken, by its offsets.
    var read: Int64 = 0
    /// Messages before the offsets that came to no outcome, or rejected ones that are not kept.
    var lost: Int64 = 0
    /// Outcomes beyond one for each message before the offsets.
    var doubled: Int64 = 0
    /// What else is not as it must be.
    var problems: [String] = []
  }

  /// Holds a store, at one instant, against what the messages before its offsets must have made of it.
  func compare(_ reader: StoreReader) throws -> Comparison {
    let state = try reader.read { db in
      (
        partitions: try Row.fetchAll(db, sql: "SELECT * FROM kafka_partitions"),
        rejected: try Row.fetchAll(
          db, sql: "SELECT \"partition\", \"offset\" FROM rejected_messages"
        ).map { row -> [Int64] in [row[0], row[1]] },
        posts: try Row.fetchAll(db, sql: "SELECT * FROM social_posts ORDER BY post_id").map {
          Array($0.databaseValues)
        }
      )
    }
    var comparison = Comparison()
    var expected = ExpectedStore()
    var rejected: Set<[Int64]> = []
    for row in state.partitions {
      let (number, next): (Int32, Int64) = (row["partition"], row["next_offset"])
      comparison.read += next
      let messages = partitions[number] ?? []
      guard next <= messages.count else {
        comparison.problems.append("partition \(number) ends at \(messages.count), not \(next)")
        continue
      }
      var counts: [String: Int64] = [:]
      for (offset, message) in messages.prefix(Int(next)).enumerated() {
        let outcome = expected.apply(message)
        counts[outcome.rawValue, default: 0] += 1
        if outcome == .rejected { rejected.insert([Int64(number), Int64(offset)]) }
      }
      for outcome in ExpectedStore.Outcome.allCases {
        let (kept, right): (Int64, Int64) = (row[outcome.rawValue], counts[outcome.rawValue] ?? 0)
        if kept != right {
          comparison.problems.append("partition \(number): \(kept) \(outcome), not \(right)")
        }
      }
      let kept = ExpectedStore.Outcome.allCases.map { row[$0.rawValue] as Int64 }.reduce(0, +)
      comparison.lost += max(0, next - kept)
      comparison.doubled += max(0, kept - next)
    }
    comparison.lost += Int64(rejected.subtracting(state.rejected).count)
    comparison.doubled += Int64(state.rejected.count - rejected.intersection(state.rejected).count)
    let right = expected.posts.map(shownRow)
    if right.count != state.posts.count {
      comparison.problems.append("\(state.posts.count) posts, not \(right.count)")
    } else if let difference = zip(state.posts, right).first(where: { $0 != $1 }) {
      comparison.problems.append("\(difference.0) instead of \(difference.1)")
    }
    return comparison
  }
}
