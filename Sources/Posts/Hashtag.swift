/// A hashtag as one post spelled it, with the key that says which tag it is.
public struct Hashtag: Hashable, Sendable {
  /// The identity: NFKC, then lower case, `#` included.
  public let key: ExactString
  /// As written in the message, trimmed, with a `#` put before it if it had none.
  public let spelling: ExactString

  /// A tag of known key and spelling, as a store keeps them.
  public init(key: ExactString, spelling: ExactString) {
    self.key = key
    self.spelling = spelling
  }
}
