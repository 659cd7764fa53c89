import Foundation
import Ingest
import PostStore
import StandardStreams

/// Shows on standard error what the consumer does: a line of progress, repainted on a terminal and
/// written every few seconds elsewhere, and a line for everything out of the ordinary.
final class Console {
  private var output = ProgressLine()
  private let start = ContinuousClock.now
  private var lastTotal: Int64 = 0
  private var progress = IngestProgress()
  private var rate = 0.0
  private var lastProblem: (text: String, time: ContinuousClock.Instant)?

  init(path: String) {
    line("storing to \(path)")
  }

  func show(_ event: IngestEvent) {
    switch event {
    case .neverWritten(let topic):
      line(
        "the topic '\(topic)' has never had a message: is that its name? A broker that makes topics on demand has just made it"
      )
    case .assigned(let positions):
      let list = positions.sorted { $0.key < $1.key }.map { "\($0.key) from \($0.value)" }
      line(list.isEmpty ? "reading no partition" : "reading \(list.joined(separator: ", "))")
    case .revoked(let partitions):
      guard !partitions.isEmpty else { return }
      line("gave up \(partitions.map(\.description).joined(separator: ", "))")
    case .committed(let progress):
      self.progress = progress
      paint()
    case .missing(let partition, let count, let offset):
      line(
        "\(count) messages of \(partition) expired on the broker before they were read; going on at \(offset)"
      )
    case .fenced(let partition, let offset):
      line("\(partition) was moved on by another consumer; going on at \(offset)")
    case .storeWaits(let error):
      line("\(error); nothing is read until then")
    case .storeResumed:
      line("the store takes messages again; reading goes on")
    case .refused(let partition, let offset, let error):
      line("offset \(offset) of \(partition) is rejected: \(error)")
    case .kafka(let error):
      // The client repeats itself while a broker is away.
      let text = "\(error)"
      if let lastProblem, lastProblem.text == text,
        ContinuousClock.now - lastProblem.time < .seconds(30)
      {
        return
      }
      lastProblem = (text, .now)
      line(text)
    }
  }

  /// The last line, with the figures of the whole run.
  func finish() {
    let seconds = max(0.001, (ContinuousClock.now - start) / .seconds(1))
    rate = Double(progress.outcomes.total) / seconds
    line(summary)
  }

  private func paint() {
    guard let passed = output.takeTurn() else { return }
    let total = progress.outcomes.total
    rate = Double(total - lastTotal) / (passed / .seconds(1))
    lastTotal = total
    output.show(summary)
  }

  private var summary: String {
    let counts = progress.outcomes
    var text = "\(Int(rate)) posts/s"
    for outcome in Outcome.allCases where counts[outcome] > 0 || outcome == .stored {
      text += ", \(counts[outcome]) \(outcome)"
    }
    if progress.fenced > 0 { text += ", \(progress.fenced) fenced" }
    if progress.missing > 0 { text += ", \(progress.missing) missing" }
    if let lag = progress.lag { text += ", lag \(lag)" }
    return text
  }

  private func line(_ text: String) { output.say(text) }
}
