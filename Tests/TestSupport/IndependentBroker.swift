import CRDKafka
import Foundation
import Synchronization

/// A broker that shares no code with librdkafka: noida-db from the Python Package Index, in a process
/// of its own with its data in a temporary folder. Both go with this object.
///
/// It ignores the size limits of fetches, so that its clients need `receiveLimit`.
public final class IndependentBroker {
  /// The property, name and value, without which a client refuses large answers.
  public static let receiveLimit = (name: "receive.message.max.bytes", value: "1000000000")

  /// Where clients find it.
  public let bootstrapServers: String
  private let executable: URL
  private let port: UInt16
  private let data: TemporaryDirectory
  private var program: Program

  /// Starts the broker, fetching it if need be, and creates topics.
  public init(topics: [(name: String, partitions: Int)]) throws {
    let folder = try PythonTools.require("noida-db==0.2.3", sha256: Self.digest)
    executable = folder.appendingPathComponent("noida_db/noida-db")
    try FileManager.default.setAttributes(
      [.posixPermissions: 0o755], ofItemAtPath: executable.path)
    var attempts = 0
    while true {
      attempts += 1
      let data = try TemporaryDirectory()
      let port = try freePort()
      let program = try Self.start(executable, data: data, port: port)
      if program.isRunning {
        (self.data, self.port, self.program) = (data, port, program)
        break
      }
      // Another program may have taken the port just before.
      guard attempts < 3 else {
        throw TestSupportError("noida-db did not start: \(program.standardError)")
      }
    }
    bootstrapServers = "127.0.0.1:\(port)"
    try TopicAdministration(brokers: bootstrapServers).create(topics)
  }

  private static func start(
    _ executable: URL, data: TemporaryDirectory, port: UInt16
  ) throws -> Program {
    let program = try Program(
      executable: executable,
      [
        "start", "--data-dir", data.url.path, "--host", "127.0.0.1", "--only", "kafka",
        "--kafka-port", "\(port)",
      ])
    try waitUntil("noida-db takes connections") { !program.isRunning || accepts(port) }
    return program
  }

  /// Where the broker keeps all that it has; it writes the file now and then, and when it is asked to end.
  private var log: URL { data.url.appendingPathComponent("kafka.json") }
  private func saved(_ name: String) -> URL { data.url.appendingPathComponent("\(name).json") }

  /// Makes what is in the topics outlast `kill`: it is what the broker has after a `restart` from it.
  public func save(as name: String = "saved") throws {
    program.send(signal: SIGTERM)
    try program.wait()
    try? FileManager.default.removeItem(at: saved(name))
    try FileManager.default.copyItem(at: log, to: saved(name))
    try restart(from: name)
  }

  /// Ends the broker at once, as a crash does.
  public func kill() throws {
    program.send(signal: SIGKILL)
    try program.wait()
  }

  /// Starts the broker after `kill` at the same address with what was saved, which a crash in the middle of
  /// its own writing has no part in.
  public func restart(from name: String = "saved") throws {
    try? FileManager.default.removeItem(at: log)
    try FileManager.default.copyItem(at: saved(name), to: log)
    program = try Self.start(executable, data: data, port: port)
    guard program.isRunning else {
      throw TestSupportError("noida-db did not start again: \(program.standardError)")
    }
  }

  /// The wheel for Linux on x86-64.
  private static let digest = "40a2fb15567e3d344e7483df62bb439e7d64ac6fb232f4f223554aed58204f82"
}

private func withAddress<Result>(
  _ port: UInt16, _ body: (UnsafePointer<sockaddr>, socklen_t) -> Result
) -> Result {
  var address = sockaddr_in()
  address.sin_family = sa_family_t(AF_INET)
  address.sin_port = port.bigEndian
  address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
  return withUnsafePointer(to: address) { pointer in
    pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
      body($0, socklen_t(MemoryLayout<sockaddr_in>.size))
    }
  }
}

private func tcpSocket() -> Int32 {
  #if canImport(Glibc)
    socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
  #else
    socket(AF_INET, SOCK_STREAM, 0)
  #endif
}

/// The ports that this process has found free. Who was given one may take some time to listen there.
private let givenPorts = Mutex<Set<UInt16>>([])

/// A port of 127.0.0.1 that nothing listens at, another one at each call.
public func freePort() throws -> UInt16 {
  while true {
    let port = try anyFreePort()
    if givenPorts.withLock({ $0.insert(port).inserted }) { return port }
  }
}

private func anyFreePort() throws -> UInt16 {
  let descriptor = tcpSocket()
  defer { close(descriptor) }
  guard withAddress(0, { bind(descriptor, $0, $1) }) == 0 else {
    throw TestSupportError("no port is free on 127.0.0.1")
  }
  var address = sockaddr_in()
  var size = socklen_t(MemoryLayout<sockaddr_in>.size)
  let result = withUnsafeMutablePointer(to: &address) { pointer in
    pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
      getsockname(descriptor, $0, &size)
    }
  }
  guard result == 0 else { throw TestSupportError("getsockname failed") }
  return UInt16(bigEndian: address.sin_port)
}

private func accepts(_ port: UInt16) -> Bool {
  let descriptor = tcpSocket()
  defer { close(descriptor) }
  return withAddress(port) { connect(descriptor, $0, $1) } == 0
}
