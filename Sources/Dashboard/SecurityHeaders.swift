import HTTPTypes
import Hummingbird
import Logging

/// Sees to it that every response, also one of a failure, tells the browser what it may do.
struct SecurityHeaders: RouterMiddleware {
  typealias Context = BasicRequestContext

  /// Scripts and styles come from this server's own files alone; nothing is written into the page.
  private static let policy = [
    "default-src 'none'", "script-src 'self'", "style-src 'self'", "img-src 'self' data: blob:",
    "connect-src 'self'", "manifest-src 'self'", "base-uri 'none'", "form-action 'none'",
    "frame-ancestors 'none'",
  ].joined(separator: "; ")

  func handle(
    _ request: Request, context: Context, next: (Request, Context) async throws -> Response
  ) async throws -> Response {
    var response: Response
    do {
      response = try await next(request, context)
    } catch let error as HTTPError where error.status == .notFound {
      response =
        ProblemDetails(
          status: .notFound, code: "not-found",
          detail: "there is nothing at this address: /openapi.json lists what there is"
        ).response
    } catch let error as HTTPError {
      response =
        ProblemDetails(
          status: error.status, code: "http", detail: error.body ?? error.status.reasonPhrase
        ).response
    } catch {
      response =
        ProblemDetails(
          error, of: "\(request.method) \(request.uri.path)", logger: context.logger
        ).response
    }
    response.headers[.contentSecurityPolicy] = Self.policy
    response.headers[.xContentTypeOptions] = "nosniff"
    for (name, value) in Self.others { response.headers[name] = value }
    return response
  }

  private static let others: [(HTTPField.Name, String)] = [
    ("Referrer-Policy", "no-referrer"),
    ("X-Frame-Options", "DENY"),
    ("Cross-Origin-Opener-Policy", "same-origin"),
    ("Cross-Origin-Resource-Policy", "same-origin"),
    ("Permissions-Policy", "camera=(), geolocation=(), microphone=()"),
  ].compactMap { name, value in HTTPField.Name(name).map { ($0, value) } }
}
