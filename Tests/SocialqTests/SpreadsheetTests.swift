import Foundation
import Posts
import StoreFixtures
import TestSupport
import Testing

extension ProgramTests {
  /// What LibreOffice makes of a file of `--excel`: the values and types of its cells.
  @Suite struct SpreadsheetTests {
    /// Texts that a spreadsheet would run or change, and the text that its cell has to hold.
    static let hostileTexts: [(text: String, cell: String)] = [
      // What begins like a formula is kept by an apostrophe that is seen.
      ("=1+1", "'=1+1"), ("=cmd|'/c calc'!A1", "'=cmd|'/c calc'!A1"), ("+1+1", "'+1+1"),
      ("-1+1", "'-1+1"), ("@SUM(A1:A9)", "'@SUM(A1:A9)"), ("\t=1+1", "'\t=1+1"),
      (" =1+1", "' =1+1"),
      ("=HYPERLINK(\"http://evil\",\"x\")", "'=HYPERLINK(\"http://evil\",\"x\")"),
      ("\"=1+1", "'\"=1+1"), ("＝1+1", "'＝1+1"), ("-0.02", "'-0.02"),
      ("+33 1 23 45", "'+33 1 23 45"),
      // Identifiers, and what would become a number, a date, a time or a truth value.
      ("1234567890123456", "1234567890123456"), ("1234567890123456789", "1234567890123456789"),
      ("00123", "00123"), ("0", "0"), ("7", "7"), ("3.10", "3.10"), ("1,5", "1,5"), ("1E5", "1E5"),
      ("12e3", "12e3"), ("2026-03-01", "2026-03-01"), ("3-4", "3-4"), ("3/4", "3/4"),
      ("1 Mar", "1 Mar"), ("MARCH1", "MARCH1"), ("12:30", "12:30"), ("TRUE", "TRUE"),
      ("false", "false"), ("50%", "50%"), ("$5", "$5"), ("１２３", "１２３"),
      // What a file could lose.
      ("a,b", "a,b"), ("a;b", "a;b"), ("say \"hi\"", "say \"hi\""), ("\"", "\""),
      ("two\nlines", "two\nlines"), ("tab\tbed", "tab\tbed"), ("back\\slash", "back\\slash"),
      ("  two  spaces  ", "  two  spaces  "), ("👩‍👩‍👧‍👦 family", "👩‍👩‍👧‍👦 family"), ("🇫🇷", "🇫🇷"),
      ("e\u{301}te\u{301}", "e\u{301}te\u{301}"), ("שלום עולם", "שלום עולם"), ("مرحبا", "مرحبا"),
      ("日本語", "日本語"), ("'quoted'", "'quoted'"), ("#ai", "#ai"), ("NULL", "NULL"),
    ]

    private static let query = """
      -- title: Hostile cells
      -- help: Texts that spreadsheets run or change.
      -- column: post_id id
      -- column: =cmd() text
      -- column: 00042 text
      -- column: day time
      -- column: rate number
      -- column: share percent
      -- column: small count
      -- column: large count
      -- column: empty text
      -- column: none text
      SELECT
        post_id, username AS "=cmd()", location AS "00042", created_us AS day, -0.02 AS rate,
        12.5 AS share, -42 AS small, 9007199254740993 AS large, '' AS empty, NULL AS none
      FROM scoped_posts ORDER BY likes
      """

    /// A store with each of the texts as an identifier, a name and a place.
    private static func hostileStore() throws -> CommandLineStore {
      let store = try CommandLineStore(
        hostileTexts.enumerated().map { number, hostile in
          .sample(ExactString(hostile.text)) {
            $0.username = ExactString(hostile.text)
            $0.location = ExactString(hostile.text)
            $0.likes = Int64(number)
            // Midnight, then any time of the day.
            $0.timestamp = Timestamp(
              microseconds: 1_772_323_200_000_000 + Int64(number) * 4_567_654_321)
          }
        })
      try store.addQuery("hostile-cells", query)
      return store
    }

    @Test(arguments: ["comma", "semicolon", "tab"])
    func libreOfficeReadsEveryValueAsItsType(_ delimiter: String) async throws {
      try await onThread {
        #expect(SpreadsheetTests.hostileTexts.count >= 40)
        let store = try SpreadsheetTests.hostileStore()
        let written = try store.socialq(
          "hostile-cells", "--excel", "--delimiter", delimiter, "--output",
          store.folder.path("cells.csv"))
        #expect(written.status == 0 && written.standardOutput.isEmpty, "\(written.standardError)")
        let rows = try cells(store, delimiter)
        #expect(
          rows.first
            == [
              "post_id", "'=cmd()", "00042", "day", "rate", "share", "small", "large", "empty",
              "none",
            ].map { ["string", $0] })
        try #require(rows.count == SpreadsheetTests.hostileTexts.count + 1)
        for (number, (row, hostile)) in zip(rows.dropFirst(), SpreadsheetTests.hostileTexts)
          .enumerated()
        {
          let time = Timestamp(
            microseconds: 1_772_323_200_000_000 + Int64(number) * 4_567_654_321)
          let text = ["string", hostile.cell]
          #expect(row[0] == text && row[1] == text && row[2] == text, "\(hostile.text): \(row)")
          // LibreOffice leaves out midnight.
          let shown = String(time.iso8601().prefix(19))
          let day = shown.hasSuffix("T00:00:00") ? String(shown.prefix(10)) : shown
          #expect(row[3] == ["date", day])
          #expect(row[4] == ["float", "-0.02"] && row[5] == ["float", "12.5"])
          #expect(row[6] == ["float", "-42"])
          #expect(row[7] == ["string", "9007199254740993"])
          #expect(row.dropFirst(8).allSatisfy { $0 == nil })
        }
      }
    }

    /// The file as LibreOffice has it after an import that nobody was asked about.
    private func cells(_ store: CommandLineStore, _ delimiter: String) throws -> [[[String]?]] {
      // Without its dialog LibreOffice looks neither for the mark at the start of the file nor for the
      // delimiter, and is told both.
      let number = ["comma": 44, "semicolon": 59, "tab": 9][delimiter] ?? 44
      _ = try store.tool([
        "soffice", "-env:UserInstallation=file://\(store.folder.path("profile"))", "--headless",
        "--infilter=Text - txt - csv (StarCalc):\(number),34,76,1", "--convert-to", "fods",
        "--outdir", store.folder.path("converted"), store.folder.path("cells.csv"),
      ])
      let printed = try store.python("spreadsheet.py", [store.folder.path("converted/cells.fods")])
      return try JSONDecoder().decode([[[String]?]].self, from: Data(printed.utf8))
    }
  }
}
