import Foundation

/// All named queries: those compiled in, and those of folders of the user.
public struct QueryCatalog: Sendable {
  /// The files by query name. A file is read and parsed when its query is asked for, so that a broken
  /// file stands in the way of its own query only.
  private let files: [String: File]
  private let reserved: Set<String>

  private enum File {
    case builtIn(name: String, text: String)
    case path(String)
  }

  /// The built-in queries and those of some folders; a later folder's file stands for an earlier one
  /// of the same name, so that a query can be tried out without a rebuild.
  ///
  /// - Parameters:
  ///   - folders: Folders with `.sql` files; one that is not there counts as empty unless it is
  ///     required.
  ///   - reserved: Names that no query can have, since they are commands themselves.
  /// - Throws: `QueryError` if a folder cannot be read.
  public init(
    folders: [(path: String, isRequired: Bool)] = [], reserved: Set<String> = []
  ) throws(QueryError) {
    self.reserved = reserved
    var files: [String: File] = [:]
    for (name, text) in embeddedFiles {
      files[String(name.dropLast(".sql".count))] = .builtIn(name: name, text: text)
    }
    for folder in folders {
      do {
        let names = try FileManager.default.contentsOfDirectory(atPath: folder.path)
        for name in names.sorted() where name.hasSuffix(".sql") && !name.hasPrefix(".") {
          files[String(name.dropLast(".sql".count))] = .path(folder.path + "/" + name)
        }
      } catch {
        var isFolder: ObjCBool = false
        let exists = FileManager.default.fileExists(atPath: folder.path, isDirectory: &isFolder)
        if !exists, !folder.isRequired { continue }
        let problem =
          !exists
          ? "there is no folder \(folder.path) for queries: name another with --queries"
          : isFolder.boolValue
            ? "the folder of queries \(folder.path) may not be read: check its permissions"
            : "\(folder.path) is a file: --queries takes the folder that it is in"
        throw QueryError(.queryFile, problem)
      }
    }
    self.files = files
  }

  /// The names of all queries, in order.
  public var names: [String] { files.keys.sorted() }

  /// The query of a name.
  ///
  /// - Parameter suggestsReserved: Whether a name that is not known may be meant as a reserved one.
  /// - Throws: `QueryError`: there is none, with the names most like it, or its file is wrong.
  public func query(
    _ name: String, suggestsReserved: Bool = false
  ) throws(QueryError) -> NamedQuery {
    switch files[name] {
    case .path(let path) where reserved.contains(name):
      throw QueryError(
        .queryFile,
        "\(path): '\(name)' is a command of socialq itself: give the file another name")
    case .builtIn(let file, let text):
      return try QueryFile.parse(name: name, file: "queries/\(file)", sql: text)
    case .path(let path):
      return try QueryFile.parse(name: name, file: path, sql: try Self.text(of: path))
    case nil where suggestsReserved && reserved.contains(name):
      throw QueryError(
        .unknownQuery,
        "'\(name)' is a command and no query: it comes first, and its options after it, as 'socialq \(name) --help' has them"
      )
    case nil:
      let similar = nearest(to: name, among: suggestsReserved ? names + reserved : names)
      let hint =
        similar.isEmpty
        ? "see 'socialq list'" : "did you mean \(similar.joined(separator: " or "))?"
      throw QueryError(.unknownQuery, "there is no query '\(name)': \(hint)")
    }
  }

  private static func text(of path: String) throws(QueryError) -> String {
    guard let data = FileManager.default.contents(atPath: path) else {
      var isFolder: ObjCBool = false
      _ = FileManager.default.fileExists(atPath: path, isDirectory: &isFolder)
      throw QueryError(
        .queryFile,
        isFolder.boolValue
          ? "\(path) is a folder: a query is a file"
          : "the query \(path) cannot be read: check that it is there and its permissions")
    }
    guard let text = String(validating: data, as: UTF8.self) else {
      let line = 1 + data.prefix(validPrefix(of: data)).count { $0 == UInt8(ascii: "\n") }
      throw QueryError(.queryFile, "\(path):\(line): it is not UTF-8: save it in that encoding")
    }
    // Some editors begin a file with a byte order mark, which SQLite takes for a word.
    return text.first == "\u{FEFF}" ? String(text.dropFirst()) : text
  }

  /// How many bytes at the beginning are valid UTF-8.
  private static func validPrefix(of data: Data) -> Int {
    var decoder = UTF8()
    var bytes = data.makeIterator()
    var count = 0
    while case .scalarValue(let scalar) = decoder.decode(&bytes) {
      count += UTF8.width(scalar)
    }
    return count
  }
}
