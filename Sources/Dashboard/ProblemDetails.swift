import Foundation
import HTTPTypes
import Hummingbird
import Logging
import NamedQueries
import PostStore
import Rendering

/// Why a request has no answer, after [RFC 9457](https://www.rfc-editor.org/rfc/rfc9457).
struct ProblemDetails: Error, Encodable, HTTPResponseError {
  /// The HTTP status.
  let status: HTTPResponse.Status
  /// What kind of problem it is, for programs.
  let code: String
  /// What happened, and what to do, for people.
  let detail: String
  /// Further header fields.
  var headers: HTTPFields = [:]

  private enum Key: String, CodingKey { case type, title, status, detail, code }

  func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: Key.self)
    try container.encode("about:blank", forKey: .type)
    try container.encode(status.reasonPhrase, forKey: .title)
    try container.encode(status.code, forKey: .status)
    try container.encode(code, forKey: .code)
    try container.encode(detail, forKey: .detail)
  }

  /// The response that tells it.
  var response: Response {
    var fields = headers
    fields[.contentType] = "application/problem+json"
    fields[.cacheControl] = "no-store"
    return Response(
      status: status, headers: fields, body: ResponseBody(byteBuffer: JSONBytes.of(self)))
  }

  func response(from _: Request, context _: some RequestContext) throws -> Response { response }
}

extension ProblemDetails {
  /// Any error in terms of HTTP.
  ///
  /// - Parameter isParsed: Whether the question itself was understood, so that its mistake is one about
  ///   this store.
  init(_ error: any Error, isParsed: Bool = true) {
    switch error {
    case let problem as ProblemDetails: self = problem
    case let error as QueryError: self.init(error, isParsed: isParsed)
    case let error as StoreError:
      self.init(
        status: .serviceUnavailable, code: error.code == .notFound ? "no-store" : "store",
        detail: error.message, headers: [.retryAfter: "2"])
    case OutputError.readerGone:
      // Nobody is there to read it.
      self.init(status: .serviceUnavailable, code: "gone", detail: "the client has left")
    case OutputError.refused:
      self.init(
        status: .serviceUnavailable, code: "slow",
        detail: "the answer was not taken in time: ask for less, or from a faster connection",
        headers: [.retryAfter: "2"])
    case is ReaderThreads.Overloaded:
      self.init(
        status: .serviceUnavailable, code: "overloaded",
        detail: "too many questions wait for an answer: try again in a moment",
        headers: [.retryAfter: "1"])
    default:
      self.init(
        status: .internalServerError, code: "internal",
        detail: "the answer could not be made: the server's log has the reason")
    }
  }

  /// Any error in terms of HTTP; the log has the reason of one that is the server's own.
  ///
  /// - Parameter request: What was asked, for the log.
  init(_ error: any Error, of request: String, logger: Logger) {
    self.init(error)
    if status == .internalServerError { logger.error("\(request): \(error)") }
  }

  private init(_ error: QueryError, isParsed: Bool) {
    let (status, code): (HTTPResponse.Status, String) =
      switch error.code {
      case .unknownQuery: (.notFound, "unknown-query")
      case .usage: isParsed ? (.unprocessableContent, "not-in-store") : (.badRequest, "usage")
      case .failed: (.unprocessableContent, "cannot-answer")
      case .timeout: (.serviceUnavailable, "timeout")
      case .queryFile: (.internalServerError, "query-file")
      }
    // A client has no --timeout to allow more time with.
    let detail =
      error.code == .timeout
      ? "the answer took too long: narrow it with since, until or filters" : error.message
    self.init(status: status, code: code, detail: detail)
  }
}
