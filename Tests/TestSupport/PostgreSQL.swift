import Foundation

/// A PostgreSQL server of a test's own: in a temporary folder, reached by a Unix socket there, and run by
/// another user than root. It goes with this object.
public final class PostgreSQL {
  private static let user = "analyst"
  private let folder: TemporaryDirectory
  private let binaries: URL
  private let server: Program

  /// Makes an empty database and starts the server.
  public init() throws {
    binaries = try Self.findBinaries()
    folder = try TemporaryDirectory()
    let data = folder.path("data")
    try FileManager.default.createDirectory(atPath: data, withIntermediateDirectories: true)
    if getuid() == 0 { try Self.give(data, to: "nobody") }
    let made = try Self.program(
      binaries.appendingPathComponent("initdb"),
      ["-D", data, "-U", Self.user, "--auth=trust", "--encoding=UTF8", "--locale=C.UTF-8", "-N"]
    ).wait()
    guard made.status == 0 else { throw TestSupportError("initdb: \(made.standardError)") }
    server = try Self.program(
      binaries.appendingPathComponent("postgres"),
      ["-D", data, "-k", data, "-c", "listen_addresses=", "-c", "fsync=off"])
    try waitUntil("PostgreSQL takes connections") {
      try !server.isRunning || psql(["-c", "SELECT 1"]).status == 0
    }
    guard server.isRunning else {
      throw TestSupportError("PostgreSQL did not start: \(server.standardError)")
    }
  }

  deinit {
    // A fast shutdown, so that no process is left.
    server.send(signal: SIGINT)
    _ = try? server.wait(timeout: .seconds(10))
  }

  /// Runs commands of psql, which include `\copy` with files of the tests.
  ///
  /// - Throws: If one of them fails.
  @discardableResult
  public func run(_ commands: String...) throws -> String {
    let outcome = try psql(commands.flatMap { ["-c", $0] })
    guard outcome.status == 0 else { throw TestSupportError("psql: \(outcome.standardError)") }
    return outcome.standardOutput
  }

  private func psql(_ arguments: [String]) throws -> Program.Outcome {
    try Program(
      executable: binaries.appendingPathComponent("psql"),
      [
        "-h", folder.path("data"), "-U", Self.user, "-d", "postgres", "-X", "-q", "-A", "-t",
        "-v", "ON_ERROR_STOP=1",
      ] + arguments
    ).wait()
  }

  /// Where the server's programs are: Debian keeps them out of the `PATH`.
  private static func findBinaries() throws -> URL {
    let root = URL(fileURLWithPath: "/usr/lib/postgresql")
    let versions = (try? FileManager.default.contentsOfDirectory(atPath: root.path)) ?? []
    let newest = versions.compactMap { Int($0) }.max()
    guard let newest else {
      throw TestSupportError("PostgreSQL is missing: run 'script/bootstrap --tests'")
    }
    return root.appendingPathComponent("\(newest)/bin")
  }

  /// The server refuses to be run by root.
  private static func program(_ executable: URL, _ arguments: [String]) throws -> Program {
    guard getuid() == 0 else { return try Program(executable: executable, arguments) }
    return try Program(
      executable: URL(fileURLWithPath: "/usr/bin/setpriv"),
      [
        "--reuid", "nobody", "--regid", "nogroup", "--clear-groups", "--pdeathsig", "INT",
        executable.path,
      ] + arguments)
  }

  private static func give(_ path: String, to user: String) throws {
    guard let entry = getpwnam(user) else { throw TestSupportError("there is no user \(user)") }
    chown(path, entry.pointee.pw_uid, entry.pointee.pw_gid)
  }
}
