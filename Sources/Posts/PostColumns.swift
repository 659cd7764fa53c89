/// Which column of a table is which field of a post.
public struct PostColumns: Sendable {
  /// The columns of the original system's table, in its order; fields of a message have the same names.
  public static let names = PostField.allCases.map { "\($0.name)" }

  /// The field of each column; nil for a column that is not read.
  let fields: [PostField?]

  /// The columns of a table by their names, in any order; names that are none of a post's are not read.
  ///
  /// - Throws: `PostColumnsError` if the table cannot hold posts.
  public init(header: [String]) throws(PostColumnsError) {
    fields = header.map { name in PostField.allCases.first { "\($0.name)" == name } }
    for field in PostField.allCases {
      let count = fields.count { $0 == field }
      if count > 1 { throw PostColumnsError.repeated("\(field.name)") }
    }
    let missing = PostField.allCases.filter { !$0.isOptional && !fields.contains($0) }
    guard missing.isEmpty else {
      throw PostColumnsError.missing(missing.map { "\($0.name)" })
    }
  }
}

extension PostField {
  /// Whether a post may be without it.
  fileprivate var isOptional: Bool {
    switch self {
    case .hashtags, .location, .views: true
    default: false
    }
  }
}

/// Why a table cannot hold posts.
public enum PostColumnsError: Error, Equatable, Sendable, CustomStringConvertible {
  /// Columns without which no row is a post.
  case missing([String])
  /// A column that is there twice.
  case repeated(String)

  public var description: String {
    switch self {
    case .missing(let names):
      "the first line has to name the columns of social_posts, and lacks "
        + names.prefix(3).joined(separator: ", ")
        + (names.count > 3 ? " and \(names.count - 3) more" : "")
    case .repeated(let name): "the first line names the column \(name) twice"
    }
  }
}
