import Foundation
import GRDB
import PostStore
import StoreFixtures
import TestSupport
import Testing

/// What a consumer tells of itself: its log, its figures, and never a secret.
@Suite struct ObservabilityTests {
  private static func status(of url: String) throws -> (Int, String) {
    let outcome = try Program(
      executable: URL(fileURLWithPath: "/usr/bin/env"),
      ["curl", "-s", "-m", "10", "-w", "\n%{http_code}", url]
    ).wait()
    let lines = outcome.standardOutput.split(separator: "\n")
    return (Int(lines.last ?? "") ?? 0, lines.dropLast().joined(separator: "\n"))
  }

  private static func samples(at url: String) throws -> [String: Double] {
    let tools = try PythonTools.require(
      "prometheus_client==0.23.1",
      sha256: "dd1913e6e76b59cfe44e7a4b83e01afc9873c1bdfd2ed8739f1e76aeca115f99")
    let script = TestFiles.package.appending(path: "Tests/EndToEndTests/metrics.py")
    let outcome = try Program(
      executable: URL(fileURLWithPath: "/usr/bin/env"), ["python3", script.path, url],
      environment: ["PYTHONPATH": tools.path, "PYTHONDONTWRITEBYTECODE": "1"]
    ).wait()
    guard outcome.status == 0 else { throw TestSupportError(outcome.standardError) }
    return try JSONDecoder().decode([String: Double].self, from: Data(outcome.standardOutput.utf8))
  }

  private static func metricsAddress(_ consumer: Program) throws -> String {
    try waitUntil("the metrics have an address") {
      consumer.standardError.contains("/metrics")
    }
    let address = try #require(consumer.standardError.firstMatch(of: /http:\/\/127.0.0.1:\d+/))
    return String(address.0)
  }

