import NamedQueries
import Rendering

/// The [OpenAPI](https://spec.openapis.org/oas/v3.1.0) document of this server, made from the queries
/// that it has.
struct OpenAPI {
  let catalog: QueryCatalog
  /// Whether clients have to know a token.
  let hasToken: Bool
  let limits: DashboardConfiguration.Limits

  var document: JSONDocument {
    var paths: [String: JSONDocument] = [
      "/api/queries": operation(
        "Describes all queries.", answer: "application/json", schema: ["type": "object"],
        hasTag: true),
      "/api/answers": operation(
        "Answers many questions at once: a line of JSON for each as soon as it is answered, with its number, the status and the tag that its own address gives, and answer or problem. Empty lines mean nothing.",
        parameters: [
          field(
            "q", "A question: <name>.json?<fields>, as its address ends.",
            [
              "type": "array", "minItems": 1, "maxItems": .integer(Int64(limits.questions)),
              "items": ["type": "string"],
            ], required: true),
          field(
            "version",
            "A version of the store, from an event: answers of the last second will do if they are of it or a later one.",
            ["type": "integer"]),
        ], answer: "application/x-ndjson", schema: ["type": "string"],
        mistakes: ["400": "A field is wrong; what is wrong with a question is told in its line."]),
      "/api/events": operation(
        "Tells when the store has changed, as server-sent events named store and nostore.",
        answer: "text/event-stream", schema: ["type": "string"]),
      "/openapi.json": operation(
        "This document.", answer: "application/json", schema: ["type": "object"], hasTag: true),
    ]
    for query in catalog.names.compactMap({ try? catalog.query($0) }) {
      for (ending, format) in QueryEndpoint.formats {
        paths["/api/queries/\(query.name).\(ending)"] = operation(
          "\(query.title). \(query.help)", parameters: parameters(of: query),
          answer: String(format.mediaType.prefix { $0 != ";" }),
          schema: ending == "json"
            ? ["type": "array", "items": row(of: query)] : ["type": "string"],
          mistakes: Self.ofQueries, hasTag: true)
      }
      paths["/api/queries/\(query.name).sql"] = operation(
        "The statement that answers '\(query.name)'.", parameters: parameters(of: query),
        answer: "text/plain", schema: ["type": "string"],
        mistakes: Self.ofQueries)
    }
    var components: [String: JSONDocument] = ["schemas": ["Problem": Self.problem]]
    if hasToken {
      components["securitySchemes"] = [
        "token": ["type": "http", "scheme": "bearer"]
      ]
    }
    return [
      "openapi": "3.1.0",
      "info": [
        "title": "socialq", "version": "1",
        "description": "Answers to named queries, as the command socialq gives them.",
      ],
      "paths": .object(paths),
      "components": .object(components),
      "security": .array(hasToken ? [["token": .array([])]] : []),
    ]
  }

  private func operation(
    _ description: String, parameters: [JSONDocument] = [], answer: String, schema: JSONDocument,
    mistakes: [String: String] = [:], hasTag: Bool = false
  ) -> JSONDocument {
    var responses: [String: JSONDocument] = [
      "200": [
        "description": "The answer.", "content": .object([answer: ["schema": schema]]),
      ]
    ]
    if hasTag {
      responses["304"] = ["description": "The copy named by If-None-Match is still right."]
    }
    for (status, mistake) in mistakes { responses[status] = Self.problem(mistake) }
    responses["503"] = Self.problem("There is no store, or no time for the answer.")
    responses["default"] = Self.problem(
      "Another problem: a token that is missing (401), a name that is not this server's (421).")
    return [
      "get": [
        "description": .string(description), "parameters": .array(parameters),
        "responses": .object(responses),
      ]
    ]
  }

  private static let ofQueries = [
    "400": "A parameter is wrong.",
    "422": "This store cannot answer it, or not with so many rows.",
  ]

  private func row(of query: NamedQuery) -> JSONDocument {
    var properties: [String: JSONDocument] = [:]
    for column in query.columns {
      let type: JSONDocument =
        switch column.kind {
        case .text, .id, .time: "string"
        case .count: "integer"
        case .number, .percent: "number"
        case .flag: "boolean"
        }
      properties[column.name] = ["type": .array([type, "null"])]
    }
    return ["type": "object", "properties": .object(properties)]
  }

  private func parameters(of query: NamedQuery) -> [JSONDocument] {
    let own = query.parameters.map { parameter in
      field(
        parameter.name, parameter.help, parameter.schema, required: parameter.defaultValue == nil)
    }
    let time = "15m, 1h, 24h, 7d, 4w, today, yesterday, a date or ISO 8601"
    let names: JSONDocument = ["type": "array", "items": ["type": "string"]]
    let flag: JSONDocument = ["type": "string", "enum": ["", "0", "1", "true", "false"]]
    var scope = [
      field("since", "From when: \(time).", ["type": "string"]),
      field("until", "Until when, not included: \(time).", ["type": "string"]),
      field(
        "previous", "The equally long window before that one; of one still running, as much of it.",
        flag),
      field("platform", "Any of these platforms.", names),
      field("sentiment", "Any of these sentiments.", names),
      field("topic", "Any of these topics.", names),
      field("viral", "Only viral posts.", flag),
      field("tz", "The time zone of days and of shown times.", ["type": "string"]),
      field("no-rollups", "Answer from single posts alone.", flag),
    ]
    if query.bucket != nil {
      let widths = Bucket.allCases.map { JSONDocument.string($0.rawValue) }
      scope.append(field("bucket", "The width of buckets.", ["enum": .array(widths)]))
    }
    return own + scope
  }

  private func field(
    _ name: String, _ description: String, _ schema: JSONDocument, required: Bool = false
  ) -> JSONDocument {
    [
      "name": .string(name), "in": "query", "description": .string(description), "schema": schema,
      "required": .bool(required),
    ]
  }

  private static func problem(_ description: String) -> JSONDocument {
    [
      "description": .string(description),
      "content": [
        "application/problem+json": ["schema": ["$ref": "#/components/schemas/Problem"]]
      ],
    ]
  }

  private static let problem: JSONDocument = [
    "type": "object",
    "required": ["type", "title", "status", "detail", "code"],
    "properties": [
      "type": ["type": "string"], "title": ["type": "string"], "status": ["type": "integer"],
      "detail": ["type": "string"], "code": ["type": "string"],
    ],
  ]
}
