import NamedQueries

extension NamedQuery {
  /// What `/api/queries` tells of it.
  var description: JSONDocument {
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
      "forms": .string(forms),
      "required": .bool(defaultValue == nil),
      "schema": schema,
    ]
  }

  /// The values that it takes, as a [JSON Schema](https://json-schema.org).
  var schema: JSONDocument {
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

extension QueryCatalog {
  /// What there is to ask, for `/api/queries`: all queries, and why some files are none.
  ///
  /// - Parameter chartsLibrary: The path of the library that draws charts; nil if there is none.
  func description(chartsLibrary: String?) -> JSONDocument {
    var queries: [JSONDocument] = []
    var broken: [JSONDocument] = []
    for name in names {
      do {
        queries.append(try query(name).description)
      } catch {
        broken.append(["name": .string(name), "problem": .string("\(error)")])
      }
    }
    return [
      "queries": .array(queries), "broken": .array(broken),
      "charts_library": chartsLibrary.map { .string($0) } ?? .null,
    ]
  }
}
