import NamedQueries

extension NamedQuery {
  /// What other programs are told of it, by `socialq list --format json` as by `/api/queries`: its
  /// parameters with the values that they take, its columns with their kinds, and its chart.
  public var description: JSONDocument {
    [
      "name": .string(name),
      "title": .string(title),
      "help": .string(help),
      "bucket": bucket.map { .string($0.rawValue) } ?? .null,
      "parameters": .array(parameters.map(\.description)),
      "columns": .array(
        columns.map { ["name": .string($0.name), "kind": .string($0.kind.rawValue)] }),
      "chart": chart.map(\.description) ?? .null,
    ]
  }
}

extension ChartHint {
  fileprivate var description: JSONDocument {
    [
      "form": .string(form.rawValue),
      "x": x.map { .string($0) } ?? .null,
      "y": .array(y.map { .string($0) }),
      "series": series.map { .string($0) } ?? .null,
    ]
  }
}

extension Parameter {
  fileprivate var description: JSONDocument {
    [
      "name": .string(name),
      "help": .string(help),
      "type": .string(type),
      "forms": .string(forms),
      "required": .bool(defaultValue == nil),
      "schema": schema,
    ]
  }

  /// The kind by the name that query files give it.
  private var type: String {
    switch kind {
    case .integer: "integer"
    case .number: "number"
    case .text: "text"
    case .hashtag: "hashtag"
    case .choice: "choice"
    }
  }

  /// The values that it takes, as a [JSON Schema](https://json-schema.org).
  public var schema: JSONDocument {
    var schema: [String: JSONDocument] = [:]
    switch kind {
    case .integer(let range):
      schema = ["type": "integer", "minimum": .integer(range.lowerBound)]
      if range.upperBound != .max { schema["maximum"] = .integer(range.upperBound) }
    case .number(let range):
      schema = ["type": "number", "minimum": .number(range.lowerBound)]
      if range.upperBound != .greatestFiniteMagnitude {
        schema["maximum"] = .number(range.upperBound)
      }
    case .text, .hashtag: schema = ["type": "string", "minLength": 1]
    case .choice(let choices):
      schema = ["type": "string", "enum": .array(choices.map { .string($0) })]
    }
    switch defaultValue {
    case .integer(let value): schema["default"] = .integer(value)
    case .real(let value): schema["default"] = .number(value)
    case .text(let value): schema["default"] = .string(value)
    case .null, nil: break
    }
    return .object(schema)
  }
}
