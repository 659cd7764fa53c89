extension PostDecoder {
  /// The tags of a JSON array of strings, each once and in their order.
  ///
  /// - Parameter text: The array, as a store shows the hashtags of a post.
  /// - Throws: A rejection of the field `hashtags`, or of the JSON.
  public mutating func hashtags(ofJSONArray text: String) throws(Rejection) -> [Hashtag] {
    forget()
    var text = text
    let result = text.withUTF8 { utf8 in
      Result { () throws(Rejection) in
        let bytes = UnsafeRawBufferPointer(utf8)
        var scanner = JSONScanner(bytes)
        guard try scanner.peek() == ASCII.openBracket else {
          throw PostField.hashtags.rejection("not an array")
        }
        values[PostField.hashtags.rawValue] = try scanItems(&scanner)
        try scanner.expectEnd()
        return try hashtags(in: bytes)
      }
    }
    return try result.get()
  }

  /// How many hashtags a post may have: each is a row of several rollups.
  static let hashtagLimit = 1000

  /// The tags whose places were found in some bytes.
  func hashtags(in message: UnsafeRawBufferPointer) throws(Rejection) -> [Hashtag] {
    switch value(.hashtags).kind {
    case .absent, .null: return []
    case .array: break
    default: throw PostField.hashtags.rejection("not an array")
    }
    guard items.allSatisfy({ $0.kind == .string }) else {
      throw PostField.hashtags.rejection("not an array of strings")
    }
    guard items.count <= Self.hashtagLimit else {
      throw PostField.hashtags.rejection("more than \(Self.hashtagLimit)")
    }
    var hashtags: [Hashtag] = []
    hashtags.reserveCapacity(items.count)
    // A post has few tags, and comparing is then cheaper than hashing; a hostile one may have many.
    var keys = items.count > 16 ? Set<ExactString>() : nil
    for item in items {
      let hashtag =
        item.hasEscapes
        ? Hashtag(message.text(of: item)) : Hashtag(utf8: message.bytes(of: item))
      guard let hashtag else { continue }
      let isNew =
        keys?.insert(hashtag.key).inserted ?? !hashtags.contains { $0.key == hashtag.key }
      if isNew { hashtags.append(hashtag) }
    }
    return hashtags
  }
}
