import Posts

extension PostDecoder {
  /// What a message of a key and a value turns out to be: a null value deletes the post that the key
  /// names, and what is no post is kept whole with the reason.
  public mutating func content(
    key: UnsafeRawBufferPointer?, value: UnsafeRawBufferPointer?
  ) -> IncomingMessage.Content {
    do throws(Rejection) {
      guard let value else {
        return .tombstone(postID: try PostDecoder.postID(ofTombstoneKey: key))
      }
      return .post(.decoded(try decode(value)))
    } catch {
      return .rejected(error, key: key.map(Array.init), value: value.map(Array.init))
    }
  }
}
