/// Why a message cannot be a post: the field at fault and what is wrong with it.
///
/// `field` and `problem` come from a small fixed set, so that rejections can be counted by either;
/// the place within the message is kept apart from them.
public struct Rejection: Error, Hashable, Sendable {
  /// The key of the field at fault, `JSON` if the value is no JSON object in UTF-8.
  public let field: String
  /// What is wrong, such as `not a whole number`.
  public let problem: String
  /// Where the JSON text breaks off being valid, in bytes from the start of the message.
  public let offset: Int?

  /// A rejection for a field and a problem of it.
  public init(field: String, problem: String, offset: Int? = nil) {
    self.field = field
    self.problem = problem
    self.offset = offset
  }

  /// A message of null value that names no post to delete.
  public static let tombstoneWithoutKey = Rejection(
    field: "tombstone without key", problem: "names no post to delete")

  static func json(_ problem: String, at offset: Int? = nil) -> Rejection {
    Rejection(field: "JSON", problem: problem, offset: offset)
  }
}

extension Rejection: CustomStringConvertible {
  /// Field and problem as one line, such as `likes: not a whole number`.
  public var description: String {
    "\(field): \(problem)" + (offset.map { " at byte \($0)" } ?? "")
  }
}
