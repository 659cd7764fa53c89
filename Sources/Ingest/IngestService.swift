import Foundation
import Kafka
import PostStore
import Posts

/// Takes the messages of a topic into a store until it is told to stop.
///
/// One thread of the caller's own polls, decodes and commits, while another one writes the batch before.
/// Nothing waits between Kafka and the store but these two batches, so that a slow store slows the
/// reading down.
///
/// What is read is decided by the store alone. Its offsets move in the transaction that writes the
/// posts, so that after a kill at any instant the store is some prefix of every partition. What is
/// committed to Kafka is for people who watch the lag of the group.
public final class IngestService {
  let configuration: IngestConfiguration
  let consumer: KafkaConsumer
  let store: StoreWriter
  private let writer: WriteThread
  let now: () -> Timestamp
  let shouldStop: () -> Bool
  let report: (IngestEvent) -> Void

  /// Where messages that are no posts are sent besides; nil for nowhere.
  public var deadLetters: DeadLetters?

  private var batcher: Batcher
  private var decoder = PostDecoder()
  /// Makes posts ready while the batch before is written; nil until one was.
  private var preparation: PostPreparation?
  private var progress = IngestProgress()
  /// Whether the partitions are still those that were read before.
  private var recognition = Recognition()
  /// How far the partitions that were read are stored.
  private var stored: [PartitionID: Int64] = [:]
  /// The same where Kafka was not told yet.
  private var uncommitted: [PartitionID: Int64] = [:]
  /// When Kafka was told last; nil if never.
  private var lastCommit: ContinuousClock.Instant?
  /// Whether a store that was new knows where the topic began for it.
  private var isBegun = false
  /// Whether the group has said which partitions are this consumer's.
  private var hasJoined = false
  /// Whether a batch that was written, or could not be, is being dealt with.
  private var isSettling = false
  /// Whether the group is being left, which takes the partitions too.
  private var isLeaving = false
  /// With `exitAtEnd`: where each partition ended at the start.
  private var ends: [PartitionID: Int64] = [:]

  /// - Parameters:
  ///   - configuration: What to take in.
  ///   - consumer: A consumer that has not subscribed.
  ///   - store: Where posts go; it is the service's alone from now on.
  ///   - now: The wall clock, for the times of commits.
  ///   - shouldStop: Asked several times a second.
  ///   - report: Called on the thread of `run()` with what happens.
  public init(
    configuration: IngestConfiguration, consumer: KafkaConsumer, store: StoreWriter,
    now: @escaping () -> Timestamp, shouldStop: @escaping () -> Bool,
    report: @escaping (IngestEvent) -> Void
  ) {
    self.configuration = configuration
    self.consumer = consumer
    self.store = store
    writer = WriteThread(store: store)
    self.now = now
    self.shouldStop = shouldStop
    self.report = report
    var limits = Batcher.Limits()
    limits.messages = configuration.batchMessages
    limits.delay = configuration.batchDelay
    batcher = Batcher(limits: limits)
  }

  deinit { writer.stop() }

  /// Runs until told to stop, or until the end with `exitAtEnd`; then what was read is written and the
  /// group is left.
  ///
  /// - Throws: `KafkaError`, `StoreError` or `IngestError`. The store is whole then, too.
  public func run() throws {
    let partitions = try consumer.partitions(
      of: configuration.topic, timeout: configuration.connectTimeout)
    if configuration.exitAtEnd {
      for number in partitions {
        let partition = PartitionID(topic: configuration.topic, partition: number)
        ends[partition] = try watermarks(of: partition).high
      }
      if ends.values.allSatisfy({ $0 == 0 }) {
        report(.neverWritten(topic: configuration.topic))
      }
    }
    try keepStarts(of: partitions)
    try consumer.subscribe(
      configuration.topic,
      rebalance: RebalanceHandler(
        assigned: { [unowned self] in try assigned($0.map(PartitionID.init)) },
        revoked: { [unowned self] in try revoked($0.map(PartitionID.init), lost: $1) }))
    do {
      while !shouldStop(), try !isAtEnd() {
        try pollOnce()
        try store.checkFile()
        try finishWriting(waits: false)
        commit()
        // While a batch is being written the next one may grow, up to its limit.
        if batcher.isFull || (batcher.isDue(at: .now) && !writer.isBusy) { try startWriting() }
      }
      try writeAll(committing: .seconds(5))
      isLeaving = true
    } catch {
      // What went wrong first is what the user has to know; leaving the group may only fail after it.
      batcher.stopAll()
      try? consumer.close()
      throw error
    }
    try consumer.close()
  }

