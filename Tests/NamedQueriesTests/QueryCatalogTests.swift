import Foundation
import NamedQueries
import StoreFixtures
import TestSupport
import Testing

@Suite struct QueryCatalogTests {
  private let folder: TemporaryDirectory
  private let other: TemporaryDirectory

  init() throws {
    folder = try TemporaryDirectory()
    other = try TemporaryDirectory()
  }

  private func sql(_ title: String) -> String {
    "-- title: \(title)\n-- column: x count\nSELECT 1 AS x\n"
  }

  @Test func theBuiltInQueriesAreThoseOfTheirFolder() throws {
    let queries = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .deletingLastPathComponent().deletingLastPathComponent().appending(path: "queries")
    let files = try FileManager.default.contentsOfDirectory(atPath: queries.path)
    #expect(files.count > 0)
    #expect(try QueryCatalog().names == files.map { String($0.dropLast(4)) }.sorted())
  }

  @Test func aFileInAFolderIsAQuery() throws {
    let file = try folder.write(sql("Mine"), to: "my-query.sql")
    try folder.write("not a query", to: "notes.txt")
    try folder.write("not a query", to: ".hidden.sql")
    let builtIn = try QueryCatalog().names
    let catalog = try QueryCatalog(folders: [(folder.path, true)])
    #expect(catalog.names == (builtIn + ["my-query"]).sorted())
    let query = try catalog.query("my-query")
    #expect(query.title == "Mine")
    #expect(query.file == file)
    #expect(try TemporaryStore().reader.answer(query) == [[.integer(1)]])
  }

  @Test func aLaterFolderStandsForAnEarlierOne() throws {
    try folder.write(sql("Mine"), to: "kpis.sql")
    try other.write(sql("Another"), to: "kpis.sql")
    let names = try QueryCatalog().names
    for (folders, title) in [
      ([folder], "Mine"), ([folder, other], "Another"), ([other, folder], "Mine"),
      ([], "Key figures"),
    ] {
      let catalog = try QueryCatalog(folders: folders.map { ($0.path, true) })
      #expect(catalog.names == names)
      #expect(try catalog.query("kpis").title == title)
    }
  }

  @Test func aBrokenFileBreaksItsOwnQueryOnly() throws {
    try folder.write("SELECT nothing", to: "broken.sql")
    try folder.write(sql("Fine"), to: "fine.sql")
    try Data([0x2D, 0x2D, 0xFF, 0xFE]).write(to: URL(fileURLWithPath: folder.path("bytes.sql")))
    try FileManager.default.createDirectory(
      atPath: folder.path("folder.sql"), withIntermediateDirectories: false)
    let catalog = try QueryCatalog(folders: [(folder.path, true)])
    #expect(try catalog.query("fine").title == "Fine")
    #expect(try catalog.query("kpis").title == "Key figures")
    for name in ["broken", "bytes", "folder"] {
      let error = #expect(throws: QueryError.self) { try catalog.query(name) }
      #expect(error?.code == .queryFile, "\(name)")
      #expect(error?.message.contains(folder.path("\(name).sql")) == true, "\(name)")
    }
    for (name, words) in [("bytes", "bytes.sql:1: it is not UTF-8"), ("folder", "is a folder")] {
      let error = #expect(throws: QueryError.self) { try catalog.query(name) }
      #expect(error?.message.contains(words) == true, "\(name)")
    }
  }

  @Test func aByteOrderMarkIsNoPartOfAQuery() throws {
    try folder.write("\u{FEFF}" + sql("Marked"), to: "marked.sql")
    #expect(try QueryCatalog(folders: [(folder.path, true)]).query("marked").title == "Marked")
  }

  @Test func aFolderMayBeMissingUnlessItIsAskedFor() throws {
    let missing = folder.path("none")
    #expect(
      try QueryCatalog(folders: [(missing, false)]).names == QueryCatalog().names)
    let error = #expect(throws: QueryError.self) { try QueryCatalog(folders: [(missing, true)]) }
    #expect(error?.message.hasPrefix("there is no folder \(missing) ") == true)
    let file = try folder.write("", to: "file")
    let notAFolder = #expect(throws: QueryError.self) {
      try QueryCatalog(folders: [(file, false)])
    }
    #expect(notAFolder?.message.contains(file) == true)
  }

  @Test func noFileStandsInTheWayOfACommand() throws {
    try folder.write(sql("Mine"), to: "check.sql")
    let catalog = try QueryCatalog(folders: [(folder.path, true)], reserved: ["check"])
    let error = #expect(throws: QueryError.self) { try catalog.query("check") }
    #expect(error?.message.contains(folder.path("check.sql")) == true)
    #expect(try QueryCatalog(folders: [(folder.path, true)]).query("check").title == "Mine")
  }

  @Test func anUnknownNameIsToldTheNearest() throws {
    let catalog = try QueryCatalog()
    let near = #expect(throws: QueryError.self) { try catalog.query("top-hashtag") }
    #expect(near?.code == .unknownQuery)
    #expect(
      near?.message.hasPrefix(
        "there is no query 'top-hashtag': did you mean top-hashtags") == true)
    let far = #expect(throws: QueryError.self) { try catalog.query("xxxxxxxxxx") }
    #expect(far?.message == "there is no query 'xxxxxxxxxx': see 'socialq list'")
    // A reserved name is proposed to those who can use it.
    let commands = try QueryCatalog(reserved: ["check"])
    for suggests in [false, true] {
      let error = #expect(throws: QueryError.self) {
        try commands.query("chekc", suggestsReserved: suggests)
      }
      #expect(error?.message.contains("check") == suggests)
    }
    let misplaced = #expect(throws: QueryError.self) {
      try commands.query("check", suggestsReserved: true)
    }
    #expect(misplaced?.message.contains("it comes first") == true)
  }
}
