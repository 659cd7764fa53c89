import Foundation
import TestSupport

/// `social-broker` as a program, which serves as long as the value lasts.
final class EmbeddedBroker {
  /// Where clients find it.
  let brokers: String
  private let program: Program
  private let files: TemporaryDirectory

  init(partitions: Int = 4) throws {
    let files = try TemporaryDirectory()
    let address = files.path("address")
    let program = try Program(
      "social-broker", ["--address-file", address, "--partitions", "\(partitions)"])
    try waitUntil("the broker has an address") {
      program.isRunning && FileManager.default.fileExists(atPath: address)
    }
    brokers = try String(contentsOfFile: address, encoding: .utf8)
      .trimmingCharacters(in: .whitespacesAndNewlines)
    (self.program, self.files) = (program, files)
  }

  /// Publishes a history of an hour to it.
  func publish(_ count: Int, seed: Int, _ arguments: [String] = []) throws {
    try run(
      "social-producer",
      [
        "--seed", "\(seed)", "--backfill", "1h", "--backfill-count", "\(count)", "--backfill-only",
      ] + arguments)
  }

  /// Takes everything that is in the topic into a store.
  @discardableResult
  func consumeToEnd(into store: String, _ arguments: [String] = []) throws -> Program.Outcome {
    try run("social-consumer", ["--db", store, "--exit-at-end"] + arguments)
  }

  @discardableResult
  private func run(_ program: String, _ arguments: [String]) throws -> Program.Outcome {
    let outcome = try Program.run(program, ["--brokers", brokers] + arguments)
    guard outcome.status == 0 else {
      throw TestSupportError("\(program): \(outcome.standardError)")
    }
    return outcome
  }
}
