import ArgumentParser
import Foundation
import Kafka
import Posts
import StandardStreams
import SyntheticPosts

/// Where the messages go.
struct DestinationOptions: ParsableArguments {
  @Option(help: "Where Kafka is: HOST:PORT, several with commas between. Default: localhost:9092.")
  var brokers: String?

  @Option(
    help: ArgumentHelp(
      """
      A file of properties for librdkafka, a line each: name=value. Passwords belong there, or into the \
      environment: SOCIALQ_KAFKA_SASL_PASSWORD is sasl.password.
      """, valueName: "file"))
  var config: String?

  @Option(help: "The topic to publish to.")
  var topic = "social_media"

  @Option(
    name: .customShort("X"),
    help: ArgumentHelp("A property for librdkafka; may be repeated.", valueName: "key=value"))
  var properties: [String] = []

  @Option(help: "How long to wait for a broker: 500ms, 10s, 2m.")
  var timeout = TimeSpan.seconds(10)

  @Option(
    help: """
      Pause while the consumer group has this many messages yet to commit. The broker of \
      social-broker drops what exceeds 5 MiB in a partition, read or not; 8000 is safe for it.
      """)
  var maxLag: Int64?

  @Option(help: "The consumer group that --max-lag looks at.")
  var group = "social-media-consumer-group"

  @Flag(
    help: """
      Write messages to stdout, one JSON line each, and connect to nothing; with keys and record \
      times around them if there is trouble. Does not wait between posts unless --rate is given.
      """)
  var print = false

  /// The settings from all places. It is called once, since a file may be a pipe.
  func kafka() throws -> KafkaConfiguration {
    var configuration: KafkaConfiguration
    do {
      configuration = try KafkaConfiguration(
        brokers: brokers, file: config, environment: ProcessInfo.processInfo.environment,
        options: properties)
    } catch {
      throw ValidationError(error.message)
    }
    if configuration.isDebugging {
      configuration.log = { StandardError.say("librdkafka \($0.facility): \($0.text)") }
    }
    if let config, let warning = KafkaConfiguration.warning(aboutFile: config) {
      StandardError.say("warning: \(warning)")
    }
    return configuration
  }

  func validate() throws {
    guard TopicName.isValid(topic) else { throw ValidationError(TopicName.explanation(of: topic)) }
    if let maxLag, maxLag < 1 { throw ValidationError("--max-lag is 1 or more") }
  }
}
