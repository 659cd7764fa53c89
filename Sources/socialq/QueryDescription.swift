import NamedQueries

/// What another program has to know of a query: `socialq list --format json`.
struct QueryDescription: Encodable {
  struct Parameter: Encodable {
    let name: String
    let option: String
    let type: String
    let minimum: Double?
    let maximum: Double?
    let choices: [String]?
    let standard: Value?
    let isRequired: Bool
    let help: String

    private enum CodingKeys: String, CodingKey {
      case name, option, type, minimum, maximum, choices, help
      case standard = "default"
      case isRequired = "required"
    }
  }

  struct Column: Encodable {
    let name: String
    let kind: String
  }

  struct Chart: Encodable {
    let form: String
    let x: String?
    let y: [String]
    let series: String?
  }

  /// A value of a parameter.
  struct Value: Encodable {
    let cell: Cell

    func encode(to encoder: any Encoder) throws {
      var container = encoder.singleValueContainer()
      switch cell {
      case .null: try container.encodeNil()
      case .integer(let number): try container.encode(number)
      case .real(let number): try container.encode(number)
      case .text(let text): try container.encode(text)
      }
    }
  }

  let name: String
  let title: String
  let help: String
  let parameters: [Parameter]
  let bucket: String?
  let columns: [Column]
  let chart: Chart?

  init(_ query: NamedQuery) {
    name = query.name
    title = query.title
    help = query.help
    parameters = query.parameters.map(Parameter.init)
    bucket = query.bucket?.rawValue
    columns = query.columns.map { Column(name: $0.name, kind: $0.kind.rawValue) }
    chart = query.chart.map { Chart(form: $0.form.rawValue, x: $0.x, y: $0.y, series: $0.series) }
  }
}

extension QueryDescription.Parameter {
  fileprivate init(_ parameter: Parameter) {
    var (minimum, maximum): (Double?, Double?) = (nil, nil)
    var choices: [String]?
    switch parameter.kind {
    case .integer(let range):
      type = "integer"
      minimum = Double(range.lowerBound)
      maximum = range.upperBound == .max ? nil : Double(range.upperBound)
    case .number(let range):
      type = "number"
      minimum = range.lowerBound
      maximum = range.upperBound == .greatestFiniteMagnitude ? nil : range.upperBound
    case .text: type = "text"
    case .hashtag: type = "hashtag"
    case .choice(let values):
      type = "choice"
      choices = values
    }
    name = parameter.name
    option = "--\(parameter.name)"
    self.minimum = minimum
    self.maximum = maximum
    self.choices = choices
    standard = parameter.defaultValue.map(QueryDescription.Value.init)
    isRequired = parameter.defaultValue == nil
    help = parameter.help
  }
}
