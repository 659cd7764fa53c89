import Kafka
import PostStore
import Posts

/// What is done when the store does not take a batch.
///
/// A store that is locked is waited for, so long; one without room on its disk, or whose log cannot be
/// taken back, as long as it lasts. Meanwhile nothing is read, offsets stay, and the consumer remains in
/// its group. A row that the tables refuse is found by halving the batch, and rejected alone; no other
/// trouble ever makes a rejected message of a good one.
extension IngestService {
  /// Sees to it that a batch is applied, one way or another.
  ///
  /// - Parameters:
  ///   - first: What a first attempt came to, if there was one.
  ///   - isKeeping: Whether the partitions stay this consumer's. If not, nothing is waited for: whoever
  ///     reads them next begins where the store is.
  /// - Returns: Nil if the batch was dropped.
  func settle(
    _ batch: [PartitionStretch], first: Result<BatchResult, StoreError>? = nil, isKeeping: Bool
  ) throws -> BatchResult? {
    do {
      return try applyPatiently(batch, first: first, isKeeping: isKeeping)
    } catch let error as StoreError where error.code == .refused {
      var whole = BatchResult()
      for stretch in batch {
        guard let result = try applyInHalves(stretch, isKeeping: isKeeping) else { return nil }
        whole += result
      }
      return whole
    }
  }

  private func applyInHalves(
    _ stretch: PartitionStretch, isKeeping: Bool
  ) throws -> BatchResult? {
    do {
      return try applyPatiently([stretch], isKeeping: isKeeping)
    } catch let error as StoreError where error.code == .refused {
      if let (first, second) = stretch.halves {
        guard var whole = try applyInHalves(first, isKeeping: isKeeping),
          let rest = try applyInHalves(second, isKeeping: isKeeping)
        else { return nil }
        whole += rest
        return whole
      }
      guard let offset = stretch.messages.first?.offset,
        let rejected = try stretch.rejected(for: error, restoring: store.post)
      else {
        throw error
      }
      report(.refused(stretch.partition, offset: offset, error))
      try sendDeadLetters(of: [rejected])
      return try applyPatiently([rejected], isKeeping: isKeeping)
    }
  }

  private func applyPatiently(
    _ batch: [PartitionStretch], first: Result<BatchResult, StoreError>? = nil, isKeeping: Bool
  ) throws -> BatchResult? {
    let start = ContinuousClock.now
    // What the store is waited for; nil while it is not.
    var reason: StoreError.Code?
    var first = first
    while true {
      let outcome = first ?? store.attempt(batch, now: now())
      first = nil
      switch outcome {
      case .success(let result):
        while isKeeping, !shouldStop(), let error = try store.trimLog(to: configuration.logBytes) {
          try rest(for: error, after: &reason)
        }
        if reason != nil {
          try consumer.resume(consumer.assignment)
          report(.storeResumed)
        }
        return result
      case .failure(let error):
        guard error.code == .full || error.code == .busy else { throw error }
        if !isKeeping {
          report(.storeWaits(error))
          return nil
        }
        let isLate = error.code == .busy && .now - start >= configuration.lockTimeout
        guard !isLate, !shouldStop() else { throw error }
        try rest(for: error, after: &reason)
      }
    }
  }

  /// Stays in the group for a second, and reads nothing.
  private func rest(for error: StoreError, after reason: inout StoreError.Code?) throws {
    if reason != error.code { report(.storeWaits(error)) }
    reason = error.code
    let end = ContinuousClock.now + .seconds(1)
    while .now < end, !shouldStop() {
      // Those that a rebalance brings are read no more than the others.
      try consumer.pause(consumer.assignment)
      try pollOnce()
    }
  }
}

extension StoreWriter {
  /// Applies a batch to the file that was opened, if it is still there.
  func attempt(_ batch: [PartitionStretch], now: Timestamp) -> Result<BatchResult, StoreError> {
    do throws(StoreError) {
      try checkFile()
      return .success(try apply(batch, now: now))
    } catch {
      return .failure(error)
    }
  }
}

extension PartitionStretch {
  /// The stretch in two, cut at a message; nil if it has but one.
  var halves: (PartitionStretch, PartitionStretch)? {
    guard messages.count > 1 else { return nil }
    let middle = messages.count / 2
    let cut = messages[middle].offset
    var (first, second) = (self, PartitionStretch(partition: partition, at: cut))
    first.end = cut
    first.messages = Array(messages[..<middle])
    first.missing = missing.filter { $0.lowerBound < cut }
    second.end = end
    second.messages = Array(messages[middle...])
    second.missing = missing.filter { $0.lowerBound >= cut }
    second.logEnd = logEnd
    return (first, second)
  }

  /// The stretch with its only message made a rejected one; nil unless that is a post or a deletion.
  ///
  /// Its bytes are gone by then, so that a post is kept as it would be published.
  ///
  /// - Parameter restore: Gives back the texts of a post that was ready to be stored.
  func rejected(
    for error: StoreError, restoring restore: (PreparedPost) throws -> Post
  ) rethrows -> PartitionStretch? {
    guard messages.count == 1, let message = messages.first else { return nil }
    let key: ExactString
    var value: [UInt8]?
    switch message.content {
    case .rejected: return nil
    case .tombstone(let postID): key = postID
    case .post(let incoming):
      let post =
        switch incoming {
        case .decoded(let post): post
        case .prepared(let post): try restore(post)
        }
      key = post.postID
      var bytes: [UInt8] = []
      PostEncoder().encode(post, into: &bytes)
      value = bytes
    }
    var stretch = self
    stretch.messages = [
      IncomingMessage(
        offset: message.offset, recordMilliseconds: message.recordMilliseconds,
        content: .rejected(
          error.field.map {
            Rejection(field: $0, problem: "more different ones than a store takes")
          }
            ?? Rejection(field: "store", problem: "refused by the tables"),
          key: Array(key.string.utf8), value: value), digest: message.digest)
    ]
    return stretch
  }
}

extension BatchResult {
  /// Adds what another transaction did after this one.
  static func += (a: inout BatchResult, b: BatchResult) {
    a.outcomes += b.outcomes
    a.fenced += b.fenced
    a.missing += b.missing
    a.nextOffsets.merge(b.nextOffsets) { $1 }
  }
}
