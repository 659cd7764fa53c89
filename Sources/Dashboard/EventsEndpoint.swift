import HTTPTypes
import Hummingbird
import Logging
import NIOCore
import PostStore
import Posts
import ServiceLifecycle

/// Tells pages that the store has changed: `/api/events`, a stream of
/// [server-sent events](https://html.spec.whatwg.org/multipage/server-sent-events.html).
struct EventsEndpoint: Sendable {
  let watch: StoreWatch

  /// What an event says.
  private struct Message: Encodable {
    let version: Int64?
    let changed: String?
    let lagMilliseconds: Int64?

    enum CodingKeys: String, CodingKey {
      case version, changed
      case lagMilliseconds = "lag_ms"
    }
  }

  func respond(to request: Request, logger: Logger) throws -> Response {
    guard let states = watch.states() else {
      throw ProblemDetails(
        status: .serviceUnavailable, code: "overloaded",
        detail: "too many pages follow the store: close some, or reload now and then",
        headers: [.retryAfter: "30"])
    }
    return Response(
      status: .ok,
      headers: [.contentType: "text/event-stream", .cacheControl: "no-store"],
      body: ResponseBody { writer in
        // A page that was left is noticed at once, and one that is followed does not keep the server
        // from stopping.
        try await request.body.consumeWithInboundCloseHandler { _ in
          try await send(states, to: &writer)
        } onInboundClosed: {
          // The iteration ends with the task that it runs in.
        }
        try await writer.finish(nil)
      })
  }

  private func send(
    _ states: AsyncStream<StoreWatch.State>, to writer: inout any ResponseBodyWriter
  )
    async throws
  {
    try await writer.write(ByteBuffer(string: "retry: 2000\n\n"))
    var told: StoreWatch.State??
    for await state in states.cancelOnGracefulShutdown() {
      if told == .some(state) {
        try await writer.write(ByteBuffer(string: ":\n\n"))
        continue
      }
      told = .some(state)
      var buffer = ByteBuffer(
        string: state == nil ? "event: nostore\ndata: " : "event: store\ndata: ")
      buffer.writeImmutableBuffer(
        JSONBytes.of(
          Message(
            version: state?.version, changed: state?.changed?.iso8601(),
            lagMilliseconds: state?.lagMilliseconds)))
      buffer.writeString("\n\n")
      try await writer.write(buffer)
    }
  }
}
