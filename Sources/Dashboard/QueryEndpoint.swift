import Foundation
import HTTPTypes
import Hummingbird
import Logging
import NamedQueries
import PostStore
import Posts
import Rendering

/// Answers a named query over HTTP: `/api/queries/<name>.<format>`.
struct QueryEndpoint: Sendable {
  /// The forms of an answer, by the end of its path.
  static let formats: [String: (format: Format, mediaType: String)] = [
    "csv": (.csv, "text/csv; charset=utf-8"),
    "json": (.json, "application/json"),
    "ndjson": (.ndjson, "application/x-ndjson"),
  ]

  let threads: ReaderThreads
  let catalog: @Sendable () throws(QueryError) -> QueryCatalog
  let limits: DashboardConfiguration.Limits
  let cache: AnswerCache

  /// An answer, or that the client's copy of it is still right.
  func respond(to request: Request, file: String, logger: Logger) async throws -> Response {
    let fields = URLFields.parse(request.head.path ?? "")
    let parts = file.split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
    let name = String(parts[0])
    let ending = parts.count > 1 ? String(parts[1]) : ""
    if ending == "sql" { return try await explain(name, fields) }
    guard let (format, mediaType) = Self.formats[ending] else {
      throw ProblemDetails(
        status: .notFound, code: "unknown-format",
        detail: "'\(file)' is no answer: use \(name).json, .csv, .ndjson or .sql")
    }
    let known = request.headers[.ifNoneMatch]
    let pipe = AnswerPipe(limit: limits.bufferedBytes, timeLimit: limits.seconds)
    let (tags, tag) = AsyncThrowingStream<EntityTag, any Error>.makeStream()
    try threads.submit { reader in
      do {
        let question = try Question(name, fields, of: catalog)
        let reader = try reader.get()
        // Read before the answer: an answer that is newer than its tag is only fetched once more.
        let entity = EntityTag(question, ending: ending, store: try reader.status())
        tag.yield(entity)
        tag.finish()
        if let known, entity.matches(known) { return pipe.finish(.success(())) }
        pipe.finish(
          Result {
            if let bytes = cache.answer(entity.meaning) { return try pipe.write(bytes) }
            let sink = CopyingSink(pipe, limit: cache.largestAnswer)
            try answer(question, reader, format, to: sink, isUnwanted: { pipe.isUnwanted })
            if let bytes = sink.copy { cache.keep(bytes, as: entity.meaning) }
          })
      } catch {
        tag.finish(throwing: error)
      }
    }
    return try await withTaskCancellationHandler {
      do {
        var iterator = tags.makeAsyncIterator()
        guard let entity = try await iterator.next() else { throw CancellationError() }
        var headers: HTTPFields = [
          .contentType: mediaType, .eTag: entity.text, .cacheControl: "private, no-cache",
        ]
        if let known, entity.matches(known) {
          return .notModified(headers)
        }
        if format == .csv {
          headers[.contentDisposition] = "attachment; filename=\"\(name).csv\""
        }
        switch try await pipe.beginning() {
        case .whole(let bytes):
          return Response(
            status: .ok, headers: headers, body: ResponseBody(byteBuffer: ByteBuffer(bytes: bytes)))
        case .first(let bytes):
          return Response(status: .ok, headers: headers, body: body(of: bytes, pipe, logger))
        }
      } catch {
        pipe.abandon()
        throw error
      }
    } onCancel: {
      pipe.abandon()
    }
  }

  /// Writes an answer, as the command does.
  private func answer(
    _ question: Question, _ reader: StoreReader, _ format: Format, to sink: some ByteSink,
    isUnwanted: @escaping () -> Bool
  ) throws {
    let zone = question.scope.zone
    let writer = RenderingOptions(format: format, zoneOffset: { zone.offset(at: $0) })
      .makeWriter(to: sink)
    try writer.begin(question.query.columns)
    var count = 0
    try question.runner(reader, limits, isUnwanted).run(
      question.query, arguments: question.arguments, scope: question.scope
    ) { row in
      count += 1
      guard count <= limits.rows else {
        throw ProblemDetails(
          status: .unprocessableContent, code: "too-many-rows",
          detail:
            "the answer has more than \(limits.rows) rows: narrow it with since, until or filters, or take it from the command line: socialq \(question.query.name) --format \(format.rawValue)"
        )
      }
      try writer.row(row)
    }
    try writer.finish()
  }

