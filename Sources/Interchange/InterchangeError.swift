/// Why a file of posts cannot be read.
public struct InterchangeError: Error, Equatable, Sendable, CustomStringConvertible {
  /// What happened, where, and what to do.
  public let message: String

  /// A failure with a message for the user.
  public init(_ message: String) { self.message = message }

  /// The message.
  public var description: String { message }
}
