import Foundation
import StandardStreams

/// How far a run has come, shown every so often.
struct Progress {
  private var line = ProgressLine(everyOnTerminal: .milliseconds(250))
  private let begin = ContinuousClock.now
  private var lastSent: UInt64 = 0

  /// Shows the numbers if it is time to.
  mutating func update(sent: UInt64, sink: any MessageSink) {
    guard sink.showsProgress, let passed = line.takeTurn() else { return }
    let rate = Double(sent - lastSent) / (passed / .seconds(1))
    lastSent = sent
    var text = "sent \(sent)  delivered \(sink.delivered)  failed \(sink.failed)"
    text += String(format: "  %.\(rate < 10 ? 1 : 0)f/s", rate)
    if let obstacle = sink.obstacle { text += "  (\(obstacle))" }
    line.show(text)
  }

  /// Ends the line of a terminal.
  mutating func close() { line.close() }

  /// How long it has been going.
  var elapsed: Duration { ContinuousClock.now - begin }
}
