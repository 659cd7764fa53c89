import Foundation
import SyntheticPosts

/// Writes messages to stdout, one line each.
final class PrintSink: MessageSink {
  private let asEnvelopes: Bool
  private var lines: [UInt8] = []
  private var line: [UInt8] = []
  private var lineCount = 0
  private(set) var delivered = 0
  private(set) var problem: String?
  private var hasReader = true

  /// - Parameter asEnvelopes: Whether to show keys and record times too; tombstones need it.
  init(asEnvelopes: Bool) { self.asEnvelopes = asEnvelopes }

  var failed: Int { 0 }
  var obstacle: String? { nil }
  var showsProgress: Bool { false }

  func send(_ message: Message, idle: () -> Void) throws -> Bool {
    guard hasReader, problem == nil else { return false }
    if asEnvelopes {
      message.appendEnvelope(to: &lines)
    } else if message.encodeValue(into: &line) {
      lines.append(contentsOf: line)
      lines.append(UInt8(ascii: "\n"))
    }
    lineCount += 1
    if lines.count >= 1 << 16 { write() }
    return true
  }

  func wait(_ duration: Duration) throws {
    write()
    let microseconds = min(duration, .milliseconds(100)) / .microseconds(1)
    usleep(UInt32(max(0, microseconds)))
  }

  func finish(idle: () -> Void) throws { write() }

  /// Writes what has gathered. A reader that has seen enough, such as `head`, is no problem.
  private func write() {
    var rest = lines[...]
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes { Foundation.write(STDOUT_FILENO, $0.baseAddress, $0.count) }
      if count >= 0 {
        rest.removeFirst(count)
      } else if errno != EINTR {
        if errno == EPIPE {
          hasReader = false
        } else {
          problem = "cannot write to stdout: \(String(cString: strerror(errno)))"
        }
        break
      }
    }
    if rest.isEmpty { delivered += lineCount }
    lines.removeAll(keepingCapacity: true)
    lineCount = 0
  }
}
