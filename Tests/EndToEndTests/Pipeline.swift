import Foundation
import PostStore
import TestSupport

/// A topic at an independent broker, a store, and the programs between them.
final class Pipeline {
  let topic = "social_media"
  let brokers: String
  let files: TemporaryDirectory
  let broker: IndependentBroker

  /// Starts the broker with an empty topic.
  init(partitions: Int = 4) throws {
    broker = try IndependentBroker(topics: [(topic, partitions)])
    brokers = broker.bootstrapServers
    files = try TemporaryDirectory()
  }

  var store: String { files.path("store.db") }

  /// What every client of the broker is given besides what a test is about.
  var connection: [String] {
    [
      "--brokers", brokers, "-X",
      "\(IndependentBroker.receiveLimit.name)=\(IndependentBroker.receiveLimit.value)",
    ]
  }

  /// The arguments of a consumer that writes the store.
  func consumer(_ arguments: [String] = []) -> [String] {
    connection + ["--topic", topic, "--db", store] + arguments
  }

  /// Takes everything that is in the topic into the store.
  @discardableResult
  func consumeToEnd(_ arguments: [String] = []) throws -> Program.Outcome {
    let outcome = try Program.run(
      "social-consumer", consumer(["--exit-at-end"] + arguments), timeout: .seconds(120))
    guard outcome.status == 0 else {
      throw TestSupportError("social-consumer: \(outcome.standardError)")
    }
    return outcome
  }

  /// Publishes a file with the Python client of the original system.
  func publishWithPython(_ file: URL) throws {
    let client = try PythonTools.require(
      "kafka-python==3.0.12",
      sha256: "67add72052e3ad0c37ed9963ebe2b1696adc7f063c64eaf19862c21b69a64a18")
    let script = TestFiles.package.appendingPathComponent("Tests/EndToEndTests/publish.py")
    let outcome = try Program(
      executable: URL(fileURLWithPath: "/usr/bin/env"),
      ["python3", script.path, brokers, topic, file.path],
      environment: ["PYTHONPATH": client.path]
    ).wait(timeout: .seconds(120))
    guard outcome.status == 0 else { throw TestSupportError(outcome.standardError) }
  }

  /// Publishes posts with kcat, keyed by `post_id`.
  func publishWithKcat(_ posts: URL) throws {
    struct Post: Decodable {
      let postID: String
      enum CodingKeys: String, CodingKey { case postID = "post_id" }
    }
    var lines = Data()
    for line in try String(contentsOf: posts, encoding: .utf8).split(separator: "\n") {
      let key = try JSONDecoder().decode(Post.self, from: Data(line.utf8)).postID
      lines += Data("\(key)\t\(line)\n".utf8)
    }
    let outcome = try Program(
      executable: URL(fileURLWithPath: "/usr/bin/env"),
      ["kcat", "-P", "-b", brokers, "-t", topic, "-K", "\t"], standardInput: lines
    ).wait(timeout: .seconds(120))
    guard outcome.status == 0 else { throw TestSupportError(outcome.standardError) }
  }

  func reader() throws -> StoreReader { try StoreReader(path: store) }
}
