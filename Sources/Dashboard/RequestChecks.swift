import HTTPTypes
import HostNames
import Hummingbird

/// Refuses a request that names another host than this server.
///
/// A page of another site can make its own name lead to this machine ("DNS rebinding") and so have a
/// browser read from here; its requests still name that site.
struct HostCheck: RouterMiddleware {
  typealias Context = BasicRequestContext

  /// The names that may be used; nil for any, where no browser can come.
  private let names: Set<String>?
  /// Whether any IP address may be used: an address is no name that another site could own.
  private let allowsAddresses: Bool

  init(_ configuration: DashboardConfiguration) {
    switch configuration.address {
    case .unixSocket: (names, allowsAddresses) = (nil, true)
    case .network(let host, _):
      names = Set((["localhost", host] + configuration.hostNames).map { $0.lowercased() })
      allowsAddresses = !configuration.address.isLocal
    }
  }

  func handle(
    _ request: Request, context: Context, next: (Request, Context) async throws -> Response
  ) async throws -> Response {
    let host = request.head.authority.flatMap { HostName.host(of: $0) }
    guard isAllowed(host) else {
      throw ProblemDetails(
        status: .misdirectedRequest, code: "host",
        detail:
          "this server does not answer to the name '\(host ?? "")': use its address, or start it with --allow-host"
      )
    }
    return try await next(request, context)
  }

  private func isAllowed(_ host: String?) -> Bool {
    guard let names else { return true }
    guard let host else { return false }
    if names.contains(host) || HostName.isLoopback(host) { return true }
    return allowsAddresses && HostName.isAddress(host)
  }
}

/// Refuses what this server has no use for: methods that change something, and bodies.
struct MethodCheck: RouterMiddleware {
  typealias Context = BasicRequestContext

  func handle(
    _ request: Request, context: Context, next: (Request, Context) async throws -> Response
  ) async throws -> Response {
    guard request.method == .get || request.method == .head else {
      throw ProblemDetails(
        status: .methodNotAllowed, code: "method", detail: "this server only answers GET and HEAD",
        headers: [.allow: "GET, HEAD"])
    }
    let length = request.headers[.contentLength].map { Int($0) ?? .max } ?? 0
    guard length == 0, request.headers[.transferEncoding] == nil else {
      throw ProblemDetails(
        status: .contentTooLarge, code: "body", detail: "a question has no body")
    }
    return try await next(request, context)
  }
}

/// Lets in who knows the token: by `Authorization: Bearer`, or by the cookie that `/?token=…` sets.
struct TokenCheck: RouterMiddleware {
  typealias Context = BasicRequestContext

  let token: String

  func handle(
    _ request: Request, context: Context, next: (Request, Context) async throws -> Response
  ) async throws -> Response {
    let fields = URLFields.parse(request.head.path ?? "")
    if request.uri.path == "/", let given = fields.first(where: { $0.name == "token" })?.value {
      guard isToken(given) else { throw refusal }
      // The address without the token is what gets bookmarked and shown. The cookie comes with links
      // from elsewhere, too: nothing can be changed here that they could misuse.
      let name = Self.cookie(of: request)
      return Response(
        status: .seeOther,
        headers: [
          .location: Self.location(fields.filter { $0.name != "token" }), .cacheControl: "no-store",
          .setCookie: "\(name)=\(Self.encoded(token)); Path=/; HttpOnly; SameSite=Lax",
        ])
    }
    guard given(by: request).contains(where: isToken) else { throw refusal }
    return try await next(request, context)
  }

  /// The cookie's name. Browsers send the cookies of a host to all its ports, so that each server on it
  /// needs a name of its own.
  private static func cookie(of request: Request) -> String {
    let port = request.head.authority?.split(separator: ":").last ?? ""
    return port.isEmpty || !port.allSatisfy(\.isWholeNumber)
      ? "socialq_token" : "socialq_token_\(port)"
  }

  /// The page with the view that some fields ask for.
  private static func location(_ fields: [(name: String, value: String)]) -> String {
    let pairs = fields.map { "\(URLFields.escaped($0.name))=\(URLFields.escaped($0.value))" }
    return pairs.isEmpty ? "/" : "/?\(pairs.joined(separator: "&"))"
  }

  private func given(by request: Request) -> [String] {
    var given: [String] = []
    if let field = request.headers[.authorization] {
      let parts = field.split(separator: " ", maxSplits: 1)
      if parts.count == 2, parts[0].lowercased() == "bearer" { given.append(String(parts[1])) }
    }
    let name = Self.cookie(of: request)
    for field in request.headers[values: .cookie] {
      for pair in field.split(separator: ";") {
        let parts = pair.drop { $0 == " " }.split(separator: "=", maxSplits: 1)
        if parts.count == 2, parts[0] == name {
          given.append(Self.decoded(String(parts[1])))
        }
      }
    }
    return given
  }

  /// Whether it is the token. How long this takes tells nothing but the length of what was given.
  private func isToken(_ given: String) -> Bool {
    let (expected, given) = (Array(token.utf8), Array(given.utf8))
    var difference = expected.count ^ given.count
    for index in given.indices {
      difference |= Int(given[index] ^ expected[index % max(expected.count, 1)])
    }
    return difference == 0
  }

  private var refusal: ProblemDetails {
    ProblemDetails(
      status: .unauthorized, code: "token",
      detail: "the token is missing or wrong: open /?token=…, or send it as a bearer token",
      headers: [.wwwAuthenticate: "Bearer"])
  }

  /// In hexadecimal digits, since a cookie takes few characters as they are.
  private static func encoded(_ text: String) -> String {
    text.utf8.map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined()
  }

  private static func decoded(_ text: String) -> String {
    let digits = Array(text)
    let bytes = stride(from: 0, to: digits.count - 1, by: 2).compactMap {
      UInt8(String(digits[$0...($0 + 1)]), radix: 16)
    }
    return String(decoding: bytes, as: UTF8.self)
  }
}
