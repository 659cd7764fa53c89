import ArgumentParser
import Foundation
import PostStore
import Posts
import SyntheticPosts

/// Measures what it costs to take messages into a store, without Kafka.
///
/// Messages are made in memory first; making them is no part of what is measured. Decoding, making posts ready and
/// storing are timed one after the other on one thread, so that their costs stand apart; social-consumer does the
/// first two beside the last.
@main
struct BenchIngest: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "bench-ingest",
    abstract: "Measures decoding and storing synthetic posts, stage by stage.")

  @Option(help: "How many posts.")
  var posts: UInt64 = 1_000_000

  @Option(help: "Over how many days they spread, evenly.")
  var days = 3.0

  @Option(help: "Messages in a transaction.")
  var batch: UInt64 = 20_000

  @Option(help: "The share of messages that are newer versions of earlier posts.")
  var updates = 0.0

  @Option(help: "Print a line every so many posts.")
  var every: UInt64 = 1_000_000

  @Option(help: "The store to make; it is deleted first.")
  var db: String

  func validate() throws {
    guard posts > 0, batch > 0, every > 0, days > 0 else {
      throw ValidationError("--posts, --batch, --every and --days are above 0.")
    }
  }

  func run() throws {
    for suffix in ["", "-wal", "-shm"] { try? FileManager.default.removeItem(atPath: db + suffix) }
    var open: StoreWriter? = try StoreWriter(path: db)
    let start = try Timestamp(iso8601: "2026-11-01T00:00:00Z").microseconds
    let gap = days * 86_400e6 / Double(posts)
    var rates = FaultRates.none
    rates.updates = updates
    var stream = MessageStream(
      generator: PostGenerator(seed: 1, accounts: 20_000), faults: rates)
    var decoder = PostDecoder()
    let partition = PartitionID(topic: "bench", partition: 0)
    var offset: Int64 = 0
    var (total, since) = (Figures(), Figures())
    print(Figures.header)
    while stream.posts < posts {
      var messages: [(value: [UInt8], recordTime: Int64)] = []
      while messages.count < batch, stream.posts < posts {
        let instant = Timestamp(microseconds: start + Int64(Double(stream.posts) * gap))
        stream.next(at: Moment(live: instant)) { message in
          var value: [UInt8] = []
          if message.encodeValue(into: &value) { messages.append((value, message.recordTime)) }
          return true
        }
      }
      var figures = Figures()
      figures.messages = messages.count
      let ioBefore = Usage.writtenBytes
      let begin = Usage.cpu
      let wallBegin = ContinuousClock.now
      var stretch = PartitionStretch(partition: partition, at: offset)
      for message in messages {
        let post = try message.value.withUnsafeBytes { try decoder.decode($0) }
        stretch.messages.append(
          IncomingMessage(
            offset: offset, recordMilliseconds: message.recordTime, content: .post(.decoded(post))))
        offset += 1
      }
      stretch.end = offset
      let decoded = Usage.cpu
      figures.decode = decoded - begin
      guard let store = open else { break }
      let preparation = store.preparation
      var ready = stretch
      ready.messages = stretch.messages.map { message in
        guard case .post(.decoded(let post)) = message.content,
          let prepared = preparation?.prepare(post)
        else { return message }
        return IncomingMessage(
          offset: message.offset, recordMilliseconds: message.recordMilliseconds,
          content: .post(.prepared(prepared)))
      }
      let prepared = Usage.cpu
      figures.prepare = prepared - decoded
      let before = store.times
      _ = try store.apply([ready], now: Timestamp(microseconds: start))
      figures.store = Usage.cpu - prepared
      figures.wall = ContinuousClock.now - wallBegin
      figures.times = store.times - before
      figures.written = Usage.writtenBytes - ioBefore
      figures.fold = Self.fold(stretch)
      total += figures
      since += figures
      if stream.posts < posts,
        stream.posts / every != (stream.posts - min(batch, stream.posts)) / every
      {
        print(since.row("\(stream.posts)", db: db))
        since = Figures()
      }
    }
    // Closing writes what is left of the log to the store.
    let ioBefore = Usage.writtenBytes
    open = nil
    total.written += Usage.writtenBytes - ioBefore
    print(total.row("all", db: db))
  }

  /// The time that it takes to make the keys of the hashtags of some posts from their spellings.
  private static func fold(_ stretch: PartitionStretch) -> Duration {
    var tags: [String] = []
    for case .post(.decoded(let post)) in stretch.messages.map(\.content) {
      tags += post.hashtags.map(\.spelling.string)
    }
    let begin = Usage.cpu
    let keys = tags.compactMap { Hashtag($0) }
    let time = Usage.cpu - begin
    // What is used is not left out by the compiler.
    precondition(keys.count == tags.count, "a post has tags that are none")
    return time
  }
}
