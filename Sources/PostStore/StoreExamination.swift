import Foundation
import GRDB
import Posts

/// What came of one check of a store.
public struct StoreCheck: Equatable, Sendable {
  /// How a check can end.
  public enum Result: String, Sendable {
    /// Nothing is wrong.
    case ok
    /// Something is, or will soon be.
    case finding
    /// It could not be looked at.
    case unchecked
  }

  /// What was looked at, such as `integrity`.
  public let name: String
  /// How it ended.
  public let result: Result
  /// What was found, and what to do about it.
  public let text: String

  static func ok(_ name: String, _ text: String) -> StoreCheck {
    StoreCheck(name: name, result: .ok, text: text)
  }

  static func finding(_ name: String, _ text: String) -> StoreCheck {
    StoreCheck(name: name, result: .finding, text: text)
  }

  static func unchecked(_ name: String, _ text: String) -> StoreCheck {
    StoreCheck(name: name, result: .unchecked, text: text)
  }
}

/// Looks at everything in and around a store that can be wrong, and changes nothing.
///
/// Checks go from the outside in. What a check relies on is looked at before it: where the file is no
/// database, or no store, the checks that are left are not made. A damaged store is still checked as far
/// as it can be read.
public struct StoreExamination {
  /// The file of the store.
  public let path: String
  private let now: Timestamp

  /// What to do with a damaged store.
  static let wayOut =
    "restore a backup, or have social-consumer make a new store of the topic with --db"

  /// An examination of the store at a path.
  ///
  /// - Parameter now: The time of the wall clock, for times that cannot be.
  public init(path: String, now: Timestamp) {
    self.path = path
    self.now = now
  }

  /// Makes the checks, one after the other.
  ///
  /// - Parameters:
  ///   - progress: Called with what is being looked at, as parts of it are done.
  ///   - report: Called with each check when it is done.
  /// - Throws: `StoreError`, if there is no file or it cannot be opened; what `report` throws.
  public func run(
    progress: (String) -> Void = { _ in }, report: (StoreCheck) throws -> Void
  ) throws {
    let file = StoreFile(path: path)
    try file.check()
    guard file.state != nil else { throw StoreError.missing(at: path) }
    let kind = kind(of: file)
    try report(kind)
    guard kind.result == .ok else { return }
    let reader: StoreReader
    do throws(StoreError) {
      reader = try StoreReader(path: path, checksSchema: false)
    } catch {
      guard [.corrupt, .notAStore].contains(error.code) else { throw error }
      return try report(.finding("integrity", "\(error)"))
    }
    for check in [owner, schema] {
      let outcome = try check(reader)
      try report(outcome)
      guard outcome.result == .ok else { return }
    }
    let checks: [(String, (StoreReader, (String) -> Void) throws -> StoreCheck)] = [
      ("integrity", integrity), ("foreign keys", foreignKeys), ("dictionaries", dictionaries),
      ("offsets", offsets), ("rollups", rollups),
    ]
    for (name, check) in checks {
      progress("checking \(name)")
      do {
        try report(try check(reader, progress))
      } catch let error as StoreError {
        try report(.unchecked(name, "\(error)"))
      }
    }
    try report(DiskSpace.check(file))
    try report(log(of: file))
  }

  private func kind(of file: StoreFile) -> StoreCheck {
    guard file.size > 0 else {
      return .finding(
        "file",
        "\(path) is empty: social-consumer makes a store of it; if there was one, restore a backup")
    }
    guard file.isDatabase else {
      return .finding(
        "file",
        "\(path) is not an SQLite database: name another file with --db, or restore a backup of it")
    }
    return .ok("file", "an SQLite database of \(file.size) bytes")
  }

  private func owner(_ reader: StoreReader) throws -> StoreCheck {
    let found = try reader.read { try Int32.fetchOne($0, sql: "PRAGMA application_id") ?? 0 }
    guard found == applicationID else {
      return .finding(
        "owner",
        "\(path) is a database of another program (application_id \(found)): name another file with --db"
      )
    }
    return .ok("owner", "application_id is that of socialq")
  }

