import GRDB
import GRDBSQLite
import PostStore
import Posts
import StoreFixtures
import TestSupport
import Testing

@Suite struct RawStatementTests {
  private let folder: TemporaryDirectory
  private let connection: DatabaseQueue

  init() throws {
    folder = try TemporaryDirectory()
    connection = try otherConnection(folder.path("any.db"))
  }

  /// Lends a statement with two parameters.
  private func withStatement(_ body: (borrowing RawStatement) throws -> Void) throws {
    try connection.inDatabase { db in
      let handle = try #require(db.sqliteConnection)
      let statement = try RawStatement(
        "SELECT ?1, ?2", connection: handle, path: folder.path("any.db"))
      try body(statement)
    }
  }

  /// The values that a statement takes.
  enum Value: CaseIterable {
    case noNumber, integer, real, boolean, exactText, emptyText, text, noBytes, emptyBytes, bytes

    func bind(to statement: borrowing RawStatement, at index: Int32) throws(StoreError) {
      switch self {
      case .noNumber: try statement.bind(nil as Int64?, at: index)
      case .integer: try statement.bind(7 as Int64, at: index)
      case .real: try statement.bind(0.5, at: index)
      case .boolean: try statement.bind(true, at: index)
      case .exactText: try statement.bind("a" as ExactString, at: index)
      case .emptyText: try statement.bind(text: "", at: index)
      case .text: try statement.bind(text: "a\u{0}b", at: index)
      case .noBytes: try statement.bind(nil as [UInt8]?, at: index)
      case .emptyBytes: try statement.bind([] as [UInt8], at: index)
      case .bytes: try statement.bind([1, 0] as [UInt8], at: index)
      }
    }
  }

  @Test(arguments: Value.allCases)
  func aValueWithoutAParameterIsRefused(_ value: Value) throws {
    try withStatement { statement in
      for index in [1, 2] as [Int32] { try value.bind(to: statement, at: index) }
      for index in [-1, 0, 3] as [Int32] {
        var error: StoreError?
        do { try value.bind(to: statement, at: index) } catch let failure as StoreError {
          error = failure
        }
        #expect(error?.code == .sqlite)
        #expect(error?.message.contains("parameter \(index) ") == true)
        #expect(error?.message.contains("any.db") == true)
        #expect(error?.sql == "SELECT ?1, ?2")
      }
    }
  }

  @Test(arguments: Value.allCases)
  func aValueForAStatementThatIsRunningIsRefused(_ value: Value) throws {
    try withStatement { statement in
      let hasRow = try statement.step()
      #expect(hasRow)
      var isRefused = false
      do { try value.bind(to: statement, at: 1) } catch { isRefused = true }
      #expect(isRefused)
      statement.reset()
      try value.bind(to: statement, at: 1)
    }
  }

  /// SQLite takes a thousand million bytes at most.
  @Test func aTextThatIsTooLongIsRefused() throws {
    try connection.inDatabase { db in
      let handle = try #require(db.sqliteConnection)
      sqlite3_limit(handle, SQLITE_LIMIT_LENGTH, 100)
      let statement = try RawStatement("SELECT ?1", connection: handle, path: "any.db")
      try statement.bind(text: String(repeating: "a", count: 100), at: 1)
      var errors: [any Error] = []
      do { try statement.bind(text: String(repeating: "a", count: 101), at: 1) } catch {
        errors.append(error)
      }
      do { try statement.bind([UInt8](repeating: 1, count: 101), at: 1) } catch {
        errors.append(error)
      }
      #expect(errors.count == 2)
      #expect(errors.allSatisfy { "\($0)".contains("too big") })
    }
  }
}
