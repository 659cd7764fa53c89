import Foundation
import Rendering
import Signals

/// The setting of a key of a terminal that there is none; the C macro is a cast Swift does not import.
#if canImport(Darwin)
  private let noKey: UInt8 = 0xFF
#else
  private let noKey: UInt8 = 0
#endif

/// The whole terminal, taken for a while: its other screen, without a cursor, and keys as they come.
///
/// `leave` gives all of it back, and has to be called however the program goes on.
final class Screen {
  private let sink = FileDescriptorSink(isStopped: isStopped)
  private var before: termios?
  private var hasQuit = false
  private var isOpen = true

  init() {
    var settings = termios()
    if tcgetattr(STDIN_FILENO, &settings) == 0 {
      before = settings
      settings.c_lflag &= ~tcflag_t(ICANON | ECHO)
      // A program that is stopped by Ctrl-Z would leave its screen to the shell.
      withUnsafeMutableBytes(of: &settings.c_cc) {
        $0[Int(VMIN)] = 0
        $0[Int(VTIME)] = 0
        $0[Int(VSUSP)] = noKey
      }
      tcsetattr(STDIN_FILENO, TCSANOW, &settings)
    }
    try? send(Control.otherScreen + Control.hideCursor)
  }

  deinit { leave() }

  /// What a terminal is told; see [XTerm's](https://invisible-island.net/xterm/ctlseqs/ctlseqs.html).
  private enum Control {
    static let otherScreen = "\u{1B}[?1049h"
    static let ownScreen = "\u{1B}[?1049l"
    static let hideCursor = "\u{1B}[?25l"
    static let showCursor = "\u{1B}[?25h"
    /// What comes next is shown at once, and lines that are too long are cut.
    static let beginFrame = "\u{1B}[?2026h\u{1B}[?7l\u{1B}[H"
    static let endFrame = "\u{1B}[?7h\u{1B}[?2026l"
    static let clearBelow = "\u{1B}[J"
    static let clearToEndOfLine = "\u{1B}[K"
  }

  /// Whether the user has pressed q, or asked the program to stop. It is asked from within queries.
  var isLeaving: Bool {
    if isStopped() || hasQuit { return true }
    var request = pollfd(fd: STDIN_FILENO, events: Int16(POLLIN), revents: 0)
    guard before != nil, poll(&request, 1, 0) == 1, request.revents != 0 else { return false }
    var keys = [UInt8](repeating: 0, count: 64)
    let count = read(STDIN_FILENO, &keys, keys.count)
    // Without a terminal nothing shows the screen any more.
    hasQuit = count <= 0 || keys[..<max(count, 0)].contains { $0 == 0x71 || $0 == 0x51 }
    return hasQuit
  }

  /// Shows lines from the top; those below the edge are left out, and a line says so.
  func paint(_ lines: [String]) throws {
    var shown = lines
    let height = Terminal.ofStandardOutput?.height
    if let height, lines.count > height {
      shown = Array(lines.prefix(max(height - 1, 1)))
      shown.append("(\(lines.count - shown.count) lines more)")
    }
    // Before the text: behind a line that fills the width it would take the last character away.
    if let width = Terminal.ofStandardOutput?.width {
      // Lines that are coloured are made to fit.
      shown = shown.map { $0.contains("\u{1B}") ? $0 : TerminalText.elided($0, to: width) }
    }
    let text = shown.map { Control.clearToEndOfLine + $0 }.joined(separator: "\r\n")
    let rest = shown.count < height ?? .max ? "\r\n" + Control.clearBelow : ""
    try send(Control.beginFrame + text + rest + Control.endFrame)
  }

  /// Waits until an instant, a key, a request to stop or a new size of the terminal.
  func wait(until instant: ContinuousClock.Instant) {
    let size = Terminal.ofStandardOutput
    while !isLeaving, Terminal.ofStandardOutput == size {
      let rest = ContinuousClock.now.duration(to: instant)
      guard rest > .zero else { return }
      // A signal or a new size is seen after a tenth of a second at most, a key at once.
      let milliseconds = min(rest / .milliseconds(1), 100)
      var request = pollfd(fd: STDIN_FILENO, events: Int16(POLLIN), revents: 0)
      poll(&request, before == nil ? 0 : 1, Int32(milliseconds.rounded(.up)))
    }
  }

  /// Gives the terminal back.
  func leave() {
    guard isOpen else { return }
    isOpen = false
    try? send(Control.showCursor + Control.ownScreen)
    if var before { tcsetattr(STDIN_FILENO, TCSAFLUSH, &before) }
  }

  private func send(_ text: String) throws {
    try sink.write(Array(text.utf8))
    try sink.flush()
  }
}
