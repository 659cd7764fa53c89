import Foundation
import Kafka
import TestSupport
import Testing

@Suite struct SocialBrokerTests {
  @Test(arguments: [SIGTERM, SIGINT])
  func itServesUntilASignal(_ signal: Int32) async throws {
    try await onThread {
      let directory = try TemporaryDirectory()
      let file = directory.path("address")
      let program = try Program(
        "social-broker", ["--address-file", file, "--topic", "social_media", "--topic", "other:2"])
      try waitUntil("the address file is there") { FileManager.default.fileExists(atPath: file) }
      let address = try String(contentsOfFile: file, encoding: .utf8)
      try waitUntil("the address is printed") { program.standardOutput == address }
      let configuration = KafkaConfiguration(
        brokers: address.trimmingCharacters(in: .whitespacesAndNewlines))
      let consumer = try KafkaConsumer(configuration, group: "g")
      #expect(try consumer.partitions(of: "social_media", timeout: .seconds(5)) == [0, 1, 2, 3])
      #expect(try consumer.partitions(of: "other", timeout: .seconds(5)) == [0, 1])
      try produce([Record(key: "k", value: "v")], to: "social_media", configuration)

      program.send(signal: signal)
      let outcome = try program.wait(timeout: .seconds(10))
      #expect(outcome.status == 0)
      #expect(outcome.standardOutput == address)
      #expect(outcome.standardError == "")
      #expect(!FileManager.default.fileExists(atPath: file))
    }
  }

  @Test func aSecondOneLeavesTheFirstOnesFileAlone() async throws {
    try await onThread {
      let directory = try TemporaryDirectory()
      let file = directory.path("address")
      let first = try Program("social-broker", ["--address-file", file])
      try waitUntil("the address file is there") { FileManager.default.fileExists(atPath: file) }
      let address = try String(contentsOfFile: file, encoding: .utf8)

      let refused = try Program.run("social-broker", ["--address-file", file])
      #expect(refused.status == 1)
      #expect(refused.standardError.contains("already serves"))
      #expect(refused.standardOutput == "")
      #expect(try String(contentsOfFile: file, encoding: .utf8) == address)

      let second = try Program("social-broker", ["--address-file", directory.path("other")])
      try waitUntil("the second one serves") { second.standardOutput.hasSuffix("\n") }
      #expect(second.standardOutput != address)

      first.send(signal: SIGKILL)
      #expect(try first.wait().signal == SIGKILL)
      let third = try Program("social-broker", ["--address-file", file])
      try waitUntil("the file that was left behind is replaced") {
        third.standardOutput.hasSuffix("\n")
      }
      #expect(try String(contentsOfFile: file, encoding: .utf8) == third.standardOutput)
      third.send(signal: SIGTERM)
      // Nothing about the broker that is gone is printed.
      #expect(try third.wait().standardError == "")
    }
  }

  @Test func aFileOfAnotherKindIsNotOverwritten() async throws {
    let outcome = try await onThread {
      let directory = try TemporaryDirectory()
      try Data("a letter\n".utf8).write(to: directory.url.appendingPathComponent("letter"))
      let outcome = try Program.run("social-broker", ["--address-file", directory.path("letter")])
      #expect(
        try String(contentsOfFile: directory.path("letter"), encoding: .utf8) == "a letter\n")
      return outcome
    }
    #expect(outcome.status == 1)
    #expect(outcome.standardError.contains("holds no address"))
  }

  @Test(
    arguments: [
      (["--help"], 0, "5 MiB"), (["--help"], 0, "compose.yaml"),
      (["--partitions", "0"], 64, "1 to 1000 partitions"),
      (["--topic", "a:1001"], 64, "1 to 1000 partitions"),
      (["--topic", "two words"], 64, "topic"), (["--topic", "a:b"], 64, "topic"),
      (["--address-file", "/no/such/folder/file"], 1, "could not be written"),
    ] as [([String], Int32, String)])
  func itsCommandLine(_ arguments: [String], _ status: Int32, _ text: String) async throws {
    let outcome = try await onThread { try Program.run("social-broker", arguments) }
    #expect(outcome.status == status)
    #expect((outcome.standardOutput + outcome.standardError).contains(text))
  }
}
