import Foundation
import HTTPTypes
import Hummingbird
import HummingbirdCore
import Logging
import NIOCore
import NamedQueries
import Rendering
import ServiceLifecycle
import UnixSignals

/// The dashboard and the answers to named queries over HTTP.
public struct DashboardServer: Sendable {
  /// How often pages hear of changes at most, and how long they share an answer: until they hear of the next one.
  private static let pace = Duration.seconds(1)

  private let configuration: DashboardConfiguration
  private let logger: Logger

  /// A server that does not listen yet.
  public init(_ configuration: DashboardConfiguration, logger: Logger) {
    self.configuration = configuration
    self.logger = logger
  }

  /// Serves until SIGINT or SIGTERM comes. Requests that are being answered are answered; event streams
  /// end.
  ///
  /// - Parameter onListening: Called once with the address of the page, or the path of the socket.
  /// - Throws: `DashboardError` if it cannot listen.
  public func run(onListening: @escaping @Sendable (String) -> Void) async throws {
    let limits = configuration.limits
    let threads = ReaderThreads(
      path: configuration.storePath, count: limits.readers, queueLimit: limits.waiting)
    defer { threads.stop() }
    let cache = AnswerCache(capacity: limits.cachedBytes)
    let shared = SharedAnswers(lifetime: Self.pace, cache: cache)
    let watch = StoreWatch(
      threads: threads, interval: .milliseconds(250), pace: Self.pace, heartbeat: .seconds(10),
      limit: limits.listeners, replaced: { shared.forgetAll() })
    let application = Application(
      router: router(threads, watch, shared, cache),
      server: .http1(
        configuration: HTTP1Channel.Configuration(
          idleTimeout: .seconds(limits.idleSeconds),
          httpDecoderConfiguration: .init(
            maxHeaderFieldSize: 16_384, maxHeaderListSize: 32_768, maxHeaderFieldCount: 100))),
      configuration: ApplicationConfiguration(
        address: configuration.address.bindAddress,
        availableConnectionsDelegate: .maximum(limits.connections, logger: logger)),
      services: [watch],
      onServerRunning: { channel in
        onListening(configuration.address.shown(port: channel.localAddress?.port))
      },
      logger: logger)
    var group = ServiceGroupConfiguration(
      services: [application], gracefulShutdownSignals: [.sigterm, .sigint], logger: logger)
    group.maximumGracefulShutdownDuration = .seconds(10)
    do {
      try await ServiceGroup(configuration: group).run()
    } catch let error as IOError {
      throw DashboardError(error, listeningAt: configuration.address)
    }
  }

  private func router(
    _ threads: ReaderThreads, _ watch: StoreWatch, _ shared: SharedAnswers, _ cache: AnswerCache
  ) -> Router<BasicRequestContext> {
    let router = Router(
      context: BasicRequestContext.self, options: [.autoGenerateHeadEndpoints])
    router.add(middleware: SecurityHeaders())
    router.add(middleware: HostCheck(configuration))
    router.add(middleware: MethodCheck())
    if let token = configuration.token { router.add(middleware: TokenCheck(token: token)) }

    for (path, asset) in Assets(chartsLibrary: configuration.chartsLibrary).all {
      router.get(RouterPath(path)) { request, _ in asset.response(to: request) }
    }
    let catalog = configuration.catalog
    router.get("/api/queries") { request, _ in
      try await Self.document(threads, request) {
        try catalog().document
      }
    }
    let limits = configuration.limits
    let hasToken = configuration.token != nil
    router.get("/openapi.json") { request, _ in
      try await Self.document(threads, request) {
        OpenAPI(catalog: try catalog(), hasToken: hasToken, limits: limits).document
      }
    }
    let queries = QueryEndpoint(
      threads: threads, catalog: catalog, limits: configuration.limits, cache: cache)
    router.get("/api/queries/:file") { request, context in
      try await queries.respond(
        to: request, file: context.parameters.require("file"), logger: context.logger)
    }
    let answers = AnswersEndpoint(queries: queries, shared: shared)
    router.get("/api/answers") { request, context in
      try await answers.respond(to: request, logger: context.logger)
    }
    let events = EventsEndpoint(watch: watch)
    router.get("/api/events") { request, context in
      try events.respond(to: request, logger: context.logger)
    }
    return router
  }

  /// A document that is made where files may be read.
  private static func document(
    _ threads: ReaderThreads, _ request: Request,
    _ make: @escaping @Sendable () throws -> JSONDocument
  ) async throws -> Response {
    let bytes = try await threads.perform { JSONBytes.of(try make()) }
    return Assets.Asset(mediaType: "application/json", body: bytes).response(to: request)
  }
}

extension DashboardConfiguration.Address {
  fileprivate var bindAddress: BindAddress {
    switch self {
    case .network(let host, let port): .hostname(host, port: port)
    case .unixSocket(let path): .unixDomainSocket(path: path)
    }
  }

  /// The address as a browser or a shell takes it.
  fileprivate func shown(port: Int?) -> String {
    switch self {
    case .network(let host, let wanted):
      "http://\(host.contains(":") ? "[\(host)]" : host):\(port ?? wanted)/"
    case .unixSocket(let path): path
    }
  }
}
