import Foundation
import PostStore
import Posts
import StoreFixtures
import TestSupport

/// `socialq serve` as a program, on a store of its own that the test may write to.
final class DashboardProcess {
  let files: TemporaryDirectory
  let program: Program
  let port: UInt16
  var store: String { files.path("store.db") }

  /// - Parameters:
  ///   - posts: What the store holds; nil for no store at all.
  ///   - arguments: Further options of the command.
  init(_ posts: [Post]?, _ arguments: [String] = []) throws {
    files = try TemporaryDirectory()
    let store = files.path("store.db")
    if let posts { try StoreWriter(path: store).store(posts) }
    let program = try Program("socialq", ["serve", "--port", "0", "--db", store] + arguments)
    try waitUntil("the server listens") {
      guard program.isRunning else { throw TestSupportError(program.standardError) }
      return program.standardOutput.contains("\n")
    }
    let address = program.standardOutput.split(separator: ":").last ?? ""
    port = UInt16(address.prefix { $0.isNumber }) ?? 0
    self.program = program
  }

  /// The response to one request.
  func get(
    _ path: String, method: String = "GET", headers: [String: String] = [:]
  ) throws -> HTTPResponse {
    let connection = try HTTPConnection(port: port)
    connection.request(path, method: method, headers: headers)
    return try connection.response(to: method)
  }

  /// What the command answers on the same store.
  func command(_ arguments: [String]) throws -> Program.Outcome {
    try Program.run("socialq", arguments + ["--db", store])
  }
}

/// Posts of a few days, some of them with text that every format has to take care of.
func somePosts(_ count: Int = 300) -> [Post] {
  var random = SplitMix64(seed: 11)
  return (0..<count).map { number in
    .sample(ExactString("p\(number)")) { post in
      post.platform = ["Twitter", "TikTok", "YouTube"][number % 3]
      post.sentiment = [.positive, .neutral, .negative][Int.random(in: 0..<3, using: &random)]
      post.topic = ["Travel", "Food", "\"Ärger\", again"][Int.random(in: 0..<3, using: &random)]
      post.username =
        number % 7 == 0 ? "<script>alert(1)</script>" : ExactString("user\(number % 9)")
      post.userID = ExactString("U\(number % 9)")
      post.likes = Int64.random(in: 0..<5_000, using: &random)
      post.isViral = post.likes > 4_000
      post.isInfluencer = number % 4 == 0
      post.hashtags = [Hashtag("#tag\(number % 5)"), Hashtag("ÉTÉ")].compactMap { $0 }
      post.timestamp = Timestamp(
        microseconds: 1_764_000_000_000_000 + Int64(number) * 731_000_000)
    }
  }
}
