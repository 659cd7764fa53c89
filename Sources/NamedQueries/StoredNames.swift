import GRDB
import PostStore

/// The names that posts of a store have, which filters can be given.
public enum StoredNames: String, Sendable {
  case platforms, topics, hashtags

  /// Those that begin like a text, whatever the letter case, by name.
  ///
  /// - Parameter limit: No more than so many.
  public func all(
    in reader: StoreReader, beginning prefix: String = "", limit: Int = 100
  ) throws -> [String] {
    let (name, table) =
      self == .hashtags ? ("spelling", "hashtags") : ("name", rawValue)
    // Names are few but for hashtags, and of those one wants the first that fit.
    return try reader.read { db in
      let names = try String.fetchCursor(
        db, sql: "SELECT \(name) FROM \(table) ORDER BY \(self == .hashtags ? "key" : name)")
      var found: [String] = []
      while found.count < limit, let name = try names.next() {
        if name.lowercased().hasPrefix(prefix.lowercased()) { found.append(name) }
      }
      return found
    }
  }
}
