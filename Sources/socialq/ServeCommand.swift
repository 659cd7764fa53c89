import ArgumentParser
import CMalloc
import Dashboard
import Foundation
import Logging
import NamedQueries
import PostStore
import Rendering
import Synchronization

/// Serves the dashboard.
struct ServeCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "serve",
    abstract: "Serve the live dashboard, and every query as JSON and CSV over HTTP.",
    discussion: """
      The address is written to standard output. Ctrl-C stops.

      Off this machine the server is reached only with a token, which a page is given once by opening \
      /?token=TOKEN and a program sends as a bearer token.

      Examples:
        socialq serve --open
        export SOCIALQ_TOKEN=$(openssl rand -hex 16); socialq serve --host 0.0.0.0
        curl 'localhost:8501/api/queries/kpis.csv?since=1h'
      """)

  @OptionGroup var catalog: CatalogOptions

  @Option(
    help: ArgumentHelp("The port; 0 takes any free one. Default: 8501.", valueName: "port"))
  var port: Int?

  @Option(
    help: ArgumentHelp("The address to listen at. Default: 127.0.0.1.", valueName: "host"))
  var host: String?

  @Option(
    help: ArgumentHelp("Listen at a Unix socket instead of a port.", valueName: "path"))
  var socket: String?

  @Option(help: ArgumentHelp("What every client must know.", valueName: "token"))
  var token: String?

  @Option(
    help: ArgumentHelp(
      "A further name that clients reach this server by; may be repeated.", valueName: "name"))
  var allowHost: [String] = []

  @Flag(help: "Open the page in the browser.")
  var open = false

  func validate() throws {
    if let port, !(0...65_535).contains(port) {
      throw ValidationError("--port \(port) is not from 0 to 65535")
    }
    guard socket == nil || (port == nil && host == nil && !open) else {
      throw ValidationError("--socket takes the place of --port, --host and --open: leave them out")
    }
  }

  func run() throws {
    let token = token ?? Variable.token.value
    let host = host ?? "127.0.0.1"
    let address: DashboardConfiguration.Address =
      socket.map { .unixSocket(path: $0) } ?? .network(host: host, port: port ?? 8501)
    guard address.isLocal || token != nil else {
      throw ValidationError(
        "\(host) can be reached from other machines: choose a token with --token or SOCIALQ_TOKEN")
    }
    if let token, token.isEmpty { throw ValidationError("--token '' is empty") }
    // A folder that is missing is told now, not with the first question.
    _ = try catalog.catalog()
    let folders = catalog.queries
    let configuration = DashboardConfiguration(
      address: address, storePath: catalog.store.path,
      catalog: { () throws(QueryError) in try CatalogOptions.catalog(folders: folders) },
      token: token, hostNames: allowHost,
      chartsLibrary: ChartsLibrary.find())
    // Otherwise glibc keeps for each of the threads that answer as much as the largest answer has needed.
    give_back_memory_from(1 << 20)
    LoggingSystem.bootstrap { StreamLogHandler.standardError(label: $0) }
    var logger = Logger(label: "socialq")
    logger.logLevel = .warning
    let server = DashboardServer(configuration, logger: logger)
    let opens = open
    try Self.waitFor {
      try await server.run { address in
        let link = token.map { "\(address)?token=\(Self.escaped($0))" } ?? address
        // Without a reader of the address the server serves all the same.
        try? FileDescriptorSink(capacity: 0).write(Array("\(address)\n".utf8))
        if opens, address.hasPrefix("http") { Browser.open(link) }
      }
    }
  }

  /// A text as a value of a URL.
  private static func escaped(_ text: String) -> String {
    text.addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? ""
  }

  /// Waits for a task. The main thread, which is none of those that tasks run on, has nothing else to do.
  private static func waitFor(_ body: @escaping @Sendable () async throws -> Void) throws {
    let outcome = Mutex<Result<Void, any Error>>(.success(()))
    let done = DispatchSemaphore(value: 0)
    Task {
      do { try await body() } catch { outcome.withLock { $0 = .failure(error) } }
      done.signal()
    }
    done.wait()
    try outcome.withLock { $0 }.get()
  }
}

/// The user's browser.
private enum Browser {
  /// Shows a page, if there is a browser; if not, the address on standard output is enough.
  ///
  /// All users of a machine can read the arguments of each other's programs, and an address may hold a
  /// token. So the browser gets a file that leads there and that only this user can read.
  static func open(_ address: String) {
    let name = "socialq-\(UUID().uuidString).html"
    let file = FileManager.default.temporaryDirectory.appendingPathComponent(name)
    let page = """
      <!doctype html><meta charset="utf-8"><meta name="referrer" content="no-referrer">\
      <meta http-equiv="refresh" content="0;url=\(address)"><title>socialq</title>

      """
    guard
      FileManager.default.createFile(
        atPath: file.path, contents: Data(page.utf8), attributes: [.posixPermissions: 0o600])
    else { return }
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    #if os(macOS)
      process.arguments = ["open", file.path]
    #else
      process.arguments = ["xdg-open", file.path]
    #endif
    process.standardOutput = FileHandle.nullDevice
    process.standardError = FileHandle.nullDevice
    try? process.run()
    Thread.detachNewThread {
      // Long enough for a browser that has yet to start.
      Thread.sleep(forTimeInterval: 30)
      try? FileManager.default.removeItem(at: file)
    }
  }
}
