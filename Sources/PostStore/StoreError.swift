import GRDB
import GRDBSQLite

/// Why a store cannot do what was asked, in words for the user.
public struct StoreError: Error, Equatable, Sendable, CustomStringConvertible {
  /// The kind of a failure.
  public enum Code: String, Sendable {
    /// There is no store at the path.
    case notFound
    /// There is a file already where one is to be made.
    case exists
    /// The file is not a store of socialq.
    case notAStore
    /// The store was made by a newer version of the program.
    case newer
    /// The store was made by an older version, and this program only reads.
    case older
    /// A migration that the store has run reads differently now.
    case editedMigration
    /// Another program kept the store locked longer than the time limit.
    case busy
    /// A row breaks a rule of the tables, or is longer than SQLite takes.
    case refused
    /// The file was deleted, another was put in its place, or an earlier state into it, while it was open.
    case replaced
    /// The disk is full.
    case full
    /// The file or its folder cannot be written.
    case readOnly
    /// The file is damaged.
    case corrupt
    /// Time was up, or the user gave up waiting.
    case interrupted
    /// The file cannot be read or written, though it is there.
    case inputOutput
    /// Anything else that SQLite reports.
    case sqlite
  }

  /// The kind.
  public let code: Code
  /// What happened, where, and what to do.
  public let message: String
  /// The statement that failed, if one did.
  public let sql: String?
  /// What SQLite has against the statement, in its own words; nil unless the statement is at fault.
  public private(set) var complaint: String?
  /// Where in the UTF-8 of the statement that is, if SQLite says.
  public private(set) var offset: Int?

  /// The field of a post that the store does not take; nil unless one is at fault.
  public private(set) var field: String?

  /// A failure of a kind with a message for the user.
  public init(_ code: Code, _ message: String, sql: String? = nil, field: String? = nil) {
    self.field = field
    self.code = code
    self.message = message
    self.sql = sql
  }

  /// The message.
  public var description: String { message }

  /// A failure as SQLite reports it, by its [result code](https://www.sqlite.org/rescode.html).
  init(
    resultCode: Int32, message: String, sql: String?, path: String, offset: Int? = nil
  ) {
    switch resultCode & 0xFF {
    case SQLITE_BUSY, SQLITE_LOCKED:
      self.init(
        .busy,
        "the store \(path) is locked by another program: wait for it, or stop it, and try again",
        sql: sql)
    case SQLITE_FULL:
      self.init(.full, "no room left on the disk of \(path): free some and try again", sql: sql)
    case SQLITE_READONLY:
      self.init(
        .readOnly,
        "the store \(path) cannot be written (\(message)): see who may write it and its folder, or name another with --db",
        sql: sql)
    case SQLITE_CORRUPT:
      self.init(
        .corrupt,
        "the store \(path) is damaged (\(message)): see 'socialq doctor' and restore a backup, or have social-consumer make a new store of the topic with --db",
        sql: sql)
    case SQLITE_NOTADB:
      self.init(
        .notAStore, "\(path) is not a socialq store: it is not an SQLite database", sql: sql)
    case SQLITE_CANTOPEN:
      self.init(
        .sqlite, "cannot open the store \(path): check that its folder exists and is yours",
        sql: sql)
    case SQLITE_INTERRUPT:
      self.init(.interrupted, "interrupted", sql: sql)
    case SQLITE_IOERR where resultCode == sharedMemoryHasNoRoom:
      self.init(.full, "no room left on the disk of \(path): free some and try again", sql: sql)
    case SQLITE_IOERR:
      self.init(
        .inputOutput,
        "the store \(path) cannot be read or written (\(message)): check the disk that it is on",
        sql: sql)
    case let kind:
      let isRefused = [SQLITE_CONSTRAINT, SQLITE_TOOBIG, SQLITE_MISMATCH].contains(kind)
      self.init(isRefused ? .refused : .sqlite, "the store \(path): \(message)", sql: sql)
      complaint = message
      self.offset = offset
    }
  }

  /// There is no store at a path.
  public static func missing(at path: String) -> StoreError {
    StoreError(
      .notFound,
      "there is no store at \(path): start social-consumer or socialq import to make one, run script/demo, or name another with --db"
    )
  }

  /// Any error of GRDB or SQLite as a `StoreError`; one that is so already stays as it is.
  public static func wrapping(_ error: any Error, path: String) -> StoreError {
    switch error {
    case let error as StoreError: error
    case let error as DatabaseError:
      StoreError(
        resultCode: error.extendedResultCode.rawValue,
        message: error.message ?? String(describing: error.resultCode), sql: error.sql, path: path)
    default: StoreError(.sqlite, "the store \(path): \(error)")
    }
  }
}

extension StoreError {
  /// A post names what no dictionary of the store at a path has.
  public static func unknownName(in path: String) -> StoreError {
    StoreError(
      .corrupt,
      "the store \(path) has a post with a user, hashtag or other name that it does not know: see 'socialq doctor'"
    )
  }

  /// An earlier state of the store was put into the file that is open.
  static func putBack(_ path: String) -> StoreError {
    StoreError(
      .replaced,
      "the store \(path) was put back to an earlier state, or made smaller, while it was open: see 'socialq doctor', then start the program again, which goes on from there"
    )
  }
}

/// `SQLITE_IOERR_SHMSIZE`, a macro that Swift does not import: the index of the log could not grow.
private let sharedMemoryHasNoRoom = SQLITE_IOERR | (19 << 8)
