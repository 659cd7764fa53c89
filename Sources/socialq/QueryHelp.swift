import ArgumentParser
import Foundation
import NamedQueries
import Rendering

/// What `socialq QUERY --help` shows: the header of the query's file, then what all queries take.
enum QueryHelp {
  static func show(_ name: String, arguments: [String]) throws {
    try writeOut(text(of: try catalog(for: arguments).query(name, suggestsReserved: true)) + "\n")
  }

  /// The queries that a command line is about: folders named on it count, whatever else is wrong with it.
  static func catalog(for arguments: [String]) throws -> QueryCatalog {
    var folders: [String] = []
    for (index, word) in arguments.enumerated() {
      if word.hasPrefix("--queries=") {
        folders.append(String(word.dropFirst("--queries=".count)))
      } else if word == "--queries", index + 1 < arguments.count {
        folders.append(arguments[index + 1])
      }
    }
    return try CatalogOptions.catalog(folders: folders)
  }

  static func text(of query: NamedQuery) -> String {
    var text = "\(query.title). \(query.help)\n\nUSAGE: socialq \(query.name)"
    for parameter in query.parameters where parameter.defaultValue == nil {
      text += " --\(parameter.name) <\(parameter.name)>"
    }
    text += " [<options>]\n"
    if !query.parameters.isEmpty {
      text += "\nOPTIONS OF THIS QUERY:\n"
      for parameter in query.parameters { text += line(of: parameter) }
    }
    text += "\nCOLUMNS: \(query.columns.map(\.name).joined(separator: ", "))\n"
    let common = QueryCommand.helpMessage(columns: 100)
    if let start = common.range(of: "SCOPE:") {
      let options = String(common[start.lowerBound...])
      text += "\n" + (query.bucket == nil ? options.withoutOption("--bucket") : options)
    }
    if let bucket = query.bucket {
      text +=
        "\nThe buckets of this query are one \(bucket.rawValue) wide unless --bucket is given.\n"
    }
    text += "\nEXAMPLE: socialq \(query.name)"
    for parameter in query.parameters where parameter.defaultValue == nil {
      text += " --\(parameter.name) …"
    }
    return text + " --since 24h --format csv\n"
  }

  private static func line(of parameter: Parameter) -> String {
    let line = "  --\(parameter.name) <\(parameter.name)>"
    return line + String(repeating: " ", count: max(1, 24 - line.count))
      + "\(meaning(of: parameter))\n"
  }

  /// What a parameter is for, and the values it takes.
  static func meaning(of parameter: Parameter) -> String {
    var text = "\(parameter.help.prefix(1).uppercased())\(parameter.help.dropFirst())"
    text += " (\(parameter.forms)"
    switch parameter.defaultValue {
    case .integer(let number): text += "; default: \(number)"
    case .real(let number): text += "; default: \(number)"
    case .text(let value): text += "; default: \(value)"
    case .null, nil: break
    }
    return text + ")"
  }
}

extension String {
  /// A help text without what it says of one option, continued lines included.
  fileprivate func withoutOption(_ name: String) -> String {
    var isLeftOut = false
    let lines = split(separator: "\n", omittingEmptySubsequences: false).filter { line in
      let isContinued = line.hasPrefix("      ")
      if !isContinued { isLeftOut = line.hasPrefix("  \(name) ") }
      return !isLeftOut
    }
    return lines.joined(separator: "\n")
  }
}
