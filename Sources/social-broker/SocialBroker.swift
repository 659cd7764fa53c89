import ArgumentParser
import Foundation
import Kafka
import StandardStreams

@main
struct SocialBroker: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "social-broker",
    abstract: "Runs a Kafka broker for development, in memory and on this machine only.",
    discussion: """
      It prints the address for clients, as HOST:PORT, and serves until SIGINT (Ctrl-C) or SIGTERM. \
      The port is any free one; let other programs find it with --address-file.

      It forgets everything when it stops. A partition keeps 5 MiB or 100,000 batches of messages \
      and silently drops the oldest beyond, so consume while you produce. The first member of a \
      consumer group waits 3 seconds for others; one that comes back waits for nearly the session \
      time of the group (10 seconds by default, -X session.timeout.ms of the consumer). There is no \
      log-in, no encryption, no replication.

      For anything that has to last, run Apache Kafka: "docker compose up" with this project's \
      compose.yaml, and the address 127.0.0.1:9092.
      """)

  @Option(
    help: ArgumentHelp(
      "A topic to create; may be repeated. NAME:COUNT has its own number of partitions.",
      valueName: "name"))
  var topic: [TopicArgument] = [TopicArgument(name: "social_media", partitions: nil)]

  @Option(help: "The number of partitions of topics that do not say, from 1 to 1000.")
  var partitions = 4

  @Option(
    help: ArgumentHelp(
      "A file to hold the address while the broker serves; it is there only when it is ready.",
      valueName: "file"))
  var addressFile: String?

  static func main() {
    StandardStreams.secure()
    main(nil)
  }

  func validate() throws {
    for count in topic.map({ $0.partitions ?? partitions }) where !(1...1000).contains(count) {
      throw ValidationError("A topic has 1 to 1000 partitions, not \(count).")
    }
  }

  func run() throws {
    // Blocked before the first thread is made, so that every thread has them blocked and `sigwait`
    // is the only one to see them.
    var signals = sigset_t()
    sigemptyset(&signals)
    sigaddset(&signals, SIGINT)
    sigaddset(&signals, SIGTERM)
    pthread_sigmask(SIG_BLOCK, &signals, nil)

    let file = addressFile.map { AddressFile(path: $0) }
    try file?.refuseIfInUse()
    let broker = try DevelopmentBroker(
      topics: topic.map { (name: $0.name, partitions: $0.partitions ?? partitions) })
    let address = broker.bootstrapServers
    try file?.write(address)
    defer { file?.remove(address) }
    // Whoever reads the output through a pipe needs the address now.
    print(address)
    fflush(nil)

    var received: Int32 = 0
    while sigwait(&signals, &received) != 0 {}
    withExtendedLifetime(broker) {}
  }
}

/// A topic as the command line names it: `NAME` or `NAME:PARTITIONS`.
struct TopicArgument: ExpressibleByArgument {
  var name: String
  var partitions: Int?

  init(name: String, partitions: Int?) {
    self.name = name
    self.partitions = partitions
  }

  init?(argument: String) {
    let parts = argument.split(separator: ":", omittingEmptySubsequences: false)
    guard parts.count <= 2, let name = parts.first, TopicName.isValid(name) else { return nil }
    self.name = String(name)
    if parts.count == 2 {
      guard let count = Int(parts[1]) else { return nil }
      partitions = count
    }
  }

  var defaultValueDescription: String { name }
}
