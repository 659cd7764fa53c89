import GRDB
import Posts

/// A numbered step that makes or changes the tables of a store.
public struct Migration: Sendable {
  /// The name of its file without `.sql`, such as `0001-posts`.
  public let name: String
  /// The statements.
  public let sql: String

  /// A step of a name and its statements.
  public init(name: String, sql: String) {
    self.name = name
    self.sql = sql
  }

  /// Tells an edited file from the one that a store has run: 64-bit FNV-1a over the bytes.
  public var checksum: String { FNV1a(sql.utf8).digits }

  /// The steps that this program knows, from `migrations/`, in order.
  public static let all: [Migration] = embeddedFiles.map {
    Migration(name: String($0.name.dropLast(".sql".count)), sql: $0.text)
  }
}

/// Marks a file as a store of socialq, in SQLite's `application_id`: "socq".
let applicationID: Int32 = 0x736F_6371

/// Brings a store to the newest schema, and refuses one that it does not understand.
struct Migrator {
  let path: String
  let migrations: [Migration]

  /// Throws if the database is another program's. Nothing is written.
  func refuseOthers(_ db: Database) throws {
    // In this order, since another program may be making the store: it becomes ours and stops being
    // empty at once.
    if try !isEmpty(db) { try checkApplicationID(db) }
  }

  /// Runs every migration that the store has not run, each in a transaction of its own.
  func migrate(_ db: Database) throws {
    try db.inTransaction(.immediate) {
      if try isEmpty(db) {
        try db.execute(sql: "PRAGMA application_id = \(applicationID)")
        try db.execute(
          sql: """
            CREATE TABLE schema_migrations (
              name       TEXT NOT NULL PRIMARY KEY,
              checksum   TEXT NOT NULL,
              applied_us INTEGER NOT NULL
            ) STRICT, WITHOUT ROWID
            """)
      }
      return .commit
    }
    for migration in migrations.dropFirst(try applied(db)) {
      try db.inTransaction(.immediate) {
        // Another program may have run it since.
        let known = try Bool.fetchOne(
          db, sql: "SELECT EXISTS (SELECT 1 FROM schema_migrations WHERE name = ?)",
          arguments: [migration.name])
        if known == true { return .commit }
        try db.execute(sql: migration.sql)
        switch migration.name {
        case "0008-packed-accounts": try PackedTable.packAccounts(db, path: path)
        case "0011-packed-rollups": try PackedTable.packRows(db, path: path)
        case "0012-account-totals": try PackedTable.addUpAccounts(db, path: path)
        default: break
        }
        try db.execute(
          sql: """
            INSERT INTO schema_migrations (name, checksum, applied_us)
            VALUES (?, ?, CAST((julianday('now') - 2440587.5) * 86400000000 AS INTEGER))
            """,
          arguments: [migration.name, migration.checksum])
        return .commit
      }
    }
  }

  /// Throws unless the store has run exactly the migrations that this program knows.
  func check(_ db: Database) throws {
    let count = try applied(db)
    guard count == migrations.count else {
      throw StoreError(
        .older,
        "the store \(path) is of an older version of socialq: start social-consumer on it once to bring it up to date, or import something into it"
      )
    }
  }

  /// How many of the migrations the store has run; they are always the first ones.
  private func applied(_ db: Database) throws -> Int {
    try checkApplicationID(db)
    let rows = try Row.fetchAll(
      db, sql: "SELECT name, checksum FROM schema_migrations ORDER BY name")
    for (index, row) in rows.enumerated() {
      let name: String = row["name"]
      guard index < migrations.count, migrations[index].name == name else {
        throw StoreError(
          .newer,
          "the store \(path) was made by a newer socialq (it has \(name)): update this program"
        )
      }
      guard migrations[index].checksum == row["checksum"] else {
        throw StoreError(
          .editedMigration,
          "migration \(name) was edited after the store \(path) ran it: restore the file and put the change into a new migration"
        )
      }
    }
    return rows.count
  }

  private func checkApplicationID(_ db: Database) throws {
    guard try Int32.fetchOne(db, sql: "PRAGMA application_id") == applicationID else {
      throw StoreError(
        .notAStore, "\(path) is an SQLite database, but not a socialq store: name another file")
    }
  }

  private func isEmpty(_ db: Database) throws -> Bool {
    try Int.fetchOne(db, sql: "SELECT COUNT(*) FROM sqlite_schema") == 0
  }
}
