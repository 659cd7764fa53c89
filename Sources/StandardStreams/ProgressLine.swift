/// A line on standard error that says how far a run has come: painted over on a terminal, written anew
/// elsewhere.
public struct ProgressLine {
  /// Whether it is painted over.
  public let isTerminal = StandardError.isTerminal
  private let pauses: (onTerminal: Duration, elsewhere: Duration)
  private var lastShown = ContinuousClock.now
  private var isOpen = false

  /// A line that is due every so often, the first time after one pause.
  public init(everyOnTerminal: Duration = .milliseconds(200), elsewhere: Duration = .seconds(5)) {
    pauses = (everyOnTerminal, elsewhere)
  }

  /// The time since the line was last due, if it is again; the next pause then begins.
  public mutating func takeTurn() -> Duration? {
    let now = ContinuousClock.now
    let passed = now - lastShown
    guard passed >= (isTerminal ? pauses.onTerminal : pauses.elsewhere) else { return nil }
    lastShown = now
    return passed
  }

  /// Shows a text in place of the one before.
  public mutating func show(_ text: String) {
    if isTerminal {
      StandardError.write("\r\u{1B}[2K\(text)")
      isOpen = true
    } else {
      StandardError.say(text)
    }
  }

  /// Writes a line of its own, below what was shown last.
  public mutating func say(_ text: String) {
    close()
    StandardError.say(text)
  }

  /// Ends the line, leaving what it shows.
  public mutating func close() {
    if isOpen { StandardError.write("\n") }
    isOpen = false
  }

  /// Takes the line away.
  public mutating func clear() {
    if isOpen { StandardError.write("\r\u{1B}[2K") }
    isOpen = false
  }
}
