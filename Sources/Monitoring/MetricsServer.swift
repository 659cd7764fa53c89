import Foundation
import HTTPTypes
import HostNames
import Hummingbird
import HummingbirdCore
import Logging
import NIOCore
import PostStore
import Posts
import ServiceLifecycle
import Synchronization

/// Serves `/healthz`, `/readyz` and `/metrics` of a consumer on this machine alone.
public final class MetricsServer: Sendable {
  /// The port that it listens at.
  public let port: Int

  private let group: ServiceGroup
  private let ended: DispatchSemaphore

  /// Listens, on threads of its own.
  ///
  /// - Parameters:
  ///   - port: The port on 127.0.0.1; 0 is any free one.
  ///   - metrics: What the consumer does.
  ///   - store: The store's file.
  ///   - version: The program's.
  /// - Throws: `MetricsError` if it cannot listen.
  public init(
    port: Int, metrics: IngestMetrics, store: String, version: String, logger: Logger
  ) throws {
    let bound = Mutex<Result<Int, any Error>?>(nil)
    let isDecided = DispatchSemaphore(value: 0)
    let ended = DispatchSemaphore(value: 0)
    let application = Application(
      router: Self.router(metrics, store: store, version: version),
      server: .http1(
        configuration: HTTP1Channel.Configuration(
          idleTimeout: .seconds(60),
          httpDecoderConfiguration: .init(
            maxHeaderFieldSize: 8192, maxHeaderListSize: 16_384, maxHeaderFieldCount: 50))),
      configuration: ApplicationConfiguration(
        address: .hostname("127.0.0.1", port: port),
        availableConnectionsDelegate: .maximum(64, logger: logger)),
      onServerRunning: { channel in
        bound.withLock { $0 = .success(channel.localAddress?.port ?? port) }
        isDecided.signal()
      },
      logger: logger)
    var configuration = ServiceGroupConfiguration(
      services: [application], gracefulShutdownSignals: [], logger: logger)
    configuration.maximumGracefulShutdownDuration = .seconds(2)
    let group = ServiceGroup(configuration: configuration)
    Task {
      do {
        try await group.run()
      } catch {
        bound.withLock { if $0 == nil { $0 = .failure(error) } }
      }
      isDecided.signal()
      ended.signal()
    }
    isDecided.wait()
    switch bound.withLock({ $0 }) {
    case .success(let port): self.port = port
    case .failure(let error): throw MetricsError(port: port, reason: "\(error)")
    case nil: throw MetricsError(port: port, reason: "the server ended at once")
    }
    self.group = group
    self.ended = ended
  }

  /// Ends it, after the requests that are being answered.
  public func stop() {
    Task { await group.triggerGracefulShutdown() }
    _ = ended.wait(timeout: .now() + 3)
  }

  private static func router(
    _ metrics: IngestMetrics, store: String, version: String
  ) -> Router<BasicRequestContext> {
    let router = Router(
      context: BasicRequestContext.self, options: [.autoGenerateHeadEndpoints])
    router.add(middleware: LocalNames())
    router.get("/healthz") { _, _ in
      answer(metrics.current.ailment(at: .now))
    }
    router.get("/readyz") { _, _ in
      answer(metrics.current.hindrance(at: .now))
    }
    router.get("/metrics") { _, _ in
      let figures = try await figures(of: store)
      let text = MetricsText(
        metrics.current, store: figures, version: version, now: Timestamp.now
      ).text
      return Response(
        status: .ok, headers: [.contentType: MetricsText.mediaType, .cacheControl: "no-store"],
        body: ResponseBody(byteBuffer: ByteBuffer(string: text)))
    }
    return router
  }

  /// `ok`, or 503 and why it is not.
  private static func answer(_ problem: String?) -> Response {
    Response(
      status: problem == nil ? .ok : .serviceUnavailable,
      headers: [.contentType: "text/plain; charset=utf-8", .cacheControl: "no-store"],
      body: ResponseBody(byteBuffer: ByteBuffer(string: (problem ?? "ok") + "\n")))
  }

  /// What the store says; nil if it cannot be asked. SQLite blocks the thread that asks, which one of
  /// Swift's tasks must never be.
  private static func figures(of store: String) async throws -> StoreFigures? {
    await withCheckedContinuation { continuation in
      reading.async {
        continuation.resume(returning: try? StoreReader(path: store).figures())
      }
    }
  }

  /// Asks one after the other, however many ask at once.
  private static let reading = DispatchQueue(label: "store figures")
}

/// Why the figures of a consumer cannot be served.
public struct MetricsError: Error, Equatable, CustomStringConvertible {
  let port: Int
  let reason: String

  /// What happened and what to do.
  public var description: String {
    "cannot listen at 127.0.0.1:\(port) for --metrics-port (\(reason)): choose another port, or 0 for any that is free"
  }
}

/// Refuses requests that name a host by more than `localhost` or an address: a page of another site can make
/// its own name lead to this machine, but not such a one.
private struct LocalNames: RouterMiddleware {
  typealias Context = BasicRequestContext

  func handle(
    _ request: Request, context: Context, next: (Request, Context) async throws -> Response
  ) async throws -> Response {
    guard let host = request.head.authority.flatMap({ HostName.host(of: $0) }),
      host == "localhost" || HostName.isAddress(host)
    else { return Response(status: .misdirectedRequest) }
    return try await next(request, context)
  }
}
