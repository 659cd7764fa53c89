import Foundation
import PostStore
import Posts
import StoreFixtures
import TestSupport
import Testing

/// Whole data out and in, with the real program.
@Suite struct ExportImportTests {
  private let files: TemporaryDirectory
  /// A file of some posts of the original system.
  private let fixture: String

  init() throws {
    files = try TemporaryDirectory()
    let all = try String(contentsOf: TestFiles.fixture("original-5k.ndjson"), encoding: .utf8)
    let some = all.split(separator: "\n").prefix(1000).joined(separator: "\n")
    fixture = try files.write(some + "\n", to: "fixture.ndjson")
  }

  private func text(_ name: String) throws -> String {
    try String(contentsOfFile: files.path(name), encoding: .utf8)
  }

  private func original() throws -> String {
    try String(contentsOfFile: fixture, encoding: .utf8)
  }

  /// The lines of a text, in any order.
  private func lines(_ text: String) -> [Substring] { text.split(separator: "\n").sorted() }

  @Test func whatComesInGoesOutByteForByte() throws {
    let store = files.path("store.db")
    let imported = try socialq(["import", fixture], store: store)
    #expect(imported.status == 0)
    #expect(imported.standardOutput == "")
    #expect(imported.standardError == "1000 stored\n")
    let exported = try socialq(["export"], store: store)
    #expect(exported.status == 0)
    #expect(exported.standardError == "1000 posts exported\n")
    #expect(try lines(exported.standardOutput) == lines(original()))
    #expect(try socialq(["rollups", "verify"], store: store).status == 0)
    #expect(
      try socialq(["import", fixture], store: store).standardError == "0 stored, 1000 duplicate\n")
  }

  @Test(arguments: [["gzip"], ["zstd", "-q"], []], ["posts.csv", "posts.ndjson"])
  func everyFormComesBackTheSame(_ compressor: [String], _ name: String) throws {
    try socialq(["import", fixture], store: files.path("a.db"))
    let out = try socialq(["export", "--output", files.path(name)], store: files.path("a.db"))
    #expect(out.status == 0 && out.standardOutput == "")
    var file = files.path(name)
    if let program = compressor.first {
      let outcome = try Program(
        executable: URL(fileURLWithPath: "/usr/bin/env"), compressor + [file]
      ).wait()
      try #require(outcome.status == 0)
      file += program == "gzip" ? ".gz" : ".zst"
    }
    let back = try socialq(["import", file], store: files.path("b.db"))
    #expect(back.standardError == "1000 stored\n")
    let exported = try socialq(["export"], store: files.path("b.db"))
    #expect(try lines(exported.standardOutput) == lines(original()))
    // The same from a pipe, where no name tells what it is.
    let bytes = try Data(contentsOf: URL(fileURLWithPath: file))
    let piped = try Program.run(
      "socialq", ["import", "-", "--db", files.path("c.db")], standardInput: bytes)
    #expect(piped.standardError == "1000 stored\n")
  }

  @Test func aScopeIsExported() throws {
    let store = files.path("store.db")
    try socialq(["import", fixture], store: store)
    let exported = try socialq(
      [
        "export", "--platform", "twitter", "--sentiment", "negative", "--since",
        "2026-11-25T01:30:00",
      ],
      store: store)
    let expected = try original().split(separator: "\n").filter { line in
      let start = try #require(line.firstRange(of: "\"timestamp\": \"")).upperBound
      return line.contains("\"platform\": \"Twitter\"")
        && line.contains("\"sentiment\": \"negative\"")
        && line[start...] >= "2026-11-25T01:30:00"
    }
    #expect(!expected.isEmpty)
    #expect(lines(exported.standardOutput) == expected.sorted())
    #expect(exported.standardError == "\(expected.count) posts exported\n")
  }

  @Test func aRejectedLineIsToldAndNothingElseIsLost() throws {
    let store = files.path("store.db")
    let good = try original().split(separator: "\n")
    try files.write(
      """
      \(good[0])
      {"post_id": "x"}

      \(good[1])
      not JSON
      \(good[2].replacing("\"likes\": ", with: "\"likes\": -"))
      \(good[3])
      """, to: "some.ndjson")
    let outcome = try socialq(["import", files.path("some.ndjson")], store: store)
    #expect(outcome.status == 1)
    let file = files.path("some.ndjson")
    #expect(
      outcome.standardError == """
        \(file):2: user_id: missing or not a string
        \(file):5: JSON: unexpected character at byte 1
        \(file):6: likes: out of range
        3 stored, 3 rejected

        """)
    let stored = try socialq(["export"], store: store).standardOutput
    #expect(lines(stored) == [good[0], good[1], good[3]].sorted())
  }

  @Test func manyRejectedLinesAreCounted() throws {
    try files.write(String(repeating: "{}\n", count: 1000), to: "none.ndjson")
    let outcome = try socialq(["import", files.path("none.ndjson")], store: files.path("store.db"))
    #expect(outcome.status == 1)
    #expect(outcome.standardError.split(separator: "\n").count == 22)
    #expect(
      outcome.standardError.hasSuffix("… and 980 more lines rejected\n0 stored, 1000 rejected\n"))
  }

  @Test func laterVersionsStandAndOffsetsStay() throws {
    let store = files.path("store.db")
    let writer = try StoreWriter(path: store)
    func post(_ id: ExactString, likes: Int64) -> Post { .sample(id) { $0.likes = likes } }
    let created = Post.sample().timestamp.microseconds / 1000
    _ = try writer.apply(
      [
        PartitionStretch(
          7,
          [
            (created + 1, .post(post("later", likes: 2))),
            (created - 1, .post(post("earlier", likes: 3))),
            (created + 1, .tombstone(postID: "deleted")),
          ])
      ], now: Timestamp(microseconds: 0))
    let before = try StoreReader(path: store).strings(
      "SELECT \"partition\" || ' ' || next_offset || ' ' || stored FROM kafka_partitions")
    var lines: [UInt8] = []
    for id: ExactString in ["later", "earlier", "deleted", "new"] {
      PostEncoder().encode(post(id, likes: 1), into: &lines)
      lines.append(UInt8(ascii: "\n"))
    }
    let outcome = try Program.run(
      "socialq", ["import", "-", "--db", store], standardInput: Data(lines))
    #expect(outcome.status == 0)
    #expect(outcome.standardError == "1 stored, 1 updated, 2 stale\n")
    let reader = try StoreReader(path: store)
    #expect(
      try reader.strings("SELECT post_id || likes FROM social_posts ORDER BY 1")
        == ["earlier1", "later2", "new1"])
    #expect(
      try reader.strings(
        "SELECT \"partition\" || ' ' || next_offset || ' ' || stored FROM kafka_partitions")
        == before)
    #expect(try socialq(["rollups", "verify"], store: store).status == 0)
  }

  @Test func aFailedExportLeavesWhatWasThere() throws {
    let store = files.path("store.db")
    try socialq(["import", fixture], store: store)
    try files.write("the export of yesterday", to: "posts.ndjson")
    let program = TestFiles.products.appendingPathComponent("socialq").path
    let outcome = try Program(
      executable: URL(fileURLWithPath: "/usr/bin/env"),
      [
        "bash", "-c", "trap '' XFSZ; ulimit -f 100; exec \"$0\" \"$@\"", program, "export", "--db",
        store, "--output", files.path("posts.ndjson"),
      ]
    ).wait()
    #expect(outcome.status == 1)
    #expect(outcome.standardError.contains("is not written"))
    #expect(!outcome.standardError.contains("posts exported"))
    #expect(try text("posts.ndjson") == "the export of yesterday")
    let left = try FileManager.default.contentsOfDirectory(atPath: files.path)
    #expect(left.filter { $0.hasPrefix("posts") } == ["posts.ndjson"])
    #if os(Linux)
      let full = try Program(
        executable: URL(fileURLWithPath: "/usr/bin/env"),
        ["bash", "-c", "exec \"$0\" export --db \"$1\" > /dev/full", program, store]
      ).wait()
      #expect(full.status == 1)
      #expect(full.standardError.contains("incomplete"))
    #endif
  }

  @Test func anInterruptedExportIsNoWholeOne() async throws {
    let files = files
    let fixture = fixture
    try await onThread {
      let store = files.path("store.db")
      try socialq(["import", fixture], store: store)
      try #require(mkfifo(files.path("pipe"), 0o600) == 0)
      let export = try Program(
        "socialq", ["export", "--db", store, "--output", files.path("pipe")])
      let reader = try #require(FileHandle(forReadingAtPath: files.path("pipe")))
      _ = try reader.read(upToCount: 1)
      // A full pipe holds it in the midst of the export, where the signal finds it.
      export.send(signal: SIGINT)
      let rest = try reader.readToEnd() ?? Data()
      let outcome = try export.wait()
      #expect(rest.count < 400_000)
      #expect(outcome.status == 130)
      #expect(outcome.standardError.contains("is not written"))
      #expect(!outcome.standardError.contains("posts exported"))
    }
  }

  @Test(arguments: ["import -", "import - --format csv"])
  func anImportThatWaitsIsStopped(_ words: String) async throws {
    try await onThread {
      let posts = files.path("posts")
      try socialq(["import", fixture], store: files.path("a.db"))
      let form = words.hasSuffix("csv") ? "csv" : "ndjson"
      try socialq(["export", "--format", form, "--output", posts], store: files.path("a.db"))
      // The last line ends in the middle of a number.
      let script = """
        cd "$2"
        "$0" \(words) < <(cat "$1"; tail -n 1 "$1" | head -c 90; : > sent; exec sleep 15) & pid=$!
        for _ in $(seq 500); do [ -e sent ] && break; sleep 0.1; done
        sleep 3; start=$SECONDS; kill -TERM $pid; wait $pid; echo "$? $((SECONDS - start < 8))"
        """
      let product = TestFiles.products.appendingPathComponent("socialq").path
      let outcome = try Program(
        executable: URL(fileURLWithPath: "/bin/bash"), ["-c", script, product, posts, files.path],
        environment: ["SOCIALQ_DB": files.path("b.db")]
      ).wait(timeout: .seconds(60))
      #expect(outcome.standardOutput == "143 1\n", "\(outcome)")
      #expect(outcome.standardError.contains("what came before is stored"))
      let kept = try socialq(["kpis", "--format", "csv"], store: files.path("b.db"))
      #expect(kept.standardOutput.contains("\n1000,"), "\(kept)")
    }
  }

  /// However much there is, no more of it is in memory than a batch.
  @Test func memoryDoesNotGrowWithThePosts() throws {
    var lines: [String] = []
    let some = try original().split(separator: "\n")
    for round in 0..<60 {
      for line in some {
        lines.append(
          String(line.replacing("\"post_id\": \"", with: "\"post_id\": \"\(round)-")))
      }
    }
    let all = lines.joined(separator: "\n") + "\n"
    let few = try files.write(
      lines.prefix(25_000).joined(separator: "\n") + "\n", to: "few.ndjson")
    let many = try files.write(all, to: "many.ndjson")
    let small = try peak(["import", few, "--db", files.path("few.db")])
    let large = try peak(["import", many, "--db", files.path("many.db")])
    #expect(large < small * 5 / 4, "\(small) and \(large) KiB")
    let little = try peak(["export", "--db", files.path("few.db")])
    let much = try peak(["export", "--db", files.path("many.db")])
    #expect(much < little * 5 / 4, "\(little) and \(much) KiB")
  }

  /// The most memory that a run of `socialq` had, in KiB.
  private func peak(_ words: [String]) throws -> Int {
    let script = """
      import resource, subprocess, sys
      status = subprocess.call(sys.argv[1:], stdout=subprocess.DEVNULL)
      print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)
      sys.exit(status)
      """
    let product = TestFiles.products.appendingPathComponent("socialq").path
    let outcome = try Program(
      executable: URL(fileURLWithPath: "/usr/bin/env"), ["python3", "-c", script, product] + words
    ).wait(timeout: .seconds(240))
    #expect(outcome.status == 0, "\(outcome.standardError)")
    return try #require(
      Int(outcome.standardOutput.trimmingCharacters(in: .whitespacesAndNewlines)))
  }

  @Test func aReaderThatHasGoneIsNoFailure() throws {
    let store = files.path("store.db")
    try socialq(["import", fixture], store: store)
    let program = TestFiles.products.appendingPathComponent("socialq").path
    let outcome = try Program(
      executable: URL(fileURLWithPath: "/usr/bin/env"),
      [
        "bash", "-c", "\"$0\" export --db \"$1\" | head -n 1 > /dev/null; echo ${PIPESTATUS[0]}",
        program, store,
      ]
    ).wait()
    #expect(outcome.standardOutput == "0\n")
    #expect(outcome.standardError == "")
  }

  @Test(
    arguments: [
      (["import", "none.csv"], 1, "cannot open none.csv"),
      (["import"], 64, "Missing expected argument"),
      (["import", "-", "--format", "xml"], 64, "'--format"),
      (["export", "--output", "posts.csv.gz"], 64, "does not compress"),
      (["export", "--topic", ""], 64, "--topic"),
      (["export", "--db", "/nowhere/none.db"], 1, "there is no store"),
    ] as [([String], Int32, String)])
  func mistakesAreTold(_ arguments: [String], _ status: Int32, _ message: String) throws {
    try StoreWriter(path: files.path("store.db")).store([.sample()])
    let outcome = try socialq(
      arguments, environment: ["SOCIALQ_DB": files.path("store.db")])
    #expect(outcome.status == status)
    #expect(outcome.standardOutput == "")
    #expect(outcome.standardError.contains(message), "\(outcome.standardError)")
  }
}
