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

  private enum Event: Sendable {
    case outcome(Int, SharedAnswers.Outcome)
    case beat
  }

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
          try await answer(questions, atLeast: version) { event in
            switch event {
            case .beat: try await writer.write(ByteBuffer(string: "\n"))
            case .outcome(let number, let outcome):
              let outcome = outcome.mapError {
                ProblemDetails($0, of: questions[number], logger: logger)
              }
              try await writer.write(line(number, outcome, known: known))
            }
          }
          try await writer.finish(nil)
        } catch {
          logger.info("answers were broken off: \(error)")
          throw error
        }
      })
  }

  /// Answers questions, a few at a time, and tells of each when it is answered.
  private func answer(
    _ questions: [String], atLeast version: Int64?, tell: (Event) async throws -> Void
  ) async throws {
    try await withThrowingTaskGroup(of: Event.self) { group in
      var begun = 0
      while begun < min(Self.window, questions.count) {
        begin(begun, questions, version, in: &group)
        begun += 1
      }
      beat(in: &group)
      var ended = 0
      while ended < questions.count, let event = try await group.next() {
        switch event {
        case .beat: beat(in: &group)
        case .outcome:
          ended += 1
          if begun < questions.count {
            begin(begun, questions, version, in: &group)
            begun += 1
          }
        }
        try await tell(event)
      }
      group.cancelAll()
    }
  }

  private func begin(
    _ number: Int, _ questions: [String], _ version: Int64?,
    in group: inout ThrowingTaskGroup<Event, any Error>
  ) {
    group.addTask { .outcome(number, await outcome(of: questions[number], atLeast: version)) }
  }

  private func beat(in group: inout ThrowingTaskGroup<Event, any Error>) {
    group.addTask {
      try await Task.sleep(for: Self.heartbeat)
      return .beat
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
      do {
        return .success(try await queries.whole(name, fields, isUnwanted: { interest.isGone }))
      } catch {
        return .failure(error)
      }
    }
  }

  private func line(
    _ number: Int, _ outcome: Result<SharedAnswers.Answer, ProblemDetails>, known: String?
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
        line.reserveCapacity(minimumWritableBytes: answer.bytes.count + 2)
        // An answer is laid out in lines; between the values of JSON those mean nothing.
        for run in answer.bytes.split(separator: UInt8(ascii: "\n")) { line.writeBytes(run) }
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
