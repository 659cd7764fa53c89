import Foundation
import PostStore
import Posts
import StoreFixtures
import TestSupport

/// A store in a folder of its own, and the real `socialq` asked about it.
struct CommandLineStore {
  let folder: TemporaryDirectory

  /// The file of the store.
  var path: String { folder.path("store.db") }

  /// - Parameter posts: What the store holds; three days of posts on three platforms by default.
  init(_ posts: [Post] = CommandLineStore.usualPosts) throws {
    folder = try TemporaryDirectory()
    try StoreWriter(path: path).store(posts)
  }

  /// Posts of 2026-03-01 to 03, each day one more than the day before.
  static let usualPosts: [Post] = {
    let firstDay: Int64 = 1_772_323_200_000_000
    let platforms: [ExactString] = ["Twitter", "TikTok", "YouTube"]
    let places: [ExactString?] = ["Paris", "München", nil, "東京"]
    return (0..<45).map { number in
      .sample(ExactString("post \(number)")) {
        let day = number < 10 ? 0 : number < 25 ? 1 : 2
        $0.platform = platforms[number % 3]
        $0.postType = number % 2 == 0 ? "post" : "video"
        $0.userID = ExactString("user \(number % 7)")
        $0.username = ExactString("name\(number % 7)")
        $0.topic = number % 4 == 0 ? "Food" : "Travel"
        $0.sentiment = [.positive, .neutral, .negative][number % 3]
        $0.location = places[number % 4]
        $0.likes = Int64(number * 1000)
        $0.isViral = number % 9 == 0
        $0.isInfluencer = number % 7 == 3
        $0.hashtags = ["#AI", "#Zähler"].compactMap { Hashtag($0) }
        $0.timestamp = Timestamp(
          microseconds: firstDay + Int64(day) * 86_400_000_000 + Int64(number) * 1_800_000_000)
      }
    }
  }()

  /// Runs `socialq` to its end.
  func socialq(
    _ words: String..., environment: [String: String] = [:], standardInput: String = ""
  ) throws -> Program.Outcome {
    try run(words, environment: environment, standardInput: standardInput)
  }

  /// The same, for arguments that come as a list.
  func run(
    _ words: [String], environment: [String: String] = [:], standardInput: String = ""
  ) throws -> Program.Outcome {
    try Program.run(
      "socialq", words, environment: variables(environment),
      standardInput: Data(standardInput.utf8))
  }

  /// Starts `socialq`.
  func start(_ words: String...) throws -> Program {
    try Program("socialq", words, environment: variables([:]))
  }

  /// Puts a query file into a folder that `$SOCIALQ_QUERIES` names in what runs after.
  func addQuery(_ name: String, _ text: String) throws {
    try FileManager.default.createDirectory(
      atPath: folder.path("queries"), withIntermediateDirectories: true)
    try folder.write(text, to: "queries/\(name).sql")
  }

  private func variables(_ more: [String: String]) -> [String: String] {
    var variables = ["SOCIALQ_DB": path, "SOCIALQ_FORMAT": "", "SOCIALQ_TZ": "", "NO_COLOR": ""]
    let queries = folder.path("queries")
    variables["SOCIALQ_QUERIES"] =
      FileManager.default.fileExists(atPath: queries) ? queries : ""
    return variables.merging(more) { $1 }
  }

  /// What happened on a terminal.
  struct Session: Decodable {
    /// All that the terminal was sent.
    let output: String
    /// The exit status, negative for a signal.
    let status: Int32
    /// Whether the settings of the terminal are as they were.
    let isRestored: Bool
  }

  /// Runs `socialq` on a terminal of its own.
  ///
  /// - Parameter steps: What the person at it does; see `terminal.py`.
  func terminal(
    _ words: [String], size: String = "80x24", steps: [[String]] = [],
    environment: [String: String] = [:]
  ) throws -> Session {
    let steps = String(decoding: try JSONEncoder().encode(steps), as: UTF8.self)
    let product = TestFiles.products.appendingPathComponent("socialq").path
    let outcome = try python("terminal.py", [size, steps, product] + words, environment)
    return try JSONDecoder().decode(Session.self, from: Data(outcome.utf8))
  }

  /// What one of the scripts beside the tests prints.
  func python(
    _ script: String, _ words: [String], _ environment: [String: String] = [:]
  ) throws -> String {
    let path = TestFiles.package.appendingPathComponent("Tests/SocialqTests/\(script)").path
    return try tool(
      ["python3", path] + words, variables(["TERM": "xterm-256color"]).merging(environment) { $1 })
  }

  /// What a program of the system prints.
  func tool(_ words: [String], _ environment: [String: String] = [:]) throws -> String {
    let outcome = try Program(
      executable: URL(fileURLWithPath: "/usr/bin/env"), words, environment: environment
    ).wait(timeout: .seconds(120))
    guard outcome.status == 0 else {
      throw TestSupportError("\(words.prefix(2)): \(outcome.standardError)")
    }
    return outcome.standardOutput
  }

  /// The names of the files beside the store.
  func files() throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: folder.path)
      .filter { !$0.hasPrefix("store.db") && $0 != "queries" }.sorted()
  }

  /// What a file beside the store holds.
  func content(_ name: String) throws -> String {
    try String(contentsOfFile: folder.path(name), encoding: .utf8)
  }
}
