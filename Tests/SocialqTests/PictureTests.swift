import Foundation
import TestSupport
import Testing

extension ProgramTests {
  /// `--chart`, in a pipe and on a terminal.
  @Suite struct PictureTests {
    /// The built-in queries whose header names a chart, and its form.
    static let drawn: [(query: String, hint: String)] = {
      let folder = TestFiles.package.appendingPathComponent("queries")
      let files = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
      return files.filter { $0.hasSuffix(".sql") }.sorted().compactMap { file in
        let text = try? String(contentsOf: folder.appendingPathComponent(file), encoding: .utf8)
        return text?.split(separator: "\n").first { $0.hasPrefix("-- chart: ") }
          .map { (String(file.dropLast(4)), String($0.dropFirst("-- chart: ".count))) }
      }
    }()

    private static func arguments(of query: String) -> [String] {
      switch query {
      case "account": ["--user", "name1"]
      case "sentiment-spikes": ["--sigmas", "0", "--min-posts", "1", "--min-buckets", "1"]
      case "posts-with-hashtag": ["--hashtag", "ai"]
      default: []
      }
    }

    @Test func everyFormIsThereToBeDrawn() {
      #expect(PictureTests.drawn.count >= 15)
      #expect(
        Set(PictureTests.drawn.map { String($0.hint.prefix { $0 != " " }) }).isSuperset(of: [
          "bar", "line", "heatmap", "cards", "pie",
        ])
      )
    }

    /// What is drawn has the names and the numbers of the answer beside it.
    @Test(arguments: drawn)
    func everyQueryIsDrawnWithItsNumbers(_ query: String, _ hint: String) async throws {
      try await onThread {
        let store = try CommandLineStore()
        let words = hint.split(separator: " ")
        let form = words[0]
        let arguments = [query] + PictureTests.arguments(of: query)
        let drawn = try store.run(arguments + ["--chart"])
        #expect(drawn.status == 0 && drawn.standardError.isEmpty, "\(drawn.standardError)")
        #expect(!drawn.standardOutput.contains("\u{1B}"))
        let lines = drawn.standardOutput.split(separator: "\n")
        #expect(!lines.isEmpty && (form == "table" || lines.allSatisfy { $0.count <= 80 }))
        let answer = try store.run(arguments + ["--format", "csv"]).standardOutput
        let rows = answer.split(separator: "\n").dropFirst().map { $0.split(separator: ",") }
        try #require(!rows.isEmpty)
        let header = answer.prefix { $0 != "\n" }.split(separator: ",")
        let axis =
          words.first { $0.hasPrefix("x=") }.flatMap { header.firstIndex(of: $0.dropFirst(2)) } ?? 0
        switch form {
        case "line":
          #expect(lines.contains { $0.hasPrefix("── ") && $0.contains("  max ") })
          #expect(
            drawn.standardOutput.contains("└─") && drawn.standardOutput.contains("2026-03-03"))
        case "heatmap":
          for row in rows { #expect(lines.contains { $0.hasPrefix(row[axis] + " ") }, "\(row)") }
          #expect(drawn.standardOutput.contains("█"))
        case "bar", "pie", "sunburst":
          #expect(drawn.standardOutput.contains("█"))
          for row in rows {
            #expect(
              lines.contains { line in
                line.hasPrefix(row[axis] + " ")
                  && row[(axis + 1)...].contains {
                    line.contains(" " + ($0.hasSuffix(".0") ? $0.dropLast(2) : $0))
                  }
              }, "\(row)")
          }
        default:
          for row in rows {
            #expect(row.allSatisfy { drawn.standardOutput.contains($0) }, "\(row)")
          }
        }
      }
    }

    @Test(
      arguments: [
        ([], [:], true), (["--color", "never"], [:], false), ([], ["NO_COLOR": "1"], false),
        (["--color", "always"], ["NO_COLOR": "1"], true), ([], ["TERM": "dumb"], false),
      ] as [([String], [String: String], Bool)])
    func aTerminalHasColour(
      _ flags: [String], _ environment: [String: String], _ isColoured: Bool
    ) async throws {
      try await onThread {
        let store = try CommandLineStore()
        let session = try store.terminal(
          ["posts-by-platform", "--chart"] + flags, environment: environment)
        #expect(session.status == 0 && session.output.contains("YouTube"))
        #expect(session.output.contains("\u{1B}[") == isColoured, "\(session.output)")
      }
    }

    @Test func aFileAndAPipeHaveColourOnlyIfItIsAsked() async throws {
      try await onThread {
        let store = try CommandLineStore()
        let asked = try store.socialq("posts-by-platform", "--chart", "--color", "always")
        #expect(asked.standardOutput.contains("\u{1B}["))
        let file = store.folder.path("chart.txt")
        let session = try store.terminal(["posts-by-platform", "--chart", "--output", file])
        #expect(session.status == 0 && session.output.isEmpty)
        #expect(try !store.content("chart.txt").contains("\u{1B}"))
        #expect(try store.content("chart.txt").contains("█"))
      }
    }

    @Test func theTerminalSaysHowWideAnAnswerIs() async throws {
      try await onThread {
        let store = try CommandLineStore()
        func widest(_ words: [String], _ size: String) throws -> Int {
          let output = try store.terminal(words + ["--color", "never"], size: size).output
          return output.split(whereSeparator: \.isNewline)
            .filter { $0.contains("│") || $0.contains("█") }.map(\.count).max() ?? 0
        }
        let chart = ["top-topics", "--chart"]
        #expect(try widest(chart, "50x20") == 50 && widest(chart, "132x20") == 132)
        let table = ["recent-posts", "--limit", "3"]
        #expect(try widest(table, "50x20") <= 50 && widest(table + ["--wide"], "50x20") > 60)
        let boxed = try store.terminal(["kpis"], size: "200x20").output
        #expect(boxed.contains("┌─") && boxed.contains(" 990,000 "), "\(boxed)")
      }
    }

    @Test func anAnswerWithoutAChartSaysSo() async throws {
      try await onThread {
        let store = try CommandLineStore()
        try store.addQuery(
          "bare", "-- title: Bare\n-- help: Bare.\n-- column: one count\nSELECT 1 AS one")
        for words in [["bare", "--chart"], ["list", "--chart"], ["sql", "SELECT 1", "--chart"]] {
          let outcome = try store.run(words)
          #expect(outcome.status == 64 && outcome.standardOutput.isEmpty)
          #expect(outcome.standardError.contains("has no chart"), "\(outcome.standardError)")
        }
        let empty = try store.socialq(
          "top-topics", "--since", "2020-01-01", "--until", "2020-01-02", "--chart")
        #expect(empty.status == 0 && empty.standardOutput.isEmpty)
        #expect(empty.standardError == "(no rows)\n")
      }
    }
  }
}