  func pollOnce() throws {
    let clock = ContinuousClock.now
    var wait = batcher.due.map { max(.zero, $0 - clock) } ?? .milliseconds(100)
    // What is written is soon to be told, and followed by what has waited meanwhile.
    if writer.isBusy { wait = .milliseconds(5) }
    let count = min(max(1, batcher.room), 1000)
    try consumer.poll(max: count, timeout: min(wait, .milliseconds(100))) { event in
      switch event {
      case .record(let record): try take(record, now: clock)
      case .endOfPartition(let partition, let offset):
        try end(PartitionID(partition), at: offset, now: clock)
      case .offsetOutOfRange(let partition, _): try resume(PartitionID(partition))
      case .failure(let error):
        if error.isFatal { throw error }
        report(.kafka(error))
      }
    }
  }

  private func take(_ record: RecordView, now: ContinuousClock.Instant) throws {
    let partition = PartitionID(record.topicPartition)
    try recognition.check(record, of: partition)
    // A message that was fetched before the partition was taken away, or before a seek.
    guard batcher.expects(record.offset, of: partition) else { return }
    var content = decoder.content(of: record)
    if case .post(.decoded(let post)) = content, let prepared = preparation?.prepare(post) {
      content = .post(.prepared(prepared))
    }
    let message = IncomingMessage(
      offset: record.offset, recordMilliseconds: record.timestampMilliseconds, content: content,
      digest: record.digest)
    batcher.add(
      message, of: partition, size: (record.value?.count ?? 0) + (record.key?.count ?? 0), now: now)
  }

  /// The messages of a partition end here for now; what is skipped before it are gaps.
  private func end(
    _ partition: PartitionID, at offset: Int64, now: ContinuousClock.Instant
  ) throws {
    if let position = batcher.position(of: partition), offset < position {
      // The last message was to be read again and is not there; if it comes after all, it is looked at.
      try checkEnd(of: partition, position: position)
      return
    }
    recognition.end([partition])
    batcher.skip(to: offset, of: partition, now: now)
  }

  /// Begins to write what waits, once the batch before is written; reading goes on behind it.
  private func startWriting() throws {
    try finishWriting(waits: true)
    var batch = batcher.take()
    guard !batch.isEmpty else { return }
    for index in batch.indices {
      batch[index].logEnd =
        consumer.cachedWatermarks(TopicPartition(batch[index].partition))?.high
    }
    try sendDeadLetters(of: batch)
    writer.submit(batch, now: now())
  }

  func sendDeadLetters(of batch: [PartitionStretch]) throws {
    guard let deadLetters else { return }
    let count = try deadLetters.send(batch)
    if count > 0 { report(.deadLettered(count)) }
  }

  /// Writes all that waits, and tells Kafka.
  ///
  /// - Parameters:
  ///   - wait: How long to wait for Kafka's answer; without it Kafka is told when it is time again.
  ///   - isKeeping: As in `finishWriting`.
  private func writeAll(committing wait: Duration? = nil, isKeeping: Bool = true) throws {
    guard try finishWriting(waits: true, isKeeping: isKeeping) else { return }
    try startWriting()
    try finishWriting(waits: true, isKeeping: isKeeping)
    if let wait { commit(waiting: wait) }
  }

  /// Tells Kafka how far the partitions are stored, unless it was told a moment ago: a broker may write a file
  /// for each time. The store's offsets are the ones that count; a group that another member rules by now, or a
  /// broker that is away, only makes the lag look older than it is.
  ///
  /// - Parameter wait: Tell it now, and wait so long for the answer; without it a failure is reported later.
  private func commit(waiting wait: Duration? = nil) {
    guard !uncommitted.isEmpty else { return }
    if wait == nil, let lastCommit, .now < lastCommit + Self.commitInterval { return }
    let offsets = Dictionary(
      uniqueKeysWithValues: uncommitted.map { (TopicPartition($0.key), $0.value) })
    uncommitted = [:]
    lastCommit = .now
    do throws(KafkaError) {
      try consumer.commit(offsets, wait: wait != nil, timeout: wait ?? .zero)
    } catch {
      report(.kafka(error))
    }
  }

  private static let commitInterval: Duration = .milliseconds(200)

