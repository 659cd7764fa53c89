import PostStore
import Posts
import StoreFixtures
import TestSupport

@testable import NamedQueries

/// A query of a statement, with a header that declares its columns as text.
func namedQuery(
  _ columns: String..., header: String = "", sql: String
) throws -> NamedQuery {
  let declared = columns.map { "-- column: \($0) text\n" }.joined()
  return try QueryFile.parse(
    name: "q", file: "folder/q.sql", sql: "-- title: Test\n" + declared + header + sql)
}

extension Window {
  /// All instants.
  static let open = Window(since: nil, until: nil)
}

extension StoreReader {
  /// All rows of an answer.
  func answer(
    _ query: NamedQuery, _ arguments: [String: Cell] = [:], scope: Scope = Scope(window: .open),
    timeLimit: Double = 30
  ) throws -> [[Cell]] {
    var rows: [[Cell]] = []
    try QueryRunner(reader: self, timeLimit: timeLimit).run(
      query, arguments: arguments, scope: scope
    ) { rows.append($0) }
    return rows
  }
}

/// A store with some posts; it goes away with the value.
final class TemporaryStore {
  let folder: TemporaryDirectory
  let reader: StoreReader
  let writer: StoreWriter

  init(_ posts: [Post] = []) throws {
    folder = try TemporaryDirectory()
    let path = folder.path("store.db")
    writer = try StoreWriter(path: path)
    if !posts.isEmpty { try writer.store(posts) }
    reader = try StoreReader(path: path)
  }
}

/// An instant by its ISO 8601 text.
func instant(_ text: String) throws -> Timestamp { try Timestamp(iso8601: text) }
