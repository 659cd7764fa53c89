import Foundation
import NamedQueries
import PostStore
import Posts

/// Names an answer: the same tag is the same answer.
struct EntityTag: Sendable {
  /// The version of the store that the answer is made of.
  let version: Int64
  /// As the header field has it.
  let text: String
  /// All that the answer depends on, in words.
  let meaning: String

  init(_ question: QueryEndpoint.Question, ending: String, store: StoreStatus) {
    let scope = question.scope
    let arguments = question.arguments.sorted { $0.key < $1.key }
    // The window as it was resolved, since the same words mean another one a second later; one that
    // is still running is compared with as much of the period before.
    let running = scope.now.flatMap { now in
      (scope.window.periodEnd ?? scope.window.until).map { $0 > now } == true ? now : nil
    }
    // When the store changed last tells another store in the same place from it.
    let meaning =
      "\(store.version) \(String(describing: store.changed)) \(ending) \(question.query.sql) \(arguments) \(scope.window) "
      + "\(String(describing: running)) \(scope.platforms) "
      + "\(scope.sentiments) \(scope.topics) \(scope.viralOnly) \(scope.zone.identifier) "
      + "\(scope.bucket) \(scope.usesRollups)"
    self.init(version: store.version, meaning: meaning)
  }

  /// The name of what depends on all this.
  init(version: Int64, meaning: String) {
    self.version = version
    self.meaning = meaning
    text = "\"\(version)-\(FNV1a(meaning.utf8).digits)\""
  }

  /// Whether it is among those of an `If-None-Match` field.
  func matches(_ field: String) -> Bool { Self.isAmong(field, text) }

  /// Whether a tag is among those of an `If-None-Match` field.
  static func isAmong(_ field: String, _ text: String) -> Bool {
    field.split(separator: ",").contains { given in
      let tag = given.trimmingCharacters(in: .whitespaces)
      return tag == "*" || tag == text || tag == "W/" + text
    }
  }
}
