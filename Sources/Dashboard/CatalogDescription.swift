import NamedQueries
import Rendering

extension QueryCatalog {
  /// What there is to ask, for `/api/queries`: all queries, and why some files are none.
  var document: JSONDocument {
    var queries: [JSONDocument] = []
    var broken: [JSONDocument] = []
    for name in names {
      do {
        queries.append(try query(name).description)
      } catch {
        broken.append(["name": .string(name), "problem": .string("\(error)")])
      }
    }
    return ["queries": .array(queries), "broken": .array(broken)]
  }
}
