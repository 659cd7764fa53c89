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
    try threads.submit { reader in
      pipe.finish(
        Result {
          guard !pipe.isUnwanted else { throw OutputError.readerGone }
          let question = try Question(name, fields, of: catalog)
          let reader = try reader.get()
          // Read before the answer: one that is newer than its tag is only fetched once more.
          let entity = EntityTag(question, ending: ending, store: try reader.status())
          pipe.announce(entity)
          if let known, entity.matches(known) { return }
          try answer(
            question, entity, reader, format,
            to: AnswerSink(limit: cache.largestAnswer, next: pipe),
            isUnwanted: { pipe.isUnwanted })
        })
    }
    var headers: HTTPFields = [.contentType: mediaType, .cacheControl: "private, no-cache"]
    if await !pipe.isReady(within: .seconds(1)) {
      // A client that goes away takes its question with it. To look out for that costs its connection,
      // so it is not done for answers that are there soon.
      headers[.connection] = "close"
      try await request.body.consumeWithInboundCloseHandler { _ in
        await pipe.ready()
      } onInboundClosed: {
        // It is called, too, when the looking out ends.
        pipe.abandonUnlessReady()
      }
    }
    let (entity, content) = try pipe.beginning()
    headers[.eTag] = entity.text
    if let known, entity.matches(known) { return .notModified(headers) }
    if format == .csv {
      headers[.contentDisposition] = "attachment; filename=\"\(name).csv\""
    }
    switch content {
    case .whole(let bytes):
      return Response(
        status: .ok, headers: headers, body: ResponseBody(byteBuffer: ByteBuffer(bytes: bytes)))
    case .first(let bytes):
      return Response(status: .ok, headers: headers, body: body(of: bytes, pipe, logger))
    }
  }

  /// The answer to a question in JSON, as a whole.
  ///
  /// - Throws: Whatever ``ProblemDetails`` can tell of.
  func whole(
    _ name: String, _ fields: [(name: String, value: String)],
    isUnwanted: @escaping @Sendable () -> Bool
  ) async throws -> SharedAnswers.Answer {
    try await threads.read { reader in
      guard !isUnwanted() else { throw OutputError.readerGone }
      let question = try Question(name, fields, of: catalog)
      // Read before the answer: one that is newer than its tag is only fetched once more.
      let entity = EntityTag(question, ending: "json", store: try reader.status())
      let sink = AnswerSink(limit: cache.largestAnswer)
      do {
        try answer(question, entity, reader, .json, to: sink, isUnwanted: isUnwanted)
      } catch  where sink.whole == nil {
        throw ProblemDetails(
          status: .contentTooLarge, code: "large",
          detail: "the answer is too large for one among many: ask at its own address")
      }
      return SharedAnswers.Answer(bytes: sink.whole ?? [], entity: entity)
    }
  }

  /// Writes an answer that was given a moment ago, or a new one, which is kept.
  private func answer(
    _ question: Question, _ entity: EntityTag, _ reader: StoreReader, _ format: Format,
    to sink: AnswerSink, isUnwanted: @escaping () -> Bool
  ) throws {
    if let bytes = cache.answer(entity.meaning) { return try sink.write(bytes) }
    try render(question, reader, format, to: sink, isUnwanted: isUnwanted)
    if let bytes = sink.whole { cache.keep(bytes, as: entity.meaning) }
  }

  /// Writes an answer, as the command does.
  private func render(
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
