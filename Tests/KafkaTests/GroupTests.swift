import Foundation
import Kafka
import Synchronization
import TestSupport
import Testing

@Suite struct GroupTests {
  @Test(arguments: BrokerKind.allCases)
  func committedOffsetsAreWhereTheGroupGoesOn(_ kind: BrokerKind) async throws {
    try await onThread {
      let broker = try kind.start(topics: [("t", 2)])
      let (zero, one) = (
        TopicPartition(topic: "t", partition: 0), TopicPartition(topic: "t", partition: 1)
      )
      let records = (0..<100).map { Record(key: "\($0)", value: "\($0)") }
      try produce(records, to: "t", broker.configuration)
      let lag = try GroupLag(broker.configuration, group: "g", topic: "t")
      #expect(try lag.records(timeout: .seconds(10)) == 100)

      let consumer = try KafkaConsumer(broker.configuration, group: "g")
      #expect(try consumer.partitions(of: "t", timeout: .seconds(10)) == [0, 1])
      #expect(try consumer.committed([zero, one], timeout: .seconds(10)).isEmpty)
      let (low, high) = try consumer.watermarks(zero, timeout: .seconds(10))
      let (otherLow, otherHigh) = try consumer.watermarks(one, timeout: .seconds(10))
      #expect(low == 0 && otherLow == 0 && high > 10 && otherHigh > 10)
      #expect(high + otherHigh == 100)

      _ = try consumer.readToEnd(of: "t", partitions: 2, from: beginnings)
      try consumer.commit([zero: 7], wait: true)
      #expect(try consumer.committed([zero, one], timeout: .seconds(10)) == [zero: 7])
      #expect(try lag.records(timeout: .seconds(10)) == 93)
      try consumer.commit([one: 5], wait: false)
      try waitUntil("the commit in the background is done") {
        try consumer.committed([one], timeout: .seconds(10)) == [one: 5]
      }
      #expect(try lag.records(timeout: .seconds(10)) == 88)
      try consumer.close()

      let next = try KafkaConsumer(broker.configuration, group: "g")
      let read = try next.readToEnd(of: "t", partitions: 2) { _ in [:] }
      #expect(read[zero]?.first?.offset == 7)
      #expect(read[one]?.first?.offset == 5)
      #expect(read.values.map(\.count).reduce(0, +) == 88)
      try next.close()
    }
  }

  struct Case: Sendable, CustomTestStringConvertible {
    var kind: BrokerKind
    var strategy: String
    var testDescription: String { "\(kind), \(strategy)" }
  }

  static let cases = BrokerKind.allCases.flatMap { kind in
    ["range", "cooperative-sticky"].map { Case(kind: kind, strategy: $0) }
  }

  /// The seek is made when half of the other partitions are read, which must neither lose nor repeat
  /// a record, nor start the one that is paused.
  @Test(arguments: cases)
  func anOffsetOutOfRangeIsAnEventAndSeekGoesOn(_ test: Case) async throws {
    try await onThread {
      let broker = try test.kind.start(topics: [("t", 4)])
      let partitions = (0..<4).map { TopicPartition(topic: "t", partition: $0) }
      try produce(
        (0..<400).map { Record(key: "\($0)", value: "v") }, to: "t", broker.configuration)
      var configuration = broker.configuration
      configuration.set("partition.assignment.strategy", to: test.strategy)
      let consumer = try KafkaConsumer(configuration, group: "g")
      try consumer.subscribe(
        "t",
        rebalance: RebalanceHandler(assigned: { _ in
          [
            partitions[0]: .offset(1000), partitions[1]: .beginning, partitions[2]: .offset(9),
            partitions[3]: .end,
          ]
        }))
      let high = try partitions.map { try consumer.watermarks($0, timeout: .seconds(5)).high }
      var outOfRange: [Int64?] = []
      var offsets: [TopicPartition: [Int64]] = [:]
      var ended: Set<TopicPartition> = []
      func poll() throws {
        try consumer.poll(max: 10, timeout: .milliseconds(100)) { event in
          switch event {
          case .offsetOutOfRange(partitions[0], let offset): outOfRange.append(offset)
          case .record(let view): offsets[view.topicPartition, default: []].append(view.offset)
          case .endOfPartition(let partition, _): ended.insert(partition)
          case .offsetOutOfRange(let partition, let offset):
            throw TestSupportError("\(partition) has no \(String(describing: offset))")
          case .failure(let error): throw error
          }
        }
      }
      try waitUntil("the event and some records have come") {
        try poll()
        return !outOfRange.isEmpty && (offsets[partitions[1]]?.count ?? 0) > 20
          && ended.contains(partitions[3])
      }
      try consumer.pause([partitions[3]])
      try consumer.seek(partitions[0], to: .offset(4))
      try produce(
        (0..<100).map { Record(key: "\($0)", value: "v") }, to: "t", broker.configuration)
      let end = try partitions.map { try consumer.watermarks($0, timeout: .seconds(5)).high }
      let expected = [
        partitions[0]: Array(4..<end[0]), partitions[1]: Array(0..<end[1]),
        partitions[2]: Array(9..<end[2]),
      ]
      let count = expected.values.map(\.count).reduce(0, +)
      try waitUntil("the records after the seek are read") {
        try poll()
        return offsets.values.map(\.count).reduce(0, +) >= count
      }
      try consumer.poll(max: 1, timeout: .milliseconds(300)) { event in
        if case .record(let view) = event {
          throw TestSupportError("\(view.topicPartition) at \(view.offset) is one too many")
        }
      }
      #expect(outOfRange == [1000])
      #expect(offsets == expected)

      try consumer.resume([partitions[3]])
      let rest = Array(high[3]..<end[3])
      try waitUntil("the paused partition is read") {
        try poll()
        return offsets[partitions[3]]?.count == rest.count
      }
      #expect(offsets[partitions[3]] == rest)
    }
  }

