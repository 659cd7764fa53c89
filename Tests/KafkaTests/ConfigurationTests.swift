import Foundation
import Kafka
import TestSupport
import Testing

@Suite struct ConfigurationTests {
  @Test(arguments: [
    ("no.such.property", "1", "has no such property"),
    ("linger.ms", "soon", "linger.ms"),
    ("linger.ms", "9999999999", "linger.ms"),
    ("acks", "many", "acks"),
    ("compression.type", "best", "compression"),
    ("client.id", "a\u{0}b", "NUL"),
  ])
  func aWrongPropertyIsNamedWithTheReason(
    _ name: String, _ value: String, _ reason: String
  ) throws {
    var configuration = KafkaConfiguration(brokers: "127.0.0.1:9")
    configuration.set(name, to: value)
    let error = #expect(throws: KafkaError.self) { try KafkaProducer(configuration) }
    #expect(error?.message.contains("\"\(name)\"") == true)
    #expect(error?.message.contains(reason) == true, "\(String(describing: error))")
  }

  /// librdkafka before 2.2 crashes when it renews a token that it made itself.
  @Test(arguments: ["true", "1"])
  func tokensAreRenewedOrRefused(_ isEnabled: String) async throws {
    var configuration = KafkaConfiguration(brokers: "127.0.0.1:9")
    configuration.set("security.protocol", to: "sasl_plaintext")
    configuration.set("sasl.mechanism", to: "OAUTHBEARER")
    configuration.set("sasl.oauthbearer.config", to: "principal=me lifeSeconds=1")
    configuration.set("enable.sasl.oauthbearer.unsecure.jwt", to: isEnabled)
    let settings = configuration
    try await onThread {
      do {
        let consumer = try KafkaConsumer(settings, group: "g")
        Thread.sleep(forTimeInterval: 3)
        try consumer.close()
      } catch let error as KafkaError {
        #expect(error.message.contains("unsecure.jwt\": librdkafka "), "\(error)")
      }
    }
  }

  @Test func propertiesThatContradictEachOtherAreTold() throws {
    var configuration = KafkaConfiguration(brokers: "127.0.0.1:9")
    configuration.set("session.timeout.ms", to: "20000")
    configuration.set("max.poll.interval.ms", to: "10000")
    let error = #expect(throws: KafkaError.self) {
      try KafkaConsumer(configuration, group: "g")
    }
    #expect(error?.message.contains("max.poll.interval.ms") == true)
  }

  @Test func weakerAcknowledgementNeedsNoSecondProperty() throws {
    var configuration = KafkaConfiguration(brokers: "127.0.0.1:9")
    try configuration.set(option: "acks=1")
    _ = try KafkaProducer(configuration)
    try configuration.set(option: "enable.idempotence=true")
    let error = #expect(throws: KafkaError.self) { try KafkaProducer(configuration) }
    #expect(error?.message.contains("acks") == true)
  }

  @Test func aBrokerHasToBeNamed() throws {
    let error = #expect(throws: KafkaError.self) {
      try KafkaProducer(KafkaConfiguration(brokers: ""))
    }
    #expect(error?.message.contains("HOST:PORT") == true)
  }

  @Test func optionsAreReadAtTheFirstEqualsSign() throws {
    var configuration = KafkaConfiguration(brokers: "first:1")
    try configuration.set(option: "client.id=a=b")
    try configuration.set(option: "bootstrap.servers=second:2")
    #expect(configuration.brokers == "second:2")
    #expect(
      configuration.description
        == "bootstrap.servers=first:1 client.id=a=b bootstrap.servers=second:2")
  }

  @Test(arguments: ["hunter2", "=hunter2", ""])
  func anOptionWithoutNameIsRefusedAndNotShown(_ option: String) throws {
    var configuration = KafkaConfiguration(brokers: "b:1")
    let error = #expect(throws: KafkaError.self) { try configuration.set(option: option) }
    #expect(error?.description.contains("NAME=VALUE") == true)
    #expect(error?.description.contains("hunter2") == false)
  }

  @Test(arguments: [
    "sasl.password", "ssl.key.password", "ssl.keystore.password", "ssl.key.pem",
    "sasl.oauthbearer.config", "sasl.oauthbearer.client.secret", "sasl.jaas.config",
    "sasl.pasword", "SASL.PASSWORD", "ssl.truststore.password",
  ])
  func secretsAreNeverShown(_ name: String) throws {
    var configuration = KafkaConfiguration(brokers: "127.0.0.1:9")
    configuration.set(name, to: "hunter2")
    var shown = [
      "\(configuration)", String(reflecting: configuration), String(describing: [configuration]),
    ]
    var dumped = ""
    dump(configuration, to: &dumped)
    shown.append(dumped)
    // With these a wrong value, or a value without a meaning, is an error of librdkafka.
    configuration.set("security.protocol", to: "sasl_ssl")
    configuration.set("sasl.mechanism", to: "PLAIN")
    do {
      _ = try KafkaProducer(configuration)
    } catch {
      shown += ["\(error)", error.message, String(reflecting: error)]
    }
    for text in shown { #expect(!text.contains("hunter2"), "\(text)") }
    #expect(shown[0].contains("\(name)=(hidden)"))
  }
}
