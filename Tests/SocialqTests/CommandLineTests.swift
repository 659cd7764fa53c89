import Foundation
import PostStore
import Posts
import StoreFixtures
import TestSupport
import Testing

/// What the commands take, and what they say of what they do not.
@Suite struct CommandLineTests {
  private func socialq(_ arguments: [String]) throws -> Program.Outcome {
    try Program.run("socialq", arguments)
  }

  @Test(arguments: [
    ["check", "top-hashtags", "--help"], ["explain", "top-hashtags", "-h"],
    ["query", "top-hashtags", "--help"], ["top-hashtags", "--help"],
  ])
  func helpIsThatOfTheQuery(_ arguments: [String]) async throws {
    try await onThread {
      let outcome = try socialq(arguments)
      #expect(outcome.status == 0)
      #expect(outcome.standardOutput.contains("OPTIONS OF THIS QUERY"), "\(outcome)")
    }
  }

  @Test(arguments: ["check", "explain", "list", "rollups", "serve"])
  func helpOfACommandIsItsOwn(_ command: String) async throws {
    try await onThread {
      let outcome = try socialq([command, "--help"])
      #expect(outcome.status == 0)
      #expect(outcome.standardOutput.contains("USAGE: socialq \(command)"))
    }
  }

  @Test func aQueryFileCannotHaveTheNameOfACommand() async throws {
    try await onThread {
      let files = try TemporaryDirectory()
      for name in ["check", "list", "help"] {
        let file = try files.write(
          "-- title: A\n-- column: x count\nSELECT 1 AS x", to: "\(name).sql")
        let outcome = try socialq(["list", "--queries", files.path])
        #expect(outcome.status == 1)
        #expect(outcome.standardOutput.contains("Key figures"))
        #expect(outcome.standardError.contains("\(file): '\(name)' is a command"))
        try FileManager.default.removeItem(atPath: file)
      }
    }
  }

  @Test func aNameWithACommaStandsInQuotes() async throws {
    try await onThread {
      let files = try TemporaryDirectory()
      let path = files.path("store.db")
      let names: [ExactString] = ["Twitter", "Truth, Social", "a \"b\""]
      try StoreWriter(path: path).store(
        names.enumerated().map { index, name in
          .sample(ExactString("\(index)")) { $0.platform = name }
        })
      for (argument, posts) in [
        ("\"Truth, Social\"", 1), ("Twitter,\"Truth, Social\"", 2),
        (" \"a \"\"b\"\"\" , Twitter", 2), ("twitter", 1),
      ] {
        let outcome = try socialq([
          "kpis", "--platform", argument, "--format", "csv", "--db", path,
        ])
        #expect(outcome.standardOutput.contains("\n\(posts),"), "\(argument) \(outcome)")
      }
      for argument in ["", ",", "Twitter,", "\"Twitter", "\"Twitter\"x", "\"\""] {
        let outcome = try socialq(["kpis", "--platform", argument, "--db", path])
        #expect(outcome.status == 64, "\(argument) \(outcome)")
      }
    }
  }

  @Test(arguments: ["30", "30s", "500ms", "2m"])
  func everyProgramTakesTheSameTimeouts(_ timeout: String) async throws {
    try await onThread {
      let files = try TemporaryDirectory()
      try StoreWriter(path: files.path("store.db")).store([.sample()])
      #expect(
        try socialq(["kpis", "--timeout", timeout, "--db", files.path("store.db")]).status == 0)
      for program in ["social-producer", "social-consumer"] {
        let outcome = try Program.run(program, ["--timeout", timeout, "--topic", "^s.*"])
        #expect(outcome.status == 64)
        #expect(outcome.standardError.contains("'^s.*' cannot be a topic"), "\(outcome)")
      }
    }
  }

  @Test(arguments: [
    ["--timeout", "0"], ["--timeout", "soon"], ["--topic", ""], ["--topic", "a/b"], ["-X", "foo"],
    ["-X", "=1"],
  ])
  func aMistakeInAnOptionIsAMistakeInTheCommand(_ arguments: [String]) async throws {
    try await onThread {
      for program in ["social-producer", "social-consumer"] {
        let outcome = try Program.run(program, arguments)
        #expect(outcome.status == 64, "\(program)")
      }
    }
  }

  @Test func aReaderWhoHasSeenEnoughIsToldNothing() async throws {
    try await onThread {
      let path = TestFiles.products.appendingPathComponent("social-producer").path
      let outcome = try Program(
        executable: URL(fileURLWithPath: "/usr/bin/env"),
        [
          "bash", "-c", "set -o pipefail; \"$0\" --print --seed 1 --count 100000 | head -1", path,
        ]
      ).wait()
      #expect(outcome.status == 0)
      #expect(outcome.standardOutput.split(separator: "\n").count == 1)
      #expect(!outcome.standardError.contains("delivered"), "\(outcome.standardError)")
    }
  }

  @Test func aTopicWithoutMessagesIsSaid() async throws {
    try await onThread {
      let files = try TemporaryDirectory()
      let broker = try Program("social-broker", ["--address-file", files.path("address")])
      try waitUntil("the broker has an address") {
        broker.isRunning && FileManager.default.fileExists(atPath: files.path("address"))
      }
      let address = try String(contentsOfFile: files.path("address"), encoding: .utf8)
        .trimmingCharacters(in: .whitespacesAndNewlines)
      let outcome = try Program.run(
        "social-consumer",
        [
          "--brokers", address, "--topic", "nosuch", "--db", files.path("store.db"),
          "--exit-at-end",
        ])
      #expect(outcome.status == 0)
      #expect(outcome.standardError.contains("the topic 'nosuch' has never had a message"))
    }
  }
}