  @Test func theFiguresAreThoseOfTheStore() async throws {
    try await onThread {
      let files = try TemporaryDirectory()
      let store = files.path("store.db")
      let broker = try EmbeddedBroker()
      let trouble = [
        "--duplicates", "0.05", "--updates", "0.05", "--deletes", "0.02", "--malformed", "0.02",
      ]
      try broker.publish(4000, seed: 21, trouble)
      let consumer = try Program(
        "social-consumer",
        [
          "--brokers", broker.brokers, "--db", store, "--metrics-port", "0", "--batch-size", "500",
        ])
      let address = try Self.metricsAddress(consumer)
      #expect(try Self.status(of: address + "/healthz") == (200, "ok"))
      try waitUntil("all is stored") {
        (try? Self.samples(at: address + "/metrics"))?
          .filter { $0.key.hasPrefix("socialq_lag_messages") }.map(\.value) == [0, 0, 0, 0]
      }
      #expect(try Self.status(of: address + "/readyz") == (200, "ok"))
      let samples = try Self.samples(at: address + "/metrics")
      let reader = try StoreReader(path: store)
      for outcome in Outcome.allCases {
        let stored = try reader.integers("SELECT SUM(\(outcome)) FROM kafka_partitions")[0]
        #expect(samples["socialq_messages_total{outcome=\(outcome)}"] == Double(stored))
        #expect(samples["socialq_store_messages_total{outcome=\(outcome)}"] == Double(stored))
        #expect(stored > 0 || outcome == .stale || outcome == .ignored, "\(outcome)")
      }
      let rejected = samples.filter { $0.key.hasPrefix("socialq_rejected_messages_total") }
      #expect(
        rejected.values.reduce(0, +)
          == Double(try reader.integers("SELECT COUNT(*) FROM rejected_messages")[0]))
      #expect(rejected.count > 1)
      let messages = Double(
        try reader.integers("SELECT SUM(next_offset) FROM kafka_partitions")[0])
      #expect(samples["socialq_batch_messages_sum{}"] == messages)
      #expect(
        samples["socialq_batch_messages_bucket{le=+Inf}"]
          == samples["socialq_batch_messages_count{}"])
      #expect(samples["socialq_batch_seconds_count{}"] == samples["socialq_batch_messages_count{}"])
      #expect(try #require(samples["socialq_batch_seconds_sum{}"]) > 0)
      #expect(samples["socialq_up{}"] == 1)
      #expect(samples["socialq_paused{}"] == 0)
      #expect(samples["socialq_assigned_partitions{}"] == 4)
      for (name, path) in [("", store), ("wal_", store + "-wal")] {
        let size = try FileManager.default.attributesOfItem(atPath: path)[.size] as? NSNumber
        #expect(samples["socialq_store_\(name)bytes{}"] == size?.doubleValue)
      }
      #expect(try #require(samples["socialq_last_commit_age_seconds{}"]) < 60)
      // Another name than the machine's own is not answered.
      let hosts = [
        ("localhost:9464", "200"), ("127.0.0.1", "200"), ("[::1]:1", "200"),
        ("evil.example", "421"),
        ("127.0.0.1.evil.example", "421"), ("[evil.example]", "421"), ("1.2", "421"),
      ]
      for (host, status) in hosts {
        let other = try Program(
          executable: URL(fileURLWithPath: "/usr/bin/env"),
          [
            "curl", "-s", "-o", "/dev/null", "-w", "%{http_code}", "-H", "Host: \(host)",
            address + "/healthz",
          ]
        ).wait()
        #expect(other.standardOutput == status, "\(host)")
      }
      // A second one at the same port says so, and reads nothing.
      let port = address.split(separator: ":").last.map(String.init) ?? ""
      let second = try Program.run(
        "social-consumer",
        ["--brokers", broker.brokers, "--db", files.path("other.db"), "--metrics-port", port])
      #expect(second.status == 1 && second.standardError.contains("127.0.0.1:\(port)"))
      #expect(!FileManager.default.fileExists(atPath: files.path("other.db")))
      consumer.send(signal: SIGTERM)
      #expect(try consumer.wait().status == 0)
      #expect(try Self.status(of: address + "/healthz").0 == 0)
    }
  }

  @Test func aConsumerThatCannotStoreIsNotReady() async throws {
    try await onThread {
      let files = try TemporaryDirectory()
      let store = files.path("store.db")
      let broker = try EmbeddedBroker(partitions: 1)
      try broker.publish(50, seed: 3)
      try broker.consumeToEnd(into: store)
      let lock = try Program(
        executable: URL(fileURLWithPath: "/usr/bin/env"),
        [
          "python3", "-c",
          "import sqlite3,sys,time; db=sqlite3.connect(sys.argv[1]); db.execute('BEGIN IMMEDIATE'); print('locked', flush=True); time.sleep(60)",
          store,
        ])
      try waitUntil("the store is locked") { lock.standardOutput.contains("locked") }
      let consumer = try Program(
        "social-consumer",
        ["--brokers", broker.brokers, "--db", store, "--metrics-port", "0", "--log-format", "json"])
      let address = try Self.metricsAddress(consumer)
      try waitUntil("it waits for the store", timeout: .seconds(30)) {
        (try? Self.status(of: address + "/readyz"))?.1.contains("locked") == true
      }
      #expect(try Self.status(of: address + "/readyz").0 == 503)
      #expect(try Self.status(of: address + "/healthz").0 == 200)
      lock.send(signal: SIGKILL)
      try waitUntil("it is ready", timeout: .seconds(60)) {
        (try? Self.status(of: address + "/readyz"))?.0 == 200
      }
      consumer.send(signal: SIGTERM)
      #expect(try consumer.wait().status == 0)
    }
  }

  /// While a batch waits, nothing is read: what is in memory stays what it was.
  @Test func aConsumerThatCannotStoreReadsNothing() async throws {
    try await onThread {
      let files = try TemporaryDirectory()
      let store = files.path("store.db")
      let broker = try EmbeddedBroker(partitions: 1)
      let consumer = try Program(
        "social-consumer",
        [
          "--brokers", broker.brokers, "--db", store, "--metrics-port", "0", "--batch-size", "100",
        ])
      let address = try Self.metricsAddress(consumer)
      try waitUntil("it reads") { consumer.standardError.contains("reading social_media") }
      let other = try otherConnection(store)
      try other.inDatabase { try $0.execute(sql: "BEGIN IMMEDIATE") }
      try broker.publish(5000, seed: 4)
      try waitUntil("it waits for the store", timeout: .seconds(60)) {
        (try? Self.status(of: address + "/readyz"))?.1.contains("locked") == true
      }
      Thread.sleep(forTimeInterval: 3)
      try other.inDatabase { try $0.execute(sql: "ROLLBACK") }
      try waitUntil("all is stored", timeout: .seconds(60)) {
        try StoreReader(path: store).integers("SELECT COUNT(*) FROM posts") == [5000]
      }
      try waitUntil("it says so") {
        (try? Self.samples(at: address + "/metrics"))?["socialq_batch_messages_sum{}"] == 5000
      }
      let samples = try Self.samples(at: address + "/metrics")
      let batches = try #require(samples["socialq_batch_messages_count{}"])
      #expect(samples["socialq_batch_messages_bucket{le=100}"] == batches, "\(samples)")
      consumer.send(signal: SIGTERM)
      #expect(try consumer.wait().status == 0)
    }
  }

  @Test func everyLineOfTheLogIsAnObject() async throws {
    try await onThread {
      let files = try TemporaryDirectory()
      let broker = try EmbeddedBroker()
      try broker.publish(2000, seed: 5, ["--malformed", "0.05"])
      let outcome = try broker.consumeToEnd(
        into: files.path("a\u{1B}[31m\u{202E}\n.db"),
        ["--log-format", "json", "--log-level", "trace", "--batch-size", "300"])
      let lines = outcome.standardError.split(separator: "\n")
      let events = try lines.map { line in
        try #require(
          JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any], "\(line)")
      }
      #expect(events.allSatisfy { $0["time"] is String && $0["level"] is String })
      let names = Set(events.compactMap { $0["event"] as? String })
      #expect(names.isSuperset(of: ["started", "assigned", "committed", "finished"]), "\(names)")
      let last = try #require(events.last)
      #expect(last["event"] as? String == "finished")
      #expect((last["stored"] as? Int) == 2000)
      #expect(events.first?["store"] as? String == files.path("a\u{1B}[31m\u{202E}\n.db"))
    }
  }

  @Test func quietMeansQuiet() async throws {
    try await onThread {
      let files = try TemporaryDirectory()
      let broker = try EmbeddedBroker()
      try broker.publish(100, seed: 5)
      for format in ["text", "json"] {
        let outcome = try broker.consumeToEnd(
          into: files.path("\(format).db"), ["--log-format", format, "--log-level", "error"])
        #expect(outcome.standardError.isEmpty, "\(outcome.standardError)")
      }
    }
  }

  /// A password is given by file and by environment, is wrong, and the most talkative log is asked for.
  @Test func secretsAreNowhere() async throws {
    try await onThread {
      let files = try TemporaryDirectory()
      let config = try files.write(
        """
        bootstrap.servers=127.0.0.1:1
        security.protocol=SASL_PLAINTEXT
        sasl.mechanism=PLAIN
        sasl.username=ada
        sasl.password=hunter2-file
        """, to: "kafka.properties")
      for environment in [[:], ["SOCIALQ_KAFKA_SASL_PASSWORD": "hunter2-environment"]] {
        for (program, arguments) in [
          ("social-consumer", ["--db", files.path("store.db"), "--log-level", "trace"]),
          ("social-producer", ["--count", "1"]),
        ] {
          let running = try Program(
            program, ["--config", config, "--timeout", "1500ms"] + arguments,
            environment: environment)
          #if os(Linux)
            let line = try? String(
              contentsOfFile: "/proc/\(running.processIdentifier)/cmdline", encoding: .utf8)
            #expect(line?.contains("hunter2") != true)
          #endif
          let outcome = try running.wait()
          #expect(outcome.status != 0)
          let said = outcome.standardError + outcome.standardOutput
          #expect(said.contains("127.0.0.1:1"), "\(said)")
          #expect(!said.contains("hunter2"), "\(said)")
        }
      }
      let broken = try files.write("sasl.passwort=hunter2\n", to: "broken.properties")
      for program in ["social-consumer", "social-producer"] {
        let outcome = try Program.run(program, ["--config", broken])
        #expect(outcome.status == 64)
        #expect(outcome.standardError.contains("broken.properties:1"))
        #expect(!outcome.standardError.contains("hunter2"))
      }
    }
  }
}
