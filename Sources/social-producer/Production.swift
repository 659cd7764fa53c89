import Foundation
import Posts
import Signals
import SyntheticPosts

/// One run: takes messages from the stream when they are due and hands them to the sink.
final class Production {
  private let plan: Plan
  private var stream: MessageStream
  private let sink: any MessageSink
  private var progress = Progress()
  private var sent: UInt64 = 0
  private var isOver = false
  private var lastClockTime: Timestamp
  /// What the messages so far make of a store, if that was asked for.
  private(set) var truth: ExpectedStore?

  init(plan: Plan, stream: MessageStream, sink: any MessageSink, keepsTruth: Bool) {
    self.plan = plan
    self.stream = stream
    self.sink = sink
    lastClockTime = plan.start
    truth = keepsTruth ? ExpectedStore() : nil
  }

  /// What has been done, in one line.
  var summary: String {
    let seconds = max(progress.elapsed / .seconds(1), 0.001)
    return
      "sent \(sent) messages for \(stream.posts) posts, delivered \(sink.delivered), failed"
      + " \(sink.failed), in " + String(format: "%.1f s (%.0f/s)", seconds, Double(sent) / seconds)
  }

  /// Whether everything that was sent is known to have arrived.
  var hasArrived: Bool { UInt64(sink.delivered) == sent }

  /// Sends everything that the plan says, or until a signal, and waits for its delivery.
  func run() throws {
    defer { progress.close() }
    if let history = plan.history {
      try send(
        posts: history.count, pace: plan.waitsForHistory ? plan.livePace : nil
      ) { history.moment($0) }
    }
    if plan.continuesLive {
      try sendLive()
    } else if !isOver {
      try stream.finish(recordTime: Moment(live: plan.start).recordTime) { try emit($0) }
    }
    try sink.finish { progress.update(sent: sent, sink: sink) }
  }

  private func sendLive() throws {
    let (start, pace, byClock) = (plan.start, plan.livePace, plan.stampsByClock)
    try send(posts: .max, pace: plan.waitsForLive ? pace : nil) { index in
      guard byClock else {
        return Moment(
          live: Timestamp(microseconds: start.microseconds + pace.delay(ofPost: index)))
      }
      // A clock that is set back must not make newer versions look older.
      lastClockTime = max(lastClockTime, .now)
      return Moment(live: lastClockTime)
    }
  }

  /// Sends posts one after the other.
  ///
  /// - Parameters:
  ///   - pace: When each is due; nil is at once.
  ///   - moment: Says what times a post bears, by how many of these posts came before.
  private func send(
    posts: UInt64, pace: Pace?, moment: (UInt64) -> Moment
  ) throws {
    var origin = ContinuousClock.now
    var index: UInt64 = 0
    while index < posts, !isOver {
      if let pace { try wait(for: .microseconds(pace.delay(ofPost: index)), after: &origin) }
      if index % 64 == 0 { look() }
      if isOver { return }
      let moment = moment(index)
      try stream.next(at: moment) { try emit($0) }
      index += 1
    }
  }

  /// Waits until a post is due, but for the last millisecond, which at high rates many posts share.
  ///
  /// Who is more than a second late, as after waiting for a consumer, does not hurry to make up for it.
  private func wait(
    for delay: Duration, after origin: inout ContinuousClock.Instant
  ) throws {
    while true {
      let left = origin + delay - .now
      if left < .seconds(-1) { origin = .now - delay - .seconds(1) }
      if left < .milliseconds(1) || isOver { return }
      try sink.wait(left)
      look()
    }
  }

  /// Hands over a message.
  ///
  /// - Returns: Whether another may follow.
  private func emit(_ message: Message) throws -> Bool {
    if isOver { return false }
    guard try sink.send(message, idle: { progress.update(sent: sent, sink: sink) }) else {
      isOver = true
      return false
    }
    sent += 1
    truth?.apply(message)
    if let count = plan.count, sent >= count { isOver = true }
    return !isOver
  }

  /// Looks at the clock and the signals, which is too dear to do for every post.
  private func look() {
    progress.update(sent: sent, sink: sink)
    if StopSignal.isReceived { isOver = true }
    if let duration = plan.duration,
      progress.elapsed >= .microseconds(duration.microseconds)
    {
      isOver = true
    }
  }
}
