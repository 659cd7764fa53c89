import Foundation

/// Talk to the user, which goes to stderr.
enum Standard {
  static func talk(_ text: String) {
    FileHandle.standardError.write(Data((text + "\n").utf8))
  }
}

/// One line on stderr that says how far a run has come: repainted on a terminal, else a new one every
/// five seconds.
struct Progress {
  private let isTerminal = isatty(STDERR_FILENO) != 0
  private let begin = ContinuousClock.now
  private var lastShown = ContinuousClock.now
  private var lastSent: UInt64 = 0
  private var isOpen = false

  /// Shows the numbers if it is time to.
  mutating func update(sent: UInt64, sink: any MessageSink) {
    guard sink.showsProgress else { return }
    let now = ContinuousClock.now
    let passed = now - lastShown
    guard passed >= (isTerminal ? .milliseconds(250) : .seconds(5)) else { return }
    let rate = Double(sent - lastSent) / (passed / .seconds(1))
    lastShown = now
    lastSent = sent
    var line = "sent \(sent)  delivered \(sink.delivered)  failed \(sink.failed)"
    line += String(format: "  %.\(rate < 10 ? 1 : 0)f/s", rate)
    if let obstacle = sink.obstacle { line += "  (\(obstacle))" }
    if isTerminal {
      FileHandle.standardError.write(Data("\r\u{1B}[K\(line)".utf8))
      isOpen = true
    } else {
      Standard.talk(line)
    }
  }

  /// Ends the line of a terminal.
  mutating func close() {
    if isOpen { Standard.talk("") }
    isOpen = false
  }

  /// How long it has been going.
  var elapsed: Duration { ContinuousClock.now - begin }
}