  /// Does what is to be done when a batch is written, and goes back where another consumer was faster.
  ///
  /// - Parameters:
  ///   - waits: Whether to wait for a batch that is being written.
  ///   - isKeeping: Whether the partitions stay this consumer's, so that one that another consumer has
  ///     moved on is read from there. A rebalance handler must not seek, nor has it reason to.
  /// - Returns: False if the batch was dropped, so that nothing behind it may be written.
  @discardableResult
  private func finishWriting(
    waits: Bool, isKeeping: Bool = true
  ) throws -> Bool {
    guard let written = writer.take(waits: waits) else { return true }
    let batch = written.batch
    isSettling = true
    defer { isSettling = false }
    guard let result = try settle(batch, first: written.outcome, isKeeping: isKeeping) else {
      return false
    }
    preparation = store.preparation
    progress.outcomes += result.outcomes
    progress.fenced += result.fenced
    progress.missing += result.missing
    progress.transactions += 1
    progress.batchMessages.add(Double(batch.reduce(0) { $0 + $1.messages.count }))
    progress.batchSeconds.add(written.time / .seconds(1))
    stored.merge(result.nextOffsets) { $1 }
    for stretch in batch {
      guard let next = result.nextOffsets[stretch.partition], next != stretch.end else {
        recognition.remember(stretch.lastMessage, of: stretch.partition)
        continue
      }
      recognition.remember(
        try store.lastMessages(topic: stretch.partition.topic)[stretch.partition],
        of: stretch.partition)
      report(.fenced(stretch.partition, storeOffset: next))
      if isKeeping, batcher.position(of: stretch.partition) != nil {
        batcher.start(stretch.partition, at: next)
        try consumer.seek(TopicPartition(stretch.partition), to: .offset(next))
      }
    }
    uncommitted.merge(result.nextOffsets) { $1 }
    progress.lag = lag()
    report(.committed(progress))
    if result.outcomes[.rejected] > 0 {
      for rejected in RejectedMessages.all(in: batch) { report(.rejected(rejected)) }
    }
    return true
  }

  /// Where to begin in the partitions that the group gives to this consumer.
  private func assigned(
    _ partitions: [PartitionID]
  ) throws -> [TopicPartition: StartPosition] {
    hasJoined = true
    try finishWriting(waits: true, isKeeping: false)
    var positions = try store.nextOffsets(topic: configuration.topic)
      .filter { partitions.contains($0.key) }
    // Where an unknown partition begins is kept at once: started again before its first message, it
    // must not begin later.
    let unknown = partitions.filter { positions[$0] == nil }
    if !unknown.isEmpty {
      positions.merge(try keepStarts(unknown, from: isBegun ? .beginning : configuration.start)) {
        $1
      }
    }
    for (partition, offset) in positions { batcher.start(partition, at: offset) }
    stored.merge(positions) { $1 }
    report(.assigned(positions))
    for (partition, last) in try store.lastMessages(topic: configuration.topic) {
      recognition.remember(last, of: partition)
    }
    var reading = positions
    reading.merge(recognition.begin(partitions)) { $1 }
    return Dictionary(uniqueKeysWithValues: reading.map { (TopicPartition($0), .offset($1)) })
  }

  /// Decides for a new store where every partition of the topic begins, unless that is the beginning.
  ///
  /// One that the topic gains later is then read from its beginning: what was written to it before it was
  /// noticed came after the start, too.
  private func keepStarts(of numbers: [Int32]) throws {
    if configuration.start != .beginning,
      try store.nextOffsets(topic: configuration.topic).isEmpty
    {
      _ = try keepStarts(
        numbers.map { PartitionID(topic: configuration.topic, partition: $0) },
        from: configuration.start)
    }
    isBegun = true
  }

  private func keepStarts(
    _ partitions: [PartitionID], from start: IngestConfiguration.Start
  ) throws -> [PartitionID: Int64] {
    let starts = try partitions.map {
      PartitionStretch(partition: $0, at: try firstOffset(of: $0, from: start))
    }
    // Without room for it the next batch keeps it.
    let kept = try settle(starts, isKeeping: false)?.nextOffsets
    return kept ?? starts.reduce(into: [:]) { $0[$1.partition] = $1.begin }
  }

  private func firstOffset(
    of partition: PartitionID, from start: IngestConfiguration.Start
  ) throws -> Int64 {
    let (low, high) = try watermarks(of: partition)
    switch start {
    case .beginning: return low
    case .end: return high
    case .committed:
      let committed = try asking {
        try consumer.committed(
          [TopicPartition(partition)], timeout: configuration.connectTimeout)
      }
      return committed[TopicPartition(partition)] ?? low
    }
  }

  /// Another consumer may own the partitions from now on: what was read of them is written first, so
  /// that it does not have to be read again.
  private func revoked(_ partitions: [PartitionID], lost: Bool) throws {
    // While a batch waits for the store, what comes behind it cannot be written.
    if !lost, !isSettling { try writeAll(committing: .seconds(2), isKeeping: false) }
    for partition in partitions {
      batcher.stop(partition)
      uncommitted[partition] = nil
    }
    recognition.end(partitions)
    if !isLeaving { report(.revoked(partitions)) }
  }

