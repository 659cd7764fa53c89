import Foundation
import Posts
import StoreFixtures
import TestSupport
import Testing

extension ProgramTests {
  /// Plain CSV gives other programs the very values of the store.
  @Suite struct RoundTripTests {
    private static let texts =
      SpreadsheetTests.hostileTexts.map(\.text) + [
        "line\r\nline", "\r", "\n", " ", "\u{FEFF}mark", "\u{2028}", "\"\"", ",", "\u{1B}[31mred",
      ]

    private static func store() throws -> CommandLineStore {
      try CommandLineStore(
        texts.enumerated().map { number, text in
          .sample(ExactString("p\(number)")) {
            $0.username = ExactString(text)
            $0.location = number % 3 == 0 ? nil : ExactString(text)
            $0.likes = Int64(number) + 9_007_199_254_740_993
          }
        })
    }

    private static let statement = """
      SELECT post_id, username, location, '' AS empty, likes, rate_hundredths / 100.0 AS rate
      FROM scoped_posts ORDER BY likes
      """

    /// The rows that a reader must find, NULL as nil.
    private static var expected: [[String?]] {
      texts.enumerated().map { number, text in
        [
          "p\(number)", text, number % 3 == 0 ? nil : text, "",
          String(number + 9_007_199_254_740_993), "12.34",
        ]
      }
    }

    private func exported(_ store: CommandLineStore) throws -> String {
      let path = store.folder.path("posts.csv")
      let outcome = try store.socialq(
        "sql", RoundTripTests.statement, "--format", "csv", "--output", path)
      #expect(outcome.status == 0, "\(outcome.standardError)")
      return path
    }

    private let header = ["post_id", "username", "location", "empty", "likes", "rate"]

    @Test func pythonReadsTheSameValues() async throws {
      try await onThread {
        let store = try RoundTripTests.store()
        let printed = try store.python("csvread.py", ["csv", try exported(store)])
        let rows = try JSONDecoder().decode([[String]].self, from: Data(printed.utf8))
        #expect(rows.first == header)
        // Python's reader gives an empty text for NULL.
        #expect(Array(rows.dropFirst()) == RoundTripTests.expected.map { $0.map { $0 ?? "" } })
      }
    }

    @Test func duckDBReadsTheSameValues() async throws {
      try await onThread {
        let store = try RoundTripTests.store()
        let duckdb = try PythonTools.require("duckdb==2.0.0")
        let printed = try store.python(
          "csvread.py", ["duckdb", try exported(store)], ["PYTHONPATH": duckdb.path])
        let rows = try JSONDecoder().decode([[String?]].self, from: Data(printed.utf8))
        #expect(rows.first == header)
        #expect(Array(rows.dropFirst()) == RoundTripTests.expected)
      }
    }

    @Test func sqliteImportsTheSameValues() async throws {
      try await onThread {
        let store = try RoundTripTests.store()
        let path = try exported(store)
        // quote() shows NULL, and every byte.
        let printed = try store.tool([
          "sqlite3", ":memory:", ".import --csv '\(path)' p", ".mode json",
          """
          SELECT hex(post_id) AS a, hex(username) AS b, hex(location) AS c, hex(empty) AS d,
            hex(likes) AS e, hex(rate) AS f FROM p ORDER BY rowid
          """,
        ])
        let rows = try JSONDecoder().decode([[String: String]].self, from: Data(printed.utf8))
        func hex(_ text: String?) -> String {
          (text ?? "").utf8.map { String(format: "%02X", $0) }.joined()
        }
        let read = rows.map { row in ["a", "b", "c", "d", "e", "f"].map { row[$0] } }
        // Its import has no NULL but an empty text.
        #expect(read == RoundTripTests.expected.map { $0.map(hex) })
      }
    }
  }
}
