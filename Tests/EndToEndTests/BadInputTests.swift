import Foundation
import TestSupport
import Testing

/// What users are told when something is not as it should be: a sentence with what to do, and a status.
@Suite struct BadInputTests {
  @Test(arguments: ["social-producer", "social-consumer"])
  func aBrokerThatIsNotThereIsTold(_ program: String) async throws {
    try await onThread {
      let files = try TemporaryDirectory()
      let brokers = "127.0.0.1:\(try freePort())"
      let outcome = try Program.run(
        program, ["--brokers", brokers, "--timeout", program == "social-producer" ? "2s" : "2"],
        environment: ["SOCIALQ_DB": files.path("store.db")])
      #expect(outcome.status == 1)
      #expect(outcome.standardError.contains("cannot reach Kafka at \(brokers)"))
      #expect(outcome.standardError.contains("is it running?"))
    }
  }

  @Test func aStoreThatIsNotThereIsToldWithHowToMakeOne() async throws {
    try await onThread {
      let files = try TemporaryDirectory()
      let outcome = try socialq(["kpis"], environment: ["SOCIALQ_DB": files.path("none.db")])
      #expect(outcome.status == 1)
      #expect(outcome.standardError.contains(files.path("none.db")))
      #expect(outcome.standardError.contains("social-consumer"))
      #expect(outcome.standardOutput.isEmpty)
      #expect(!FileManager.default.fileExists(atPath: files.path("none.db")))
    }
  }

  @Test(arguments: [
    (["kpi"], "kpis"),
    (["kpis", "--platform", "Twiter"], "Twitter"),
    (["kpis", "--since", "yestrday"], "yesterday"),
    (["kpis", "--since", "2026-11-25", "--until", "2026-11-24"], "--since"),
    (["kpis", "--sentiment", "happy"], "positive"),
    (["kpis", "--format", "xml"], "csv"),
    (["top-hashtags", "--limit", "many"], "--limit"),
    (["kpis", "--sinec", "1h"], "--since"),
  ])
  func wrongWordsAreAnsweredWithTheRightOnes(_ arguments: [String], _ hint: String) async throws {
    try await onThread {
      let store = try Self.store()
      let outcome = try socialq(arguments, store: store.path("store.db"))
      #expect(outcome.status != 0 && outcome.status != nil)
      #expect(outcome.standardError.contains(hint), "\(outcome.standardError)")
      #expect(outcome.standardOutput.isEmpty)
    }
  }

  /// A store of a few posts, made by the programs with the development broker.
  private static func store() throws -> TemporaryDirectory {
    let files = try TemporaryDirectory()
    let broker = try EmbeddedBroker()
    try broker.publish(200, seed: 3)
    try broker.consumeToEnd(into: files.path("store.db"))
    return files
  }
}
