import Dispatch
import Foundation

/// A program that was started and is ended and reaped with this object, or with the tests however
/// they end.
public final class Program {
  /// How a program ended, and all it has written.
  public struct Outcome: Sendable {
    /// The exit status; nil if a signal has ended it.
    public let status: Int32?
    /// The signal that has ended it; nil if it has exited.
    public let signal: Int32?
    /// What it wrote to stdout.
    public let standardOutput: String
    /// What it wrote to stderr.
    public let standardError: String
  }

  private let process = Process()
  private let files: TemporaryDirectory
  private let ended = DispatchSemaphore(value: 0)
  private var outcome: Outcome?

  /// Starts one of the programs that were built with the tests.
  ///
  /// - Parameters:
  ///   - environment: Variables to set besides those of the tests.
  ///   - standardInput: What it reads from stdin; nothing by default.
  public convenience init(
    _ product: String, _ arguments: [String] = [], environment: [String: String] = [:],
    standardInput: Data = Data()
  ) throws {
    try self.init(
      executable: TestFiles.products.appendingPathComponent(product), arguments,
      environment: environment, standardInput: standardInput)
  }

  /// Starts a program by its path.
  public init(
    executable: URL, _ arguments: [String] = [], environment: [String: String] = [:],
    standardInput: Data = Data()
  ) throws {
    guard FileManager.default.isExecutableFile(atPath: executable.path) else {
      throw TestSupportError("\(executable.path) is not a program: was it built?")
    }
    files = try TemporaryDirectory()
    // Files rather than pipes: a program that writes much never waits for the test to read it.
    try standardInput.write(to: files.url.appendingPathComponent("stdin"))
    let input = FileHandle(forReadingAtPath: files.path("stdin"))
    process.standardInput = input
    var handles = [input]
    for (name, stream) in [("stdout", \Process.standardOutput), ("stderr", \.standardError)] {
      try Data().write(to: files.url.appendingPathComponent(name))
      let output = FileHandle(forWritingAtPath: files.path(name))
      process[keyPath: stream] = output
      handles.append(output)
    }
    process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
    let wrapper = URL(fileURLWithPath: "/usr/bin/setpriv")
    if FileManager.default.isExecutableFile(atPath: wrapper.path) {
      process.executableURL = wrapper
      process.arguments = ["--pdeathsig", "KILL", executable.path] + arguments
    } else {
      process.executableURL = executable
      process.arguments = arguments
    }
    let ended = ended
    process.terminationHandler = { _ in ended.signal() }
    let start = Start(process: process)
    try Launcher.shared.perform { try start.process.run() }
    // Foundation keeps a process, and with it its files, after it has ended.
    for handle in handles { try? handle?.close() }
  }

  /// `@unchecked`: the creator waits while the launcher uses the process.
  private struct Start: @unchecked Sendable {
    let process: Process
  }

  deinit {
    if outcome == nil {
      kill(process.processIdentifier, SIGKILL)
      ended.wait()
    }
  }

  /// Runs one of the programs that were built with the tests to its end.
  public static func run(
    _ product: String, _ arguments: [String] = [], environment: [String: String] = [:],
    standardInput: Data = Data(), timeout: Duration = .seconds(60)
  ) throws -> Outcome {
    try Program(
      product, arguments, environment: environment, standardInput: standardInput
    ).wait(timeout: timeout)
  }

  /// The number of the process.
  public var processIdentifier: Int32 { process.processIdentifier }

  /// Whether it has not ended yet.
  public var isRunning: Bool { process.isRunning }

  /// What it has written to stdout so far.
  public var standardOutput: String { text("stdout") }

  /// What it has written to stderr so far.
  public var standardError: String { text("stderr") }

  private func text(_ name: String) -> String {
    let data = FileManager.default.contents(atPath: files.path(name)) ?? Data()
    return String(decoding: data, as: UTF8.self)
  }

  /// Sends a signal, such as `SIGTERM`.
  public func send(signal: Int32) {
    if process.isRunning { kill(process.processIdentifier, signal) }
  }

  /// Waits until it has ended.
  ///
  /// - Throws: If that takes longer than `timeout`; it has been killed then.
  @discardableResult
  public func wait(timeout: Duration = .seconds(60)) throws -> Outcome {
    if let outcome { return outcome }
    let inTime = ended.wait(timeout: .now() + timeout.timeInterval) == .success
    if !inTime {
      kill(process.processIdentifier, SIGKILL)
      ended.wait()
    }
    let exited = process.terminationReason == .exit
    let result = Outcome(
      status: exited ? process.terminationStatus : nil,
      signal: exited ? nil : process.terminationStatus,
      standardOutput: standardOutput, standardError: standardError)
    outcome = result
    guard inTime else {
      let name = process.arguments?.joined(separator: " ") ?? ""
      throw TestSupportError("\(name) did not end in \(timeout)\n\(result.standardError)")
    }
    return result
  }
}

/// Does something while no program is being started: until one runs, it has whatever files the tests have open, a
/// port that was just closed among them.
public func whileNothingStarts<Value>(_ body: () throws -> Value) rethrows -> Value {
  try Launcher.shared.whileIdle(body)
}

/// Waits until something holds, asking every 10 ms.
///
/// - Throws: If it does not within `timeout`.
public func waitUntil(
  _ what: String, timeout: Duration = .seconds(30), _ condition: () throws -> Bool
) throws {
  let deadline = ContinuousClock.now + timeout
  while try !condition() {
    guard ContinuousClock.now < deadline else {
      throw TestSupportError("waited \(timeout) in vain: \(what)")
    }
    Thread.sleep(forTimeInterval: 0.01)
  }
}

extension Duration {
  var timeInterval: Double {
    Double(components.seconds) + Double(components.attoseconds) * 1e-18
  }
}