  @Test func onlyAnAssignedPartitionCanBeSought() async throws {
    let error = try await onThread {
      let broker = try BrokerKind.development.start(topics: [("t", 1)])
      let consumer = try KafkaConsumer(broker.configuration, group: "g")
      return #expect(throws: KafkaError.self) {
        try consumer.seek(TopicPartition(topic: "t", partition: 0), to: .beginning)
      }
    }
    #expect(error?.message.contains("not assigned") == true)
  }

  @Test(arguments: BrokerKind.allCases)
  func startingAtACommitThatIsNotThereIsAnEvent(_ kind: BrokerKind) async throws {
    let offset = try await onThread { () -> Int64?? in
      let broker = try kind.start(topics: [("t", 1)])
      let consumer = try KafkaConsumer(broker.configuration, group: "g")
      try consumer.subscribe("t", rebalance: RebalanceHandler(assigned: { _ in [:] }))
      var seen: Int64??
      try waitUntil("the event comes") {
        try consumer.poll(max: 10, timeout: .milliseconds(100)) { event in
          if case .offsetOutOfRange(_, let offset) = event { seen = .some(offset) }
        }
        return seen != nil
      }
      return seen
    }
    #expect(offset == .some(nil))
  }

  @Test(arguments: BrokerKind.allCases)
  func seekDropsRecordsThatWereFetchedBefore(_ kind: BrokerKind) async throws {
    let offsets = try await onThread {
      let broker = try kind.start(topics: [("t", 1)])
      let partition = TopicPartition(topic: "t", partition: 0)
      try produce((0..<100).map { Record(value: "\($0)") }, to: "t", broker.configuration)
      let consumer = try KafkaConsumer(broker.configuration, group: "g")
      try consumer.subscribe("t", rebalance: RebalanceHandler(assigned: beginnings))
      var offsets: [Int64] = []
      try waitUntil("all records are read") {
        try consumer.poll(max: 100, timeout: .milliseconds(100)) { event in
          guard case .record(let view) = event else { return }
          offsets.append(view.offset)
          if offsets.count == 50 { try consumer.seek(partition, to: .offset(20)) }
        }
        return offsets.last == 99
      }
      return offsets
    }
    #expect(offsets == Array(0..<50) + Array(20..<100))
  }

  @Test func pausedPartitionsAreNotRead() async throws {
    try await onThread {
      let broker = try BrokerKind.development.start(topics: [("t", 1)])
      let partition = TopicPartition(topic: "t", partition: 0)
      let consumer = try KafkaConsumer(broker.configuration, group: "g")
      _ = try consumer.readToEnd(of: "t", partitions: 1, from: beginnings)
      var values: [String?] = []
      func poll(_ timeout: Duration) throws {
        try consumer.poll(max: 10, timeout: timeout) { event in
          if case .record(let view) = event { values.append(view.copied.value) }
        }
      }
      try consumer.pause([partition])
      try produce([Record(value: "while paused")], to: "t", broker.configuration)
      try poll(.milliseconds(500))
      #expect(values.isEmpty)
      try consumer.resume([partition])
      try waitUntil("the record is read") {
        try poll(.milliseconds(100))
        return !values.isEmpty
      }
      #expect(values == ["while paused"])
    }
  }

  /// The position after the records that a test has taken, as a store would keep it.
  private final class Positions: Sendable {
    private let state = Mutex<[TopicPartition: [Int64]]>([:])

    func next(_ partition: TopicPartition) -> Int64 {
      state.withLock { Int64(($0[partition]?.last ?? -1) + 1) }
    }
    func append(_ offset: Int64, _ partition: TopicPartition) {
      state.withLock { $0[partition, default: []].append(offset) }
    }
    var count: Int { state.withLock { $0.values.map(\.count).reduce(0, +) } }
    var offsets: [TopicPartition: [Int64]] { state.withLock { $0 } }
  }

  /// Two members on two threads, of which the second comes later and the first goes earlier. Every
  /// record is taken once although nothing is committed: positions come from the handler alone.
  ///
  /// noida-db is left out with the cooperative protocol: of two such members the second one's JoinGroup
  /// is never answered there, for kcat neither.
  @Test(arguments: cases.filter { $0.kind == .development || $0.strategy == "range" })
  func membersShareThePartitionsAndNoRecordTwice(_ test: Case) async throws {
    let broker = try await onThread {
      let broker = try test.kind.start(topics: [("t", 4)])
      return Shared(broker: broker)
    }
    let brokers = broker.broker.bootstrapServers
    let total = 3000
    let positions = Positions()
    let progress = Progress()

    @Sendable func member(_ name: Int) throws {
      var configuration = TestBroker.configuration(brokers)
      configuration.set("partition.assignment.strategy", to: test.strategy)
      let consumer = try KafkaConsumer(configuration, group: "g")
      var owned: Set<TopicPartition> = []
      try consumer.subscribe(
        "t",
        rebalance: RebalanceHandler(
          assigned: { partitions in
            owned.formUnion(partitions)
            progress.set(name, owned: owned.count)
            return Dictionary(
              uniqueKeysWithValues: partitions.map { ($0, .offset(positions.next($0))) })
          },
          revoked: { partitions, _ in
            owned.subtract(partitions)
            progress.set(name, owned: owned.count)
          }))
      try waitUntil("member \(name) is done", timeout: .seconds(60)) {
        try consumer.poll(max: 20, timeout: .milliseconds(20)) { event in
          if case .failure(let error) = event { throw error }
          guard case .record(let view) = event else { return }
          guard owned.contains(view.topicPartition) else {
            throw TestSupportError("\(view.topicPartition) is read but not owned")
          }
          positions.append(view.offset, view.topicPartition)
        }
        return progress.isOver(name) || positions.count >= total
      }
      try consumer.close()
      #expect(owned.isEmpty)
    }

    async let first: Void = onThread { try member(1) }
    try await onThread {
      try produce(
        (0..<1000).map { Record(key: "\($0)", value: "v") }, to: "t",
        TestBroker.configuration(brokers))
      try waitUntil("the first member has all") { progress.owned(1) == 4 }
    }
    async let second: Void = onThread { try member(2) }
    try await onThread {
      try waitUntil("each member has two") { progress.owned(1) == 2 && progress.owned(2) == 2 }
      try produce(
        (0..<1000).map { Record(key: "\($0)", value: "v") }, to: "t",
        TestBroker.configuration(brokers))
      progress.end(1)
      try waitUntil("the second member has all") { progress.owned(2) == 4 }
      try produce(
        (0..<1000).map { Record(key: "\($0)", value: "v") }, to: "t",
        TestBroker.configuration(brokers))
    }
    _ = try await (first, second)
    #expect(positions.count == total)
    for (partition, offsets) in positions.offsets {
      #expect(offsets == Array(0..<Int64(offsets.count)), "\(partition)")
    }
  }

  /// `@unchecked`: the broker is only kept, and its address read.
  private struct Shared: @unchecked Sendable {
    let broker: TestBroker
  }

  /// Which member owns how many partitions, and whether it is to end.
  private final class Progress: Sendable {
    private let state = Mutex<(owned: [Int: Int], over: Set<Int>)>(([:], []))

    func set(_ name: Int, owned: Int) { state.withLock { $0.owned[name] = owned } }
    func owned(_ name: Int) -> Int { state.withLock { $0.owned[name] ?? 0 } }
    func end(_ name: Int) { state.withLock { _ = $0.over.insert(name) } }
    func isOver(_ name: Int) -> Bool { state.withLock { $0.over.contains(name) } }
  }

  @Test(arguments: ["range", "cooperative-sticky"])
  func whatAHandlerThrowsIsThrownByThePoll(_ strategy: String) async throws {
    try await onThread {
      let broker = try BrokerKind.development.start(topics: [("t", 1)])
      try produce([Record(value: "v")], to: "t", broker.configuration)
      var configuration = broker.configuration
      configuration.set("partition.assignment.strategy", to: strategy)
      let consumer = try KafkaConsumer(configuration, group: "g")
      try consumer.subscribe(
        "t", rebalance: RebalanceHandler(assigned: { _ in throw TestSupportError("no store") }))
      var thrown: TestSupportError?
      try waitUntil("the handler is called") {
        do {
          try consumer.poll(max: 1, timeout: .milliseconds(100)) { event in
            if case .record = event { throw TestSupportError("a record without a position") }
          }
        } catch let error as TestSupportError {
          thrown = error
        }
        return thrown != nil
      }
      #expect(thrown?.description == "no store")
      #expect(consumer.assignment.isEmpty)
      try consumer.close()
    }
  }

  @Test func aNegativePositionIsAnErrorAndNotTheEnd() async throws {
    try await onThread {
      let broker = try BrokerKind.development.start(topics: [("t", 1)])
      let consumer = try KafkaConsumer(broker.configuration, group: "g")
      let partition = TopicPartition(topic: "t", partition: 0)
      try consumer.subscribe(
        "t", rebalance: RebalanceHandler(assigned: { _ in [partition: .offset(-1)] }))
      let error = #expect(throws: KafkaError.self) {
        try waitUntil("the handler is called") {
          try consumer.poll(max: 1, timeout: .milliseconds(100)) { _ in } > 0
        }
      }
      #expect(error?.description == "t[0]: t[0]: offset -1 is negative [_INVALID_ARG]")
    }
  }

  /// That `poll` counts as a sign of life, with and without records.
  @Test func pollingKeepsTheMembership() async throws {
    let failures = try await onThread {
      let broker = try BrokerKind.development.start(topics: [("t", 1)])
      var configuration = broker.configuration
      configuration.set("max.poll.interval.ms", to: "6000")
      let consumer = try KafkaConsumer(configuration, group: "g")
      _ = try consumer.readToEnd(of: "t", partitions: 1, from: beginnings)
      var failures: [KafkaError] = []
      let end = ContinuousClock.now + .seconds(8)
      while ContinuousClock.now < end {
        try consumer.poll(max: 1, timeout: .milliseconds(50)) { event in
          if case .failure(let error) = event { failures.append(error) }
        }
      }
      #expect(consumer.assignment.count == 1)
      return failures
    }
    #expect(failures == [])
  }

  @Test func notPollingIsAFailureThatIsTold() async throws {
    let names = try await onThread {
      let broker = try BrokerKind.development.start(topics: [("t", 1)])
      var configuration = broker.configuration
      configuration.set("max.poll.interval.ms", to: "6000")
      let consumer = try KafkaConsumer(configuration, group: "g")
      var lost: Bool?
      try consumer.subscribe(
        "t",
        rebalance: RebalanceHandler(assigned: beginnings, revoked: { lost = $1 }))
      try waitUntil("a partition is assigned") {
        try consumer.poll(max: 1, timeout: .milliseconds(100)) { _ in }
        return !consumer.assignment.isEmpty
      }
      Thread.sleep(forTimeInterval: 7.5)
      var names: [String] = []
      try waitUntil("the partition is lost") {
        try consumer.poll(max: 1, timeout: .milliseconds(100)) { event in
          if case .failure(let error) = event { names.append(error.name) }
        }
        return lost != nil
      }
      #expect(lost == true)
      return names
    }
    #expect(names.contains("_MAX_POLL_EXCEEDED"))
  }
}
