import Foundation
import PostStore
import Posts
import StoreFixtures
import TestSupport
import Testing

/// Topics that are not what they were: deleted and made anew, with more partitions, with transactions.
@Suite struct TopicChangeTests {
  /// How the new topic compares with the 500 messages that were read of the old one, of which the last one
  /// is read again.
  @Test(arguments: [0, 400, 499, 500, 900])
  func aTopicThatWasMadeAnewIsNotReadOn(_ count: Int) async throws {
    try await onThread {
      let pipeline = try Pipeline(partitions: 1)
      try pipeline.publish(500, seed: 1)
      try pipeline.consumeToEnd()
      let before = try pipeline.reader().shownPosts()
      try pipeline.remakeTopic(partitions: 1)
      if count > 0 { try pipeline.publish(count, seed: 2) }
      let refused = try Program.run(
        "social-consumer", pipeline.consumer(["--exit-at-end", "--group", "next"]))
      #expect(refused.status == 1)
      #expect(refused.standardError.contains("deleted and made anew"), "\(refused)")
      let reader = try pipeline.reader()
      #expect(try reader.integers("SELECT next_offset FROM kafka_partitions") == [500])
      #expect(try reader.shownPosts() == before)
    }
  }

  /// Whether the consumer sleeps until the new topic is longer than the old one was. librdkafka takes the
  /// partitions of a topic away that it finds gone, by either protocol.
  @Test(arguments: [false, true], ["range", "cooperative-sticky"])
  func aTopicThatIsMadeAnewMeanwhileIsNotReadOn(
    _ isAsleep: Bool, _ strategy: String
  ) async throws {
    try await onThread {
      let pipeline = try Pipeline(partitions: 1)
      try pipeline.publish(500, seed: 1)
      let consumer = try Program(
        "social-consumer",
        pipeline.consumer([
          "-X", "topic.metadata.refresh.interval.ms=500", "-X",
          "partition.assignment.strategy=\(strategy)",
        ]))
      try waitUntil("all is stored") { pipeline.stored == 500 }
      try pipeline.administration.delete(pipeline.topic)
      try waitUntil("the consumer notices") { consumer.standardError.contains("UNKNOWN_TOPIC") }
      if isAsleep { consumer.send(signal: SIGSTOP) }
      try pipeline.administration.create([(pipeline.topic, 1)])
      try pipeline.publish(900, seed: 2)
      if isAsleep { consumer.send(signal: SIGCONT) }
      let outcome = try consumer.wait()
      #expect(outcome.status == 1)
      #expect(outcome.standardError.contains("deleted and made anew"), "\(outcome)")
      #expect(
        try pipeline.reader().integers("SELECT next_offset FROM kafka_partitions") == [500])
    }
  }

  /// A leader that was elected a moment ago may not know yet how far the one before had come.
  @Test func aLogThatIsShorterForAMomentIsReadOn() async throws {
    try await onThread {
      let pipeline = try Pipeline(partitions: 1)
      let broker = pipeline.broker
      try pipeline.publish(400, seed: 1)
      try broker.save(as: "short")
      try pipeline.publish(100, seed: 2)
      try broker.save(as: "whole")
      let consumer = try Program(
        "social-consumer",
        pipeline.consumer([
          "--timeout", "30s", "-X", "session.timeout.ms=6000", "-X", "heartbeat.interval.ms=200",
          "-X", "reconnect.backoff.max.ms=200",
        ]))
      try waitUntil("all is stored") { pipeline.stored == 500 }
      try broker.kill()
      try broker.restart(from: "short")
      try waitUntil("the consumer is to ask again") {
        guard consumer.isRunning else { throw TestSupportError(consumer.standardError) }
        return consumer.standardError.contains("social_media[0] ends at 400 on the broker")
      }
      try broker.kill()
      try broker.restart(from: "whole")
      try pipeline.publish(100, seed: 3)
      try waitUntil("the rest is stored", timeout: .seconds(60)) {
        guard consumer.isRunning else { throw TestSupportError(consumer.standardError) }
        return pipeline.stored == 600
      }
      consumer.send(signal: SIGTERM)
      #expect(try consumer.wait().status == 0)
      let reader = try pipeline.reader()
      #expect(try reader.integers("SELECT stored FROM kafka_partitions") == [600])
      #expect(try reader.integers("SELECT missing FROM kafka_partitions") == [0])
    }
  }

  @Test(arguments: ["beginning", "end"])
  func partitionsThatATopicGainsAreReadFromTheirBeginning(_ start: String) async throws {
    try await onThread {
      let pipeline = try Pipeline(partitions: 2)
      let consumer = try Program(
        "social-consumer",
        pipeline.consumer(["--from", start, "-X", "topic.metadata.refresh.interval.ms=3000"]))
      try waitUntil("it reads") { consumer.standardError.contains("reading social_media[0]") }
      try pipeline.administration.grow(pipeline.topic, to: 5)
      // Before the consumer can know of them.
      try pipeline.publish(1000, seed: 1)
      try waitUntil("all is stored", timeout: .seconds(60)) { pipeline.stored == 1000 }
      #expect(consumer.isRunning)
      let reader = try pipeline.reader()
      #expect(try reader.integers("SELECT COUNT(*) FROM kafka_partitions") == [5])
      #expect(try reader.integers("SELECT COUNT(*) FROM posts") == [1000])
    }
  }

  /// Markers take offsets and are never delivered; records of aborted transactions neither.
  @Test func transactionsLeaveNoLag() async throws {
    try await onThread {
      let pipeline = try Pipeline(partitions: 1)
      func records(_ numbers: Range<Int>) -> [(key: String, value: [UInt8])] {
        numbers.map { number in
          var value: [UInt8] = []
          PostEncoder().encode(.sample(ExactString("p\(number)")), into: &value)
          return ("p\(number)", value)
        }
      }
      try TestSupport.publish(
        [(records(0..<10), true), (records(10..<30), false), (records(30..<35), true)],
        to: pipeline.topic, at: pipeline.brokers)
      let outcome = try pipeline.consumeToEnd()
      #expect(outcome.standardError.contains("15 stored, lag 0"), "\(outcome)")
      let reader = try pipeline.reader()
      #expect(
        try reader.integers("SELECT next_offset - end_offset FROM kafka_partitions") == [0])
      #expect(try reader.integers("SELECT next_offset FROM kafka_partitions")[0] > 35)
      #expect(try reader.integers("SELECT missing FROM kafka_partitions") == [0])
      // A gap at the end is no other topic.
      #expect(try pipeline.consumeToEnd(["--group", "next"]).status == 0)
    }
  }
}

extension Pipeline {
  fileprivate var administration: TopicAdministration {
    get throws { try TopicAdministration(brokers: brokers) }
  }

  /// How many messages the store has taken; 0 while there is no store.
  fileprivate var stored: Int64 {
    (try? reader().integers("SELECT SUM(next_offset) FROM kafka_partitions").first) ?? 0
  }

  fileprivate func publish(_ count: Int, seed: Int) throws {
    let outcome = try Program.run(
      "social-producer",
      connection + [
        "--topic", topic, "--seed", "\(seed)", "--backfill", "1h", "--backfill-count", "\(count)",
        "--backfill-only",
      ])
    guard outcome.status == 0 else { throw TestSupportError(outcome.standardError) }
  }

  fileprivate func remakeTopic(partitions: Int) throws {
    let administration = try administration
    try administration.delete(topic)
    try administration.create([(topic, partitions)])
  }
}