  /// Goes on at the oldest message that the broker has, when it has the next one no longer.
  private func resume(_ partition: PartitionID) throws {
    guard let position = batcher.position(of: partition) else { return }
    let low = try checkEnd(of: partition, position: position)
    let resumed = max(low, position)
    batcher.skip(to: resumed, of: partition, missing: true, now: .now)
    // What came before is looked at again, if the broker still has it.
    var reading = resumed
    if let last = recognition.begin([partition])[partition], last >= low { reading = last }
    try consumer.seek(TopicPartition(partition), to: .offset(reading))
    if resumed > position {
      report(.missing(partition, count: resumed - position, resumedAt: resumed))
    }
  }

  /// Holds the end of a partition against where the store has read to.
  ///
  /// A leader that was elected a moment ago may not know yet how far the one before had come, so that it is
  /// asked for some seconds.
  ///
  /// - Returns: The offset of the oldest message.
  @discardableResult
  private func checkEnd(of partition: PartitionID, position: Int64) throws -> Int64 {
    let deadline = ContinuousClock.now + .seconds(3)
    var isTold = false
    while true {
      let (low, high) = try watermarks(of: partition)
      if position <= high { return low }
      guard .now < deadline, !shouldStop() else {
        throw IngestError.offsetBeyondEnd(partition, position: position, end: high)
      }
      if !isTold { report(.endsEarly(partition, position: position, end: high)) }
      isTold = true
      Thread.sleep(forTimeInterval: 0.2)
    }
  }

  /// Whether the store holds everything that there was at the start.
  private func isAtEnd() throws -> Bool {
    // Whether a topic is still the one that was read before is known only when it is read.
    guard configuration.exitAtEnd, hasJoined, !recognition.isAwaiting else { return false }
    let mine = ends.allSatisfy { partition, end in
      batcher.position(of: partition).map { $0 >= end } ?? true
    }
    guard mine else { return false }
    // What is in hand counts once it is written; other partitions are other consumers' to read.
    try writeAll()
    let stored = try store.nextOffsets(topic: configuration.topic)
    return ends.allSatisfy { partition, end in stored[partition].map { $0 >= end } ?? false }
  }

  private func lag() -> Int64? {
    var lag: Int64 = 0
    for partition in batcher.partitions {
      guard let position = stored[partition],
        let (low, high) = consumer.cachedWatermarks(TopicPartition(partition))
      else { return nil }
      lag += max(0, high - max(position, low))
    }
    return lag
  }

  private func watermarks(of partition: PartitionID) throws -> (low: Int64, high: Int64) {
    try asking {
      try consumer.watermarks(TopicPartition(partition), timeout: configuration.connectTimeout)
    }
  }

  /// Asks a broker again while it answers that the same question may well succeed later: its leaders
  /// change just then. A partition that it has named itself is unknown to librdkafka while it has none.
  private func asking<Answer>(_ question: () throws -> Answer) throws -> Answer {
    let deadline = ContinuousClock.now + configuration.connectTimeout
    while true {
      do {
        return try question()
      } catch let error as KafkaError
        where (error.isRetriable || error.isUnknownTopic) && .now < deadline && !shouldStop()
      {
        Thread.sleep(forTimeInterval: 0.1)
      }
    }
  }
}

/// Why messages cannot be taken in any longer.
public enum IngestError: Error, Equatable, Sendable, CustomStringConvertible {
  /// The store has read further than the topic goes.
  case offsetBeyondEnd(PartitionID, position: Int64, end: Int64)
  /// The topic has another message where the store has read its last one.
  case otherMessage(PartitionID, offset: Int64)
  /// The topic of dead letters did not take all of a batch.
  case deadLetters(topic: String, KafkaError)

  /// What happened and what to do.
  public var description: String {
    switch self {
    case .offsetBeyondEnd(let partition, let position, let end):
      "the store has read \(partition) up to offset \(position), but the broker has it only up to \(end): \(Self.madeAnew)"
    case .otherMessage(let partition, let offset):
      "the store has read another message at offset \(offset) of \(partition) than the broker has there: \(Self.madeAnew)"
    case .deadLetters(let topic, let error):
      "rejected messages cannot be sent to --dead-letter-topic \(topic): \(error). They will be read again; mend the topic, or leave the option out."
    }
  }
}

extension IngestError {
  private static let madeAnew =
    "the topic was deleted and made anew, or this is another broker. Nothing was read. Name the right broker, or read the new topic into a new store (--db); 'socialq export' and 'socialq import' take the old posts along."
}

extension PostDecoder {
  /// What a message turns out to be.
  mutating func content(of record: RecordView) -> IncomingMessage.Content {
    content(key: record.key, value: record.value)
  }
}

extension PartitionID {
  init(_ partition: TopicPartition) {
    self.init(topic: partition.topic, partition: partition.partition)
  }
}

extension TopicPartition {
  init(_ partition: PartitionID) {
    self.init(topic: partition.topic, partition: partition.partition)
  }
}
