import Foundation

/// All named queries: those compiled in, and those of folders of the user.
public struct QueryCatalog: Sendable {
  /// The files by query name. A file is read and parsed when its query is asked for, so that a broken
  /// file stands in the way of its own query only.
  private let files: [String: File]

  private enum File {
    case builtIn(name: String, text: String)
    case path(String)
  }

  /// The built-in queries and those of some folders; a later folder's file stands for an earlier one
  /// of the same name, so that a query can be tried out without a rebuild.
  ///
  /// - Parameter folders: Folders with `.sql` files; one that is not there counts as empty unless it
  ///   is required.
  /// - Throws: `QueryError` if a folder cannot be read.
  public init(folders: [(path: String, isRequired: Bool)] = []) throws(QueryError) {
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
        throw QueryError(
          .queryFile, "cannot read the queries in \(folder.path): \(error.localizedDescription)")
      }
    }
    self.files = files
  }

  /// The names of all queries, in order.
  public var names: [String] { files.keys.sorted() }

  /// The query of a name.
  ///
  /// - Throws: `QueryError`: there is none, with the names most like it, or its file is wrong.
  public func query(_ name: String) throws(QueryError) -> NamedQuery {
    switch files[name] {
    case .builtIn(let file, let text):
      return try QueryFile.parse(name: name, file: "queries/\(file)", sql: text)
    case .path(let path):
      let text: String
      do {
        text = try String(contentsOfFile: path, encoding: .utf8)
      } catch {
        throw QueryError(
          .queryFile, "cannot read the query \(path): \(error.localizedDescription)")
      }
      return try QueryFile.parse(name: name, file: path, sql: text)
    case nil:
      let similar = nearest(to: name, among: names)
      let hint =
        similar.isEmpty
        ? "see 'socialq list'" : "did you mean \(similar.joined(separator: " or "))?"
      throw QueryError(.unknownQuery, "there is no query '\(name)': \(hint)")
    }
  }
}
