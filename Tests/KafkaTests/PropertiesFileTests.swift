import Foundation
import TestSupport
import Testing

@testable import Kafka

/// Settings from files and the environment.
@Suite struct PropertiesFileTests {
  private let files: TemporaryDirectory

  init() throws { files = try TemporaryDirectory() }

  private func settings(
    _ text: String, brokers: String? = nil, environment: [String: String] = [:],
    options: [String] = []
  ) throws -> KafkaConfiguration {
    try KafkaConfiguration(
      brokers: brokers, file: try files.write(text, to: "kafka.properties"),
      environment: environment, options: options)
  }

  @Test func linesAreNamesAndValues() throws {
    let read = try settings(
      """
      \u{FEFF}# where it is
      bootstrap.servers = kafka.example:9092,other:1
        sasl.password=pass=word #1

      linger.ms=7\r
      sasl.username = ünï
      """)
    #expect(read.brokers == "kafka.example:9092,other:1")
    #expect(read.value(of: "sasl.password") == "pass=word #1")
    #expect(read.value(of: "linger.ms") == "7")
    #expect(read.value(of: "sasl.username") == "ünï")
    #expect(!"\(read)".contains("pass="))
  }

  @Test func whatIsSaidLaterWins() throws {
    let text = "bootstrap.servers=file:1\nlinger.ms=1\nsasl.password=a\n"
    #expect(try settings("").brokers == "localhost:9092")
    #expect(try settings(text).brokers == "file:1")
    let environment = [
      "SOCIALQ_KAFKA_BOOTSTRAP_SERVERS": "env:1", "SOCIALQ_KAFKA_SASL_PASSWORD": "b",
      "SOCIALQ_DB": "x", "SOCIALQ_KAFKA_LINGER_MS": "",
    ]
    let read = try settings(text, environment: environment)
    #expect(read.brokers == "env:1")
    #expect(read.value(of: "sasl.password") == "b")
    #expect(read.value(of: "linger.ms") == "1")
    #expect(try settings(text, brokers: "flag:1", environment: environment).brokers == "flag:1")
    let all = try settings(
      text, brokers: "flag:1", environment: environment, options: ["linger.ms=9"])
    #expect(all.value(of: "linger.ms") == "9")
  }

  /// The text of a file, and what is said of it.
  @Test(arguments: [
    ("linger.ms=1\nhunter2\n", ":2: a line is name=value"),
    ("=hunter2", ":1: there is no name"),
    ("\n\nno.such.property=hunter2", ":3: Kafka property \"no.such.property\""),
    ("sasl.passwort=hunter2", ":1: Kafka property \"sasl.passwort\""),
    ("linger.ms=hunter2x", ":1: Kafka property \"linger.ms\""),
    ("ssl.key.pem=hunter2\nlinger.ms=-9", ":2: Kafka property \"linger.ms\""),
  ])
  func aMistakeIsNamedByItsLine(_ text: String, _ words: String) throws {
    #expect {
      try settings(text)
    } throws: { error in
      let said = "\(error)"
      return said.contains("kafka.properties\(words)") && !said.contains("hunter2\"")
        && (said.contains("linger.ms") || !said.contains("hunter2"))
    }
  }

  @Test func aFileThatCannotBeReadIsNamed() throws {
    for path in [files.path("none"), files.url.path] {
      #expect {
        try KafkaConfiguration(brokers: nil, file: path, environment: [:], options: [])
      } throws: { "\($0)".contains("\(path) cannot be read") }
    }
    let path = files.path("large")
    try Data(repeating: 0x23, count: 1_048_577).write(to: URL(fileURLWithPath: path))
    #expect {
      try KafkaConfiguration(brokers: nil, file: path, environment: [:], options: [])
    } throws: { "\($0)".contains("larger than 1 MiB") }
    try Data([0x61, 0x3D, 0xFF]).write(to: URL(fileURLWithPath: path))
    #expect {
      try KafkaConfiguration(brokers: nil, file: path, environment: [:], options: [])
    } throws: { "\($0)".contains("not UTF-8") }
  }

  @Test func aMistakeInTheEnvironmentIsNamedByItsVariable() throws {
    #expect {
      try settings("", environment: ["SOCIALQ_KAFKA_SASL_PASSWORT": "hunter2"])
    } throws: { error in
      "\(error)".contains("$SOCIALQ_KAFKA_SASL_PASSWORT") && !"\(error)".contains("hunter2")
    }
  }

  @Test func aSecretThatOthersCanReadIsTold() throws {
    let path = try files.write("# sasl.password=x\nlinger.ms=1\n", to: "open")
    func set(_ mode: Int) throws {
      try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: path)
    }
    try set(0o644)
    #expect(KafkaConfiguration.warning(aboutFile: path) == nil)
    try "linger.ms=1\n sasl.password = hunter2\n".write(
      toFile: path, atomically: false, encoding: .utf8)
    let warning = try #require(KafkaConfiguration.warning(aboutFile: path))
    #expect(warning.contains("chmod 600") && !warning.contains("hunter2"))
    try set(0o600)
    #expect(KafkaConfiguration.warning(aboutFile: path) == nil)
  }
}
