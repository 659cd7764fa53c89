import Foundation

/// Several names in one argument.
enum NameList {
  /// The names between commas, without the spaces around them.
  ///
  /// A name in double quotes is taken as it is, commas, spaces and all; a quote inside it is doubled, as
  /// in CSV.
  ///
  /// - Throws: `QueryError` if a name is empty or a quote is left open.
  static func names(in text: String, option: String) throws(QueryError) -> [String] {
    var names: [String] = []
    var rest = text[...]
    repeat {
      rest = rest.drop(while: \.isWhitespace)
      let isQuoted = rest.first == "\""
      names.append(
        try isQuoted ? quoted(&rest, text, option) : plain(&rest, text, option))
      // The comma, unless the text has ended.
    } while rest.popFirst() != nil
    return names
  }

  private static func plain(
    _ rest: inout Substring, _ text: String, _ option: String
  ) throws(QueryError) -> String {
    let end = rest.firstIndex(of: ",") ?? rest.endIndex
    let name = rest[..<end].trimmingCharacters(in: .whitespaces)
    rest = rest[end...]
    guard !name.isEmpty else {
      throw QueryError(.usage, "\(option) '\(text)' names nothing: leave it out for all")
    }
    return name
  }

  private static func quoted(
    _ rest: inout Substring, _ text: String, _ option: String
  ) throws(QueryError) -> String {
    rest.removeFirst()
    var name = ""
    while let character = rest.popFirst() {
      guard character == "\"" else {
        name.append(character)
        continue
      }
      if rest.first == "\"" {
        name.append("\"")
        rest.removeFirst()
        continue
      }
      rest = rest.drop(while: \.isWhitespace)
      if rest.first.map({ $0 == "," }) ?? true { return name }
      break
    }
    throw QueryError(
      .usage, "\(option) '\(text)' has a quote that does not enclose a name: write \"a, b\",c")
  }
}
