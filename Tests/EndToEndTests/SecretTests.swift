import Foundation
import Kafka
import PostStore
import StoreFixtures
import TestSupport
import Testing

/// Settings from all places, and the secrets among them where librdkafka would repeat them.
@Suite struct SecretTests {
  /// What librdkafka says at its most talkative goes into the log, and its errors repeat what they were given.
  @Test(arguments: ["social-consumer", "social-producer"])
  func whatLibrdkafkaRepeatsIsHidden(_ program: String) async throws {
    try await onThread {
      let files = try TemporaryDirectory()
      // One of the secrets is what librdkafka says in its log and in an error.
      let config = try files.write(
        """
        bootstrap.servers=127.0.0.1:1
        security.protocol=sasl_plaintext
        sasl.mechanism=PLAIN
        sasl.username=me
        sasl.oauthbearer.config=oauth2hunterscope
        sasl.password=hunter2password
        ssl.key.password=Connection refused
        debug=all
        """, to: "k.properties")
      let outcome = try Program.run(
        program,
        ["--config", config, "--timeout", "3s"]
          + (program == "social-consumer"
            ? ["--log-level", "trace", "--db", files.path("s.db")] : []),
        environment: ["SOCIALQ_KAFKA_SSL_KEYSTORE_PASSWORD": "storehunter2pass"])
      #expect(outcome.status == 1, "\(outcome)")
      let said = outcome.standardError + outcome.standardOutput
      #expect(said.contains("librdkafka ") && said.contains("(hidden)"), "\(said)")
      for secret in ["hunterscope", "hunter2password", "storehunter2pass", "Connection refused"] {
        #expect(!said.contains(secret), "\(said)")
      }
    }
  }

  /// A token can end in `=`, and so look like a name.
  @Test(arguments: ["hunter2hunter2==", "Hunter2=x", "hunter="])
  func whatMayBeASecretIsNoNameToShow(_ line: String) async throws {
    try await onThread {
      let files = try TemporaryDirectory()
      let config = try files.write("linger.ms=5\n\(line)\n", to: "k.properties")
      for program in ["social-consumer", "social-producer"] {
        let outcome = try Program.run(program, ["--config", config])
        #expect(outcome.status == 64)
        #expect(outcome.standardError.contains("\(config):2: "), "\(outcome)")
        #expect(!outcome.standardError.lowercased().contains("hunter"), "\(outcome)")
      }
    }
  }

  @Test func aFileMayBeAPipe() async throws {
    try await onThread {
      let files = try TemporaryDirectory()
      let broker = try EmbeddedBroker()
      try broker.publish(20, seed: 3)
      let program = TestFiles.products.appendingPathComponent("social-consumer").path
      // In two pieces, as a slow writer does it, and with a topic to send rejected messages to, which needs a
      // client of its own.
      let outcome = try Program(
        executable: URL(fileURLWithPath: "/usr/bin/env"),
        [
          "bash", "-c",
          "exec \"$0\" --exit-at-end --db \"$1\" --dead-letter-topic dead --config <(echo client.id=x; sleep 1; echo bootstrap.servers=\"$2\")",
          program, files.path("s.db"), broker.brokers,
        ]
      ).wait()
      #expect(outcome.status == 0, "\(outcome)")
      #expect(
        try StoreReader(path: files.path("s.db")).integers("SELECT COUNT(*) FROM posts") == [20])
    }
  }

  @Test func theGroupOfTheCommandLineCountsOverTheFile() async throws {
    try await onThread {
      let files = try TemporaryDirectory()
      let broker = try EmbeddedBroker()
      try broker.publish(20, seed: 3)
      let config = try files.write("group.id=file\n", to: "k.properties")
      func lag(_ group: String) throws -> Int64 {
        try GroupLag(
          KafkaConfiguration(brokers: broker.brokers), group: group, topic: "social_media"
        ).records(timeout: .seconds(10))
      }
      try broker.consumeToEnd(into: files.path("a.db"), ["--config", config])
      #expect(try lag("file") == 0 && lag("option") == 20)
      try broker.consumeToEnd(
        into: files.path("b.db"), ["--config", config, "--group", "option"])
      #expect(try lag("option") == 0)
    }
  }

  /// Secrets often come by a link, whose own mode says nothing.
  @Test func theModeOfALinkIsNotTheFiles() throws {
    let files = try TemporaryDirectory()
    let path = try files.write("sasl.password=hunter2\n", to: "secret")
    try FileManager.default.createSymbolicLink(
      atPath: files.path("link"), withDestinationPath: path)
    for (mode, isWarned) in [(0o600, false), (0o644, true)] {
      try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: path)
      for name in ["secret", "link"] {
        let warning = KafkaConfiguration.warning(aboutFile: files.path(name))
        #expect((warning != nil) == isWarned, "\(name)")
      }
    }
  }
}
