extension PostDecoder {
  /// The post that a message of null value deletes.
  ///
  /// - Parameter key: The key of the message; nil if it has none.
  /// - Throws: If the key cannot be the id of a post.
  public static func postID(
    ofTombstoneKey key: UnsafeRawBufferPointer?
  ) throws(Rejection) -> ExactString {
    guard let key, !key.isEmpty else { throw .tombstoneWithoutKey }
    guard key.count <= postIDLimit else {
      throw Rejection(field: "key", problem: "longer than \(postIDLimit) bytes")
    }
    guard let text = String(validating: key, as: UTF8.self) else {
      throw Rejection(field: "key", problem: "not UTF-8")
    }
    return ExactString(text)
  }
}
