import Foundation
import Rendering

/// A terminal that shows the output.
struct Terminal: Equatable {
  /// Its width in columns; nil if it does not say.
  let width: Int?
  /// Its height in lines; nil if it does not say.
  let height: Int?

  /// The terminal behind standard output, or nil where that is a file or a pipe.
  static var ofStandardOutput: Terminal? {
    guard isatty(STDOUT_FILENO) == 1 else { return nil }
    var size = winsize()
    guard ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else {
      return Terminal(width: nil, height: nil)
    }
    return Terminal(width: Int(size.ws_col), height: size.ws_row > 0 ? Int(size.ws_row) : nil)
  }

  /// Whether it shows colours.
  var hasColour: Bool {
    let kind = Self.variable("TERM")
    return !kind.isEmpty && kind != "dumb"
  }

  /// The colours that it has, if it has any. There is no asking a terminal; those with all of them say
  /// so in `COLORTERM`, and a terminal without them would show something else than the nearest colour.
  static var colourDepth: ColourDepth {
    ["truecolor", "24bit"].contains(variable("COLORTERM")) ? .full : .palette
  }

  private static func variable(_ name: String) -> String {
    ProcessInfo.processInfo.environment[name] ?? ""
  }
}
