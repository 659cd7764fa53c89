/// Why a question cannot be answered, in words for the user.
public struct QueryError: Error, Equatable, Sendable, CustomStringConvertible {
  /// The kind of a failure, which decides the exit status.
  public enum Code: Sendable {
    /// There is no query of that name.
    case unknownQuery
    /// An option or its value is not one that the query takes.
    case usage
    /// The query file is wrong.
    case queryFile
    /// The query took longer than its time limit.
    case timeout
    /// SQLite could not run the query.
    case failed
  }

  /// The kind.
  public let code: Code
  /// What happened, where, and what to do.
  public let message: String

  /// A failure of a kind with a message for the user.
  public init(_ code: Code, _ message: String) {
    self.code = code
    self.message = message
  }

  /// The message.
  public var description: String { message }
}
