import Foundation
import GRDB
import Posts
import StoreFixtures
import TestSupport

/// What a producer says that a store must hold of its messages.
struct Truth {
  /// How many messages come to each outcome.
  let outcomes: [String: Int64]
  /// The posts, as `shownPosts` gives them.
  let rows: [[DatabaseValue]]

  /// Reads what `--truth` has written.
  init(file: String) throws {
    struct Summary: Decodable {
      let posts: Int
      let outcomes: [String: Int64]
    }
    let lines = try String(contentsOfFile: file, encoding: .utf8).split(separator: "\n")
    let summary = try JSONDecoder().decode(Summary.self, from: Data((lines.first ?? "").utf8))
    var decoder = PostDecoder()
    rows = try lines.dropFirst().map { line in
      shownRow(of: try Array(line.utf8).withUnsafeBytes { try decoder.decode($0) })
    }
    outcomes = summary.outcomes
    guard rows.count == summary.posts else {
      throw TestSupportError("\(file) has \(rows.count) posts, not \(summary.posts)")
    }
  }
}
