import Foundation
import TestSupport

#if canImport(Glibc)
  import Glibc
#endif

/// A response, read to its end.
struct HTTPResponse {
  let status: Int
  /// The header fields by their names in lower case.
  let headers: [String: String]
  let body: String

  /// The body as JSON.
  func json() throws -> [String: Any] {
    guard let object = try JSONSerialization.jsonObject(with: Data(body.utf8)) as? [String: Any]
    else { throw TestSupportError("no JSON object: \(body)") }
    return object
  }
}

/// A connection to a server, on which everything can be said, also what no client library would.
final class HTTPConnection {
  private let socket: Int32
  private var received: [UInt8] = []

  /// A connection to a port of this machine.
  init(port: UInt16) throws {
    socket = Glibc.socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = port.bigEndian
    address.sin_addr.s_addr = inet_addr("127.0.0.1")
    try connect(&address)
  }

  /// A connection to a Unix socket.
  init(path: String) throws {
    socket = Glibc.socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    withUnsafeMutableBytes(of: &address.sun_path) { bytes in
      bytes.copyBytes(from: path.utf8.prefix(bytes.count - 1))
    }
    try connect(&address)
  }

  deinit { close(socket) }

  private func connect<Address>(_ address: inout Address) throws {
    var limit = timeval(tv_sec: 20, tv_usec: 0)
    setsockopt(
      socket, SOL_SOCKET, SO_RCVTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
    let status = withUnsafePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        Glibc.connect(socket, $0, socklen_t(MemoryLayout<Address>.size))
      }
    }
    guard status == 0 else { throw TestSupportError("cannot connect: errno \(errno)") }
  }

  /// Sends bytes as they are.
  func send(_ text: String) {
    _ = text.utf8CString.withUnsafeBytes { write(socket, $0.baseAddress, $0.count - 1) }
  }

  /// Sends a request for a path.
  func request(_ path: String, method: String = "GET", headers: [String: String] = [:]) {
    let fields = ["host": "127.0.0.1"].merging(headers) { $1 }
    send(
      "\(method) \(path) HTTP/1.1\r\n"
        + fields.map { "\($0): \($1)\r\n" }.joined() + "\r\n")
  }

  /// Reads until a text has come; what comes after it stays for the next call.
  ///
  /// - Throws: If the server closes, or is silent for long, before that.
  @discardableResult
  func read(until text: String) throws -> String {
    while true {
      let all = String(decoding: received, as: UTF8.self)
      if let range = all.range(of: text) {
        let taken = all[..<range.upperBound]
        received.removeFirst(taken.utf8.count)
        return String(taken)
      }
      guard try readMore() else {
        throw TestSupportError("closed before '\(text)' came: \(all)")
      }
    }
  }

  /// Whether more has come; false at the end of the connection.
  private func readMore() throws -> Bool {
    var buffer = [UInt8](repeating: 0, count: 65_536)
    let count = recv(socket, &buffer, buffer.count, 0)
    guard count >= 0 else { throw TestSupportError("nothing came: errno \(errno)") }
    received += buffer.prefix(count)
    return count > 0
  }

  /// Reads until the server closes.
  func readToEnd() throws -> String {
    while try readMore() {}
    defer { received = [] }
    return String(decoding: received, as: UTF8.self)
  }

  /// Reads a whole response; the connection stays open.
  func response(to method: String = "GET") throws -> HTTPResponse {
    let lines = try read(until: "\r\n\r\n").components(separatedBy: "\r\n").filter { !$0.isEmpty }
    var headers: [String: String] = [:]
    for line in lines.dropFirst() {
      let parts = line.split(separator: ":", maxSplits: 1)
      headers[parts[0].lowercased()] = parts[1].trimmingCharacters(in: .whitespaces)
    }
    let status = Int(lines.first?.split(separator: " ").dropFirst().first ?? "") ?? 0
    var body: [UInt8] = []
    if method == "HEAD" || status == 304 {
      // Neither has a body.
    } else if headers["transfer-encoding"] == "chunked" {
      while true {
        let size = Int(try read(until: "\r\n").dropLast(1), radix: 16) ?? 0
        let chunk = try bytes(size)
        _ = try bytes(2)
        if size == 0 { break }
        body += chunk
      }
    } else {
      body = try bytes(Int(headers["content-length"] ?? "0") ?? 0)
    }
    return HTTPResponse(
      status: status, headers: headers, body: String(decoding: body, as: UTF8.self))
  }

  private func bytes(_ count: Int) throws -> [UInt8] {
    while received.count < count {
      guard try readMore() else { throw TestSupportError("closed within a body") }
    }
    defer { received.removeFirst(count) }
    return Array(received.prefix(count))
  }
}
