import Foundation

/// A variable of the environment that stands for an option.
enum Variable: String, CaseIterable {
  case store = "SOCIALQ_DB"
  case zone = "SOCIALQ_TZ"
  case queries = "SOCIALQ_QUERIES"
  case format = "SOCIALQ_FORMAT"
  case token = "SOCIALQ_TOKEN"
  case chartsLibrary = "SOCIALQ_ECHARTS"
  case noColour = "NO_COLOR"

  /// What it is set to; an empty one counts as not set.
  var value: String? {
    let value = ProcessInfo.processInfo.environment[rawValue]
    return value?.isEmpty == true ? nil : value
  }

  /// The folders that it names.
  var folders: [String] { value?.split(separator: ":").map(String.init) ?? [] }

  /// What help says of all of them, a line each.
  static var help: String {
    allCases.map { variable in
      let gap = String(repeating: " ", count: 17 - variable.rawValue.count)
      return "  \(variable.rawValue)\(gap)\(variable.meaning)"
    }.joined(separator: "\n")
  }

  private var meaning: String {
    switch self {
    case .store: "the store, unless --db names it"
    case .zone: "the time zone, unless --tz names it; otherwise UTC"
    case .queries: "folders with more query files, with ':' between them"
    case .format: "the format, unless --format names it; otherwise table"
    case .token: "what clients of 'serve' must know, unless --token states it"
    case .chartsLibrary:
      "the file that draws the charts of 'serve', unless script/bootstrap fetched it"
    case .noColour: "if it is set, charts have no colour unless --color always is given"
    }
  }
}