  /// The statement that answers a question, with all values in it.
  private func explain(_ name: String, _ fields: [(name: String, value: String)]) async throws
    -> Response
  {
    let sql = try await threads.read { reader in
      let question = try Question(name, fields, of: catalog)
      return try question.runner(reader, limits).explain(
        question.query, arguments: question.arguments, scope: question.scope
      ).sql
    }
    return Response(
      status: .ok,
      headers: [.contentType: "text/plain; charset=utf-8", .cacheControl: "no-store"],
      body: ResponseBody(byteBuffer: ByteBuffer(string: sql + "\n")))
  }

  /// The rest of an answer, piece by piece. One that fails on its way is broken off, so that it cannot be
  /// taken for the whole.
  private func body(of first: [UInt8], _ pipe: AnswerPipe, _ logger: Logger) -> ResponseBody {
    ResponseBody { writer in
      do {
        try await writer.write(ByteBuffer(bytes: first))
        while let bytes = try await pipe.next() { try await writer.write(ByteBuffer(bytes: bytes)) }
        try await writer.finish(nil)
      } catch {
        pipe.abandon()
        logger.info("an answer was broken off: \(error)")
        throw error
      }
    }
  }
}

extension QueryEndpoint {
  /// A question that was understood.
  struct Question {
    let query: NamedQuery
    let arguments: [String: Cell]
    let scope: Scope

    /// - Throws: `ProblemDetails` for what the URL gets wrong.
    init(
      _ name: String, _ fields: [(name: String, value: String)],
      of catalog: () throws(QueryError) -> QueryCatalog
    ) throws {
      do throws(QueryError) {
        query = try catalog().query(name)
        let request = try QuestionRequest(fields, of: query)
        arguments = request.arguments
        scope = try request.scope.scope(of: query, now: .endOfSecond)
      } catch {
        throw ProblemDetails(error, isParsed: false)
      }
    }

    func runner(
      _ reader: StoreReader, _ limits: DashboardConfiguration.Limits,
      _ isUnwanted: @escaping () -> Bool = { false }
    ) -> QueryRunner {
      QueryRunner(reader: reader, timeLimit: limits.seconds, isUnwanted: isUnwanted)
    }
  }

  /// Names an answer: the same tag is the same answer.
  struct EntityTag {
    /// As the header field has it.
    let text: String
    /// All that the answer depends on, in words.
    let meaning: String

    init(_ question: Question, ending: String, store: StoreStatus) {
      let scope = question.scope
      let arguments = question.arguments.sorted { $0.key < $1.key }
      // The window as it was resolved, since the same words mean another one a second later; one that
      // is still running is compared with as much of the period before.
      let running = scope.now.flatMap { now in
        (scope.window.periodEnd ?? scope.window.until).map { $0 > now } == true ? now : nil
      }
      // When the store changed last tells another store in the same place from it.
      meaning =
        "\(store.version) \(String(describing: store.changed)) \(ending) \(question.query.sql) \(arguments) \(scope.window) "
        + "\(String(describing: running)) \(scope.platforms) "
        + "\(scope.sentiments) \(scope.topics) \(scope.viralOnly) \(scope.zone.identifier) "
        + "\(scope.bucket) \(scope.usesRollups)"
      text = "\"\(store.version)-\(Checksum.fnv1a(meaning.utf8))\""
    }

    /// Whether it is among those of an `If-None-Match` field.
    func matches(_ field: String) -> Bool {
      field.split(separator: ",").contains { given in
        let tag = given.trimmingCharacters(in: .whitespaces)
        return tag == "*" || tag == text || tag == "W/" + text
      }
    }
  }
}

extension Timestamp {
  /// The end of the second that the clock shows.
  ///
  /// Questions that are asked within one second are about the same window, so that an answer can be
  /// recognised; none leaves out a post that is there already.
  static var endOfSecond: Timestamp {
    Timestamp(microseconds: Int64(Date().timeIntervalSince1970.rounded(.up)) * 1_000_000)
  }
}

/// Hands an answer on and keeps a copy of it, if it is not too large.
private final class CopyingSink<Sink: ByteSink>: ByteSink {
  /// All that was written; nil if it was more than the limit.
  private(set) var copy: [UInt8]? = []
  private let sink: Sink
  private let limit: Int

  init(_ sink: Sink, limit: Int) {
    self.sink = sink
    self.limit = limit
  }

  func write(_ bytes: [UInt8]) throws(OutputError) {
    if let size = copy?.count, size + bytes.count <= limit {
      copy?.append(contentsOf: bytes)
    } else {
      copy = nil
    }
    try sink.write(bytes)
  }

  func flush() throws(OutputError) { try sink.flush() }
}
