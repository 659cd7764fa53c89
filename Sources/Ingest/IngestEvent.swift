import Kafka
import PostStore
import Posts

/// What happens while messages are taken in, for logs and progress.
public enum IngestEvent: Sendable {
  /// Reading is to end where the topic does, and no message was ever written to it: a broker that makes
  /// topics on demand may have made it just now, for a name that is wrong.
  case neverWritten(topic: String)
  /// The consumer reads these partitions now, from these offsets.
  case assigned([PartitionID: Int64])
  /// The consumer reads these partitions no longer.
  case revoked([PartitionID])
  /// A transaction was committed.
  case committed(IngestProgress)
  /// Messages of a batch that was committed were no posts.
  case rejected(RejectedMessages)
  /// So many messages that are no posts were delivered to the topic for them.
  case deadLettered(Int)
  /// The broker no longer had messages that were not read yet.
  case missing(PartitionID, count: Int64, resumedAt: Int64)
  /// The log of a partition ends before what the store has read of it. Its leader may not know all of it yet,
  /// and is asked again for some seconds.
  case endsEarly(PartitionID, position: Int64, end: Int64)
  /// Another consumer had written part of a batch; reading goes on at the store's offset.
  case fenced(PartitionID, storeOffset: Int64)
  /// The store cannot take messages now: it is locked, its disk is full, or its log cannot be taken back.
  /// Until it can nothing is read, unless a rebalance gave the partitions to another consumer.
  case storeWaits(StoreError)
  /// The store takes messages again.
  case storeResumed
  /// The tables refused one message, which is kept as a rejected one.
  case refused(PartitionID, offset: Int64, StoreError)
  /// The client or the broker has a problem, and goes on trying.
  case kafka(KafkaError)
}

/// Messages of one partition and one batch that are no posts for the same reason.
public struct RejectedMessages: Sendable {
  /// The partition.
  public let partition: PartitionID
  /// Why; the place within a message is no part of it.
  public let reason: Rejection
  /// How many there are.
  public internal(set) var count: Int64
  /// The offset of the first.
  public let offset: Int64
  /// The key of the first, as it came.
  public let key: [UInt8]?

  /// What is rejected in a batch, in the order of the first of each.
  static func all(in batch: [PartitionStretch]) -> [RejectedMessages] {
    var all: [RejectedMessages] = []
    for stretch in batch {
      var indices: [Rejection: Int] = [:]
      for message in stretch.messages {
        guard case .rejected(let rejection, let key, _) = message.content else { continue }
        let reason = Rejection(field: rejection.field, problem: rejection.problem)
        if let index = indices[reason] {
          all[index].count += 1
        } else {
          indices[reason] = all.count
          all.append(
            RejectedMessages(
              partition: stretch.partition, reason: reason, count: 1, offset: message.offset,
              key: key))
        }
      }
    }
    return all
  }
}

/// How far the messages have come.
public struct IngestProgress: Sendable {
  /// The messages since the start, by outcome.
  public var outcomes = OutcomeCounts()
  /// Messages left out since another consumer had written them.
  public var fenced: Int64 = 0
  /// Messages that expired on the broker before they were read.
  public var missing: Int64 = 0
  /// How many transactions were committed.
  public var transactions: Int64 = 0
  /// How many messages they had.
  public var batchMessages = Histogram(bounds: [1, 10, 100, 1000, 5000, 10_000, 20_000, 50_000])
  /// How many seconds they took.
  public var batchSeconds = Histogram(bounds: [0.001, 0.01, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10])
  /// How many messages of the partitions that are read lie between the store and their end; nil until
  /// the broker has said where they end.
  public var lag: Int64?

  /// Nothing taken in yet.
  public init() {}
}
