import Foundation
import TestSupport
import Testing

/// The commands of `docs/cookbook.md` print what the page says.
///
/// With `UPDATE_COOKBOOK=1` in the environment the page is written anew with what they print.
@Suite struct CookbookTests {
  private static let page = TestFiles.package.appendingPathComponent("docs/cookbook.md")

  /// A command of the page and what stands below it.
  private struct Example {
    var command: String
    var output: String
  }

  /// Stretches of text, and between them the examples of a block.
  private enum Part {
    case text(String)
    case block([Example])

    var markdown: String {
      switch self {
      case .text(let text): text
      case .block(let examples):
        "```console\n" + examples.map { "$ \($0.command)\n\($0.output)" }.joined() + "```\n"
      }
    }
  }

  private static func parts(of page: String) throws -> [Part] {
    var parts: [Part] = []
    var text = ""
    var block: [Example]?
    for line in page.split(separator: "\n", omittingEmptySubsequences: false).dropLast() {
      guard var examples = block else {
        if line == "```console" {
          parts.append(.text(text))
          (text, block) = ("", [])
        } else {
          text += line + "\n"
        }
        continue
      }
      if line == "```" {
        parts.append(.block(examples))
        block = nil
        continue
      }
      if line.hasPrefix("$ ") {
        examples.append(Example(command: String(line.dropFirst(2)), output: ""))
      } else {
        let last = try #require(examples.indices.last, "a block begins with a command")
        // A command goes on behind a backslash.
        if examples[last].output.isEmpty, examples[last].command.hasSuffix("\\") {
          examples[last].command += "\n\(line)"
        } else {
          examples[last].output += "\(line)\n"
        }
      }
      block = examples
    }
    parts.append(.text(text))
    return parts
  }

  /// What commands print when typed one after the other, standard error included.
  private func run(_ commands: [String], in folder: String) throws -> [String] {
    let mark = "-- end of a command --"
    let script = commands.map { "{ \($0)\n} 2>&1\necho '\(mark)'" }.joined(separator: "\n")
    let outcome = try Program(
      executable: URL(fileURLWithPath: "/usr/bin/env"),
      ["bash", "-c", "cd \"$0\" && eval \"$1\"", folder, script],
      environment: [
        "PATH": TestFiles.products.path + ":/usr/local/bin:/usr/bin:/bin", "LC_ALL": "C.UTF-8",
      ]
    ).wait(timeout: .seconds(300))
    #expect(outcome.status == 0)
    #expect(outcome.standardError == "")
    var outputs = outcome.standardOutput.components(separatedBy: "\(mark)\n")
    #expect(outputs.removeLast() == "")
    return outputs
  }

  @Test func everyCommandPrintsWhatThePageSays() async throws {
    try await onThread {
      let files = try TemporaryDirectory()
      let text = try String(contentsOf: Self.page, encoding: .utf8)
      var parts = try Self.parts(of: text)
      #expect(parts.map(\.markdown).joined() == text, "the page is read as it is written")
      let examples = parts.flatMap { part -> [Example] in
        if case .block(let examples) = part { examples } else { [] }
      }
      #expect(text.split(separator: "\n").count { $0.hasPrefix("## ") } == 15)
      var outputs = try run(examples.map(\.command), in: files.path)[...]
      try #require(outputs.count == examples.count)
      guard ProcessInfo.processInfo.environment["UPDATE_COOKBOOK"] != "1" else {
        for index in parts.indices {
          guard case .block(var examples) = parts[index] else { continue }
          for example in examples.indices {
            examples[example].output = outputs.popFirst() ?? ""
          }
          parts[index] = .block(examples)
        }
        try parts.map(\.markdown).joined().write(to: Self.page, atomically: true, encoding: .utf8)
        return
      }
      for (example, output) in zip(examples, outputs) {
        #expect(output == example.output, "\(example.command)")
      }
    }
  }
}
