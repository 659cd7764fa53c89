import Foundation
import PostStore
import StoreFixtures
import TestSupport
import Testing

/// The programs are put in place, work without the folder they came from, and go again.
@Suite struct InstallTests {
  private func run(_ script: String, _ arguments: [String]) throws -> Program.Outcome {
    try Program(executable: URL(fileURLWithPath: script), arguments).wait(timeout: .seconds(120))
  }

  private static let fetch = """
    import sys, urllib.request
    sys.stdout.write(urllib.request.urlopen(sys.argv[1]).read().decode())
    """

  private func all(in folder: String) -> [String] {
    (FileManager.default.enumerator(atPath: folder)?.allObjects as? [String] ?? []).sorted()
  }

  @Test func whatIsInstalledNeedsNoCheckout() throws {
    let files = try TemporaryDirectory()
    let (checkout, prefix) = (files.path("checkout"), files.path("a prefix"))
    let manager = FileManager.default
    try manager.createDirectory(atPath: checkout + "/build", withIntermediateDirectories: true)
    for name in ["script", "queries", "web"] {
      try manager.copyItem(
        at: TestFiles.package.appendingPathComponent(name),
        to: URL(fileURLWithPath: "\(checkout)/\(name)"))
    }
    try manager.createDirectory(
      atPath: checkout + "/.build/web", withIntermediateDirectories: true)
    try files.write("// charts", to: "checkout/.build/web/echarts.min.js")
    let programs = ["social-broker", "social-consumer", "social-producer", "socialq"]
    for name in programs {
      try manager.copyItem(
        atPath: TestFiles.products.appendingPathComponent(name).path,
        toPath: "\(checkout)/build/\(name)")
    }
    let build = ["--programs", "\(checkout)/build"]
    try #require(manager.fileExists(atPath: prefix) == false)
    let installed = try run("\(checkout)/script/install", ["--prefix", prefix] + build)
    #expect(installed.status == 0, "\(installed.standardError)")
    // A second time it takes the place of the first.
    let first = all(in: prefix)
    try #require(try run("\(checkout)/script/install", ["--prefix", prefix] + build).status == 0)
    #expect(all(in: prefix) == first)
    try manager.copyItem(atPath: "\(checkout)/script/uninstall", toPath: files.path("uninstall"))
    try manager.removeItem(atPath: checkout)

    #expect(all(in: prefix + "/bin") == programs)
    for name in programs {
      #expect(try run("\(prefix)/bin/\(name)", ["--help"]).status == 0)
    }
    try StoreWriter(path: files.path("store.db")).store([.sample()])
    let answer = try run(
      "\(prefix)/bin/socialq", ["kpis", "--format", "csv", "--db", files.path("store.db")])
    #expect(answer.status == 0)
    #expect(answer.standardOutput.contains("\n1,"))
    for file in [
      "bash-completion/completions/socialq", "zsh/site-functions/_socialq",
      "fish/vendor_completions.d/socialq.fish", "man/man1/socialq.1", "socialq/queries/kpis.sql",
      "socialq/web/index.html", "socialq/echarts.min.js",
    ] {
      let text = try String(contentsOfFile: "\(prefix)/share/\(file)", encoding: .utf8)
      #expect(!text.isEmpty, "\(file)")
    }

    // The dashboard finds its charts, too.
    let server = try Program(
      executable: URL(fileURLWithPath: "\(prefix)/bin/socialq"),
      ["serve", "--port", "0", "--db", files.path("store.db")])
    try waitUntil("the server listens") { server.standardOutput.contains("\n") }
    let address = server.standardOutput.trimmingCharacters(in: .whitespacesAndNewlines)
    let charts = try Program(
      executable: URL(fileURLWithPath: "/usr/bin/env"),
      ["python3", "-c", Self.fetch, "\(address)assets/echarts.js"]
    ).wait()
    #expect(charts.standardOutput == "// charts", "\(charts.standardError)")
    server.send(signal: SIGTERM)
    #expect(try server.wait().status == 0)

    // What is not ours stays.
    try files.write("", to: "a prefix/bin/other")
    let gone = try run(files.path("uninstall"), ["--prefix", prefix])
    #expect(gone.status == 0, "\(gone.standardError)")
    #expect(all(in: prefix) == ["bin", "bin/other"])
    #expect(try run(files.path("uninstall"), ["--prefix", prefix]).status == 1)
  }

  @Test(arguments: [["--prefix"], ["--prefix", ""], ["--nonsense"]])
  func aMistakeIsRefused(_ arguments: [String]) throws {
    let script = TestFiles.package.appendingPathComponent("script/install").path
    #expect(try run(script, arguments).status == 64)
  }
}
