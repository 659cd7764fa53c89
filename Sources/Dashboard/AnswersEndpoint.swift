import HTTPTypes
import Hummingbird
import Logging
import NIOCore
import NamedQueries
import PostStore
import Posts
import Rendering

/// Answers many questions at once: `/api/answers?q=<name>.json?…&q=…`.
///
/// A page has dozens of panels, and a browser but six connections. The answers come as lines of JSON, each as soon
/// as it is there, with what its own address would have said: status, tag, and answer or problem.
struct AnswersEndpoint: Sendable {
  let queries: QueryEndpoint
  let shared: SharedAnswers

  /// How many questions of one request are worked on at a time. What is answered waits for the client, so that
  /// this is also how many answers may be kept for it.
  private static let window = 8
  /// After how long a line without anything is sent, by which a client that has left is noticed.
  private static let heartbeat = Duration.milliseconds(500)

  func respond(to request: Request, logger: Logger) async throws -> Response {
    var questions: [String] = []
    var version: Int64?
    for (name, value) in URLFields.parse(request.head.path ?? "") {
      switch name {
      case "q": questions.append(value)
      case "version":
        version = Int64(value)
        if version == nil {
          throw Self.usage("version: '\(value)' is no version of a store: take it from /api/events")
        }
      default: throw Self.usage("unknown field '\(name)': there are q and version")
      }
    }
    guard (1...queries.limits.questions).contains(questions.count) else {
      throw Self.usage(
        "\(questions.count) questions: ask 1 to \(queries.limits.questions), each as q=<name>.json?…"
      )
    }
    let known = request.headers[.ifNoneMatch]
    return Response(
      status: .ok,
      headers: [.contentType: "application/x-ndjson", .cacheControl: "no-store"],
      body: ResponseBody { [questions, version] writer in
        do {
          try await send(questions, atLeast: version, known: known, to: &writer)
          try await writer.finish(nil)
        } catch {
          logger.info("answers were broken off: \(error)")
          throw error
        }
      })
  }

  private func send(
    _ questions: [String], atLeast version: Int64?, known: String?,
    to writer: inout any ResponseBodyWriter
  ) async throws {
    try await withThrowingTaskGroup(of: ByteBuffer?.self) { group in
      let add = { (group: inout ThrowingTaskGroup<ByteBuffer?, any Error>, number: Int) in
        group.addTask {
          line(number, await outcome(of: questions[number], atLeast: version), known: known)
        }
      }
      let beat = { (group: inout ThrowingTaskGroup<ByteBuffer?, any Error>) in
        group.addTask {
          try await Task.sleep(for: Self.heartbeat)
          return nil
        }
      }
      var begun = min(Self.window, questions.count)
      var ended = 0
      for number in 0..<begun { add(&group, number) }
      beat(&group)
      while ended < questions.count, let line = try await group.next() {
        guard let line else {
          try await writer.write(ByteBuffer(string: "\n"))
          beat(&group)
          continue
        }
        ended += 1
        if begun < questions.count {
          add(&group, begun)
          begun += 1
        }
        try await writer.write(line)
      }
      group.cancelAll()
    }
  }

  private func outcome(of words: String, atLeast version: Int64?) async -> SharedAnswers.Outcome {
    let fields = URLFields.parse(words)
    let file = words.prefix { $0 != "?" }
    guard file.hasSuffix(".json") else {
      return .failure(Self.usage("'\(words)' is no question: ask <name>.json?…"))
    }
    let name = String(file.dropLast(".json".count))
    return await shared.outcome(of: words, atLeast: version) { interest in
      await queries.answer(name, fields, isUnwanted: { interest.isGone })
    }
  }

  private func line(
    _ number: Int, _ outcome: SharedAnswers.Outcome, known: String?
  ) -> ByteBuffer {
    var line = ByteBuffer(string: "{\"question\":\(number),\"status\":")
    switch outcome {
    case .success(let answer):
      let isKnown = known.map { answer.entity.matches($0) } ?? false
      line.writeString(isKnown ? "304" : "200")
      line.writeString(",\"etag\":")
      line.writeImmutableBuffer(JSONBytes.of(answer.entity.text))
      if !isKnown {
        line.writeString(",\"answer\":")
        // An answer is laid out in lines; between the values of JSON those mean nothing.
        line.writeBytes(answer.bytes.lazy.filter { $0 != UInt8(ascii: "\n") })
      }
    case .failure(let problem):
      line.writeString("\(problem.status.code),\"problem\":")
      line.writeImmutableBuffer(JSONBytes.of(problem))
    }
    line.writeString("}\n")
    return line
  }

  private static func usage(_ detail: String) -> ProblemDetails {
    ProblemDetails(status: .badRequest, code: "usage", detail: detail)
  }
}
