import Foundation
import TestSupport
import Testing

/// Programs whose streams are closed, or whose reader has gone, do what they would have done.
@Suite struct StandardStreamsTests {
  /// What a shell does to standard error before a program takes its place.
  static let troubles = ["exec 2>&-", "exec 2> >(:); wait $!", "exec 0<&- 1>&- 2>&-"]

  private func run(
    _ trouble: String, _ program: String, _ arguments: [String]
  ) throws -> Program.Outcome {
    let path = TestFiles.products.appendingPathComponent(program).path
    return try Program(
      executable: URL(fileURLWithPath: "/usr/bin/env"),
      ["bash", "-c", "\(trouble); exec \"$0\" \"$@\"", path] + arguments
    ).wait()
  }

  @Test(arguments: troubles)
  func aMessageThatNobodyReadsEndsNoProgram(_ trouble: String) async throws {
    try await onThread {
      let files = try TemporaryDirectory()
      let none = files.path("none/none.db")
      let brokers = "127.0.0.1:\(try freePort())"
      for (program, arguments, status) in [
        ("socialq", ["kpis", "--db", none], 1),
        ("social-producer", ["--brokers", brokers, "--timeout", "500ms"], 1),
        ("social-producer", ["--print", "--count", "3", "--seed", "1"], 0),
        ("social-consumer", ["--brokers", brokers, "--timeout", "1", "--db", none], 1),
      ] as [(String, [String], Int32)] {
        let outcome = try run(trouble, program, arguments)
        let isShut = trouble.contains("1>&-") && program == "social-producer"
        #expect(outcome.signal == nil, "\(program) \(trouble)")
        #expect(outcome.status == (isShut ? 1 : status), "\(program) \(trouble)")
      }
    }
  }

  #if os(Linux)
    @Test func noFileTakesTheNumberOfAClosedStream() async throws {
      try await onThread {
        let files = try TemporaryDirectory()
        let address = files.path("address")
        let path = TestFiles.products.appendingPathComponent("social-broker").path
        let broker = try Program(
          executable: URL(fileURLWithPath: "/usr/bin/env"),
          [
            "bash", "-c", "exec 0<&- 1>&- 2>&-; exec \"$0\" \"$@\"", path, "--address-file",
            address,
          ])
        try waitUntil("the broker serves") { FileManager.default.fileExists(atPath: address) }
        for descriptor in 0...2 {
          #expect(
            try FileManager.default.destinationOfSymbolicLink(
              atPath: "/proc/\(broker.processIdentifier)/fd/\(descriptor)") == "/dev/null")
        }
      }
    }
  #endif
}
