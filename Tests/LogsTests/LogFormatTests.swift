import Foundation
import Logging
import Logs
import Testing

/// Whatever a message holds, an event is one line, and what JSON readers make of it is what it held.
@Suite struct LogFormatTests {
  private static let hostile = [
    "plain", "two\nlines\r\n", "tab\tand\u{1B}[31mred\u{1B}[0m", "\u{0}\u{7}\u{85}",
    "\u{202E}txt.exe",
    "\u{2028}\u{2029}", "\"quoted\" \\ back", "ünïcode 😀 日本", "\u{FEFF}", "{\"a\":1}", "",
  ]

  @Test(arguments: hostile)
  func anEventIsOneLine(_ text: String) throws {
    let metadata: Logger.Metadata = [
      "topic": "\(text)", "offset": .stringConvertible(Int64.max), "list": .array(["\(text)"]),
      "nested": .dictionary(["a": "\(text)"]),
    ]
    for format in LogFormat.allCases {
      let line = format.line(.warning, text, metadata, at: Date(timeIntervalSince1970: 0.25))
      #expect(
        line.unicodeScalars.allSatisfy {
          ![.control, .format, .lineSeparator, .paragraphSeparator].contains(
            $0.properties.generalCategory)
        })
    }
    let line = LogFormat.json.line(.warning, text, metadata, at: Date(timeIntervalSince1970: 0.25))
    let object = try #require(
      JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])
    #expect(object["time"] as? String == "1970-01-01T00:00:00.250Z")
    #expect(object["level"] as? String == "warning")
    #expect(object["message"] as? String == text)
    #expect(object["topic"] as? String == text)
    #expect((object["offset"] as? NSNumber)?.int64Value == .max)
    #expect(object["list"] as? [String] == [text])
    #expect((object["nested"] as? [String: String]) == ["a": text])
  }

  @Test func textSaysTimeLevelAndMessage() {
    let line = LogFormat.text.line(
      .info, "reading", ["a": "b"], at: Date(timeIntervalSince1970: 1.5))
    #expect(line == "1970-01-01T00:00:01.500Z info: reading")
    #expect(LogFormat.text.line(.error, "no\u{9B}", [:], at: nil) == "error: no\\u{9b}")
  }

  @Test func whatIsBelowTheLevelIsLeftOut() {
    let log = StandardErrorLog(format: .json, level: .error)
    let logger = Logger(label: "test") { _ in log }
    #expect(logger.logLevel == .error)
  }
}
