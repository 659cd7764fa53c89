import Foundation

/// All named queries: those compiled in, and those of folders of the user.
public struct QueryCatalog: Sendable {
  /// The files by query name. A file is parsed when its query is asked for, so that a broken file
  /// stands in the way of its own query only.
  private let files: [String: (file: String, text: String)]

  /// The built-in queries and those of some folders; a later folder's file stands for an earlier one
  /// of the same name, so that a query can be tried out without a rebuild.
  ///
  /// - Parameter folders: Folders with `.sql` files; one that is not there counts as empty unless it
  ///   is required.
  /// - Throws: `QueryError` if a required folder, or a file, cannot be read.
  public init(folders: [(path: String, isRequired: Bool)] = []) throws(QueryError) {
    var files: [String: (file: String, text: String)] = [:]
    for (name, text) in embeddedFiles {
      files[String(name.dropLast(".sql".count))] = ("queries/\(name)", text)
    }
    for folder in folders {
      do {
        let names = try FileManager.default.contentsOfDirectory(atPath: folder.path)
        for name in names.sorted() where name.hasSuffix(".sql") && !name.hasPrefix(".") {
          let file = folder.path + "/" + name
          files[String(name.dropLast(".sql".count))] = (
            file, try String(contentsOfFile: file, encoding: .utf8)
          )
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
    guard let (file, text) = files[name] else {
      let similar = nearest(to: name, among: names)
      let hint =
        similar.isEmpty
        ? "see 'socialq list'" : "did you mean \(similar.joined(separator: " or "))?"
      throw QueryError(.unknownQuery, "there is no query '\(name)': \(hint)")
    }
    return try QueryFile.parse(name: name, file: file, sql: text)
  }
}
