import Foundation
import Logging

/// How a line of a log is written.
public enum LogFormat: String, CaseIterable, Sendable {
  /// Time, level and message, for people.
  case text
  /// A JSON object with the time, the level, the message, and what the message is about.
  case json

  /// A line, without its end.
  ///
  /// Whatever a text holds, it stays one line: characters that no one can see are written as escapes.
  ///
  /// - Parameters:
  ///   - time: When it happened; nil leaves it out, where somebody watches.
  ///   - metadata: What the message is about; text leaves it out, since its message says it all.
  public func line(
    _ level: Logger.Level, _ message: String, _ metadata: Logger.Metadata, at time: Date?
  ) -> String {
    let stamp = time.map { $0.formatted(Self.timeStyle) }
    switch self {
    case .text:
      return [stamp, "\(level):", Self.visible(message)].compactMap { $0 }.joined(separator: " ")
    case .json:
      var members = [("time", stamp), ("level", level.rawValue), ("message", message)].compactMap {
        name, value in value.map { (name, Self.quoted($0)) }
      }
      for (name, value) in metadata.sorted(by: { $0.key < $1.key }) {
        members.append((name, Self.json(value)))
      }
      return "{" + members.map { "\(Self.quoted($0)):\($1)" }.joined(separator: ",") + "}"
    }
  }

  private static let timeStyle = Date.ISO8601FormatStyle(includingFractionalSeconds: true)

  /// A value as JSON; one that is a number stays one.
  private static func json(_ value: Logger.Metadata.Value) -> String {
    switch value {
    case .string(let text): quoted(text)
    case .stringConvertible(let number as any BinaryInteger): "\(number)"
    case .stringConvertible(let other): quoted("\(other)")
    case .array(let values): "[" + values.map(json).joined(separator: ",") + "]"
    case .dictionary(let values):
      "{"
        + values.sorted { $0.key < $1.key }.map { "\(quoted($0)):\(json($1))" }
        .joined(separator: ",") + "}"
    }
  }

  private static func quoted(_ text: String) -> String {
    var quoted = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": quoted += "\\\""
      case "\\": quoted += "\\\\"
      case _ where isHidden(scalar):
        for unit in String(scalar).utf16 {
          let digits = String(unit, radix: 16)
          quoted += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
        }
      default: quoted.unicodeScalars.append(scalar)
      }
    }
    return quoted + "\""
  }

  /// A text with escapes in place of what no one can see.
  private static func visible(_ text: String) -> String {
    var visible = ""
    for scalar in text.unicodeScalars {
      if isHidden(scalar) {
        visible += "\\u{\(String(scalar.value, radix: 16))}"
      } else {
        visible.unicodeScalars.append(scalar)
      }
    }
    return visible
  }

  /// Whether a character ends a line, moves the cursor or turns the direction of writing.
  private static func isHidden(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.properties.generalCategory {
    case .control, .format, .lineSeparator, .paragraphSeparator, .privateUse, .unassigned: true
    default: false
    }
  }
}