  private func schema(_ reader: StoreReader) throws -> StoreCheck {
    do {
      try reader.read { try Migrator(path: path, migrations: Migration.all).check($0) }
    } catch let error as StoreError {
      return .finding("schema", "\(error)")
    }
    return .ok("schema", "\(Migration.all.last?.name ?? "none"), as this program knows it")
  }

  private func integrity(
    _ reader: StoreReader, _ progress: (String) -> Void
  ) throws -> StoreCheck {
    let problems: [String]
    do {
      problems = try reader.read { try String.fetchAll($0, sql: "PRAGMA integrity_check(100)") }
    } catch let error as StoreError where error.code == .corrupt {
      return .finding("integrity", "\(error)")
    }
    if problems == ["ok"] {
      // The index of post ids tells them apart within a stretch only.
      let repeated = try reader.read {
        try Int.fetchOne(
          $0,
          sql: "SELECT COUNT(*) FROM (SELECT 1 FROM posts GROUP BY post_id HAVING COUNT(*) > 1)")
      }
      guard let repeated, repeated > 0 else {
        return .ok("integrity", "every page and index is whole")
      }
      return .finding("integrity", "\(repeated) posts are there more than once: \(Self.wayOut)")
    }
    return .finding(
      "integrity",
      "\(problems.count)\(problems.count == 100 ? " or more" : "") damages: \(Self.first(problems)): \(Self.wayOut)"
    )
  }

  private func foreignKeys(
    _ reader: StoreReader, _ progress: (String) -> Void
  ) throws -> StoreCheck {
    let broken = try reader.read { db in
      try Row.fetchAll(
        db,
        sql: """
          SELECT "table", parent, COUNT(*) AS n FROM pragma_foreign_key_check GROUP BY 1, 2
          """)
    }
    guard !broken.isEmpty else {
      return .ok("foreign keys", "every row that another refers to is there")
    }
    let texts = broken.map { row -> String in
      let (table, parent, count): (String, String, Int64) = (row["table"], row["parent"], row["n"])
      return "\(count) rows of \(table) refer to rows of \(parent) that are not there"
    }
    return .finding("foreign keys", "\(Self.first(texts)): \(Self.wayOut)")
  }

  private func rollups(
    _ reader: StoreReader, _ progress: (String) -> Void
  ) throws -> StoreCheck {
    let state = try reader.read { try RollupState($0) }
    guard state.isBuilt, state.rebuilding == nil else {
      return .finding(
        "rollups",
        "they are being rebuilt, or were until it was cut short: finish with 'socialq rollups rebuild'"
      )
    }
    let result = try reader.verifyRollups { progress("checking rollups of \($0.iso8601())") }
    guard result.differenceCount == 0 else {
      return .finding(
        "rollups",
        "\(result.differenceCount) rows differ from what the posts add up to: 'socialq rollups verify' lists them, 'socialq rollups rebuild' mends them"
      )
    }
    return .ok("rollups", "\(result.rows) rows of \(result.days) days are what the posts add up to")
  }

  /// Above this many bytes a log is no longer what a few transactions leave.
  static let longLog: Int64 = 512 << 20

  private func log(of file: StoreFile) -> StoreCheck {
    guard file.logSize > Self.longLog else {
      return .ok("log", "\(file.logSize) bytes wait in the write-ahead log")
    }
    return .finding(
      "log",
      "\(file.logSize) bytes wait in \(path)-wal: a program that reads the store without end keeps them there; find it with 'fuser \(path)' and end it"
    )
  }

  /// The first few of many problems, on one line.
  static func first(_ problems: [String]) -> String {
    let shown = problems.prefix(3).map { $0.replacingOccurrences(of: "\n", with: " ") }
    let rest = problems.count - shown.count
    return shown.joined(separator: "; ") + (rest > 0 ? "; and \(rest) more" : "")
  }

  // In files of their own, since they are long.

  private func offsets(_ reader: StoreReader, _ progress: (String) -> Void) throws -> StoreCheck {
    try reader.read { try OffsetChecks(now: now).check($0) }
  }

  private func dictionaries(
    _ reader: StoreReader, _ progress: (String) -> Void
  ) throws -> StoreCheck {
    try reader.read { try DictionaryChecks.check($0) }
  }
}
