import Posts

/// The kinds of message that are no post.
enum MalformedKind: CaseIterable {
  case cutJSON, missingField, wrongType, notUTF8, empty, tombstoneWithoutKey

  /// A message of the kind, made from a post that is otherwise right.
  func message(
    from post: Post, recordTime: Int64, _ random: inout SplitMix64
  ) -> Message {
    if self == .tombstoneWithoutKey {
      return Message(key: nil, content: .tombstone, recordTime: recordTime)
    }
    return Message(
      key: post.postID, content: .malformed(value(from: post, &random)), recordTime: recordTime)
  }

  private func value(from post: Post, _ random: inout SplitMix64) -> [UInt8] {
    guard self != .empty else { return [] }
    var value: [UInt8] = []
    PostEncoder().encode(post, into: &value)
    switch self {
    case .cutJSON:
      // An object ends with its last byte, so that no part of it from the front is one.
      value.removeLast(random.within(1...(value.count - 1)))
    case .missingField:
      if let range = value.field(random.pick(MalformedKind.requiredFields)) {
        // With the comma and the space that follow it.
        value.removeSubrange(range.lowerBound..<min(range.upperBound + 2, value.count))
      }
    case .wrongType:
      let name = random.pick(MalformedKind.requiredFields)
      if let range = value.field(name) {
        value.replaceSubrange(range, with: "\"\(name)\": \"several\"".utf8)
      }
    case .notUTF8:
      value[random.below(value.count)] = 0xFF
    case .empty, .tombstoneWithoutKey:
      break
    }
    return value
  }

  /// Fields that must be there, that are no texts, and that are not the last.
  private static let requiredFields = [
    "likes", "shares", "comments", "engagement_rate", "followers", "is_verified", "is_influencer",
    "is_viral",
  ]
}

extension [UInt8] {
  /// Where a field stands, from the quote before its name up to the comma after its value.
  ///
  /// Only for values without a comma; a name with its quotes occurs nowhere else in a message, since
  /// quotes within a text are escaped.
  fileprivate func field(_ name: String) -> Range<Int>? {
    let quoted = Array("\"\(name)\":".utf8)
    guard
      let start = indices.first(where: { self[$0...].starts(with: quoted) }),
      let end = self[start...].firstIndex(of: UInt8(ascii: ","))
    else { return nil }
    return start..<end
  }
}
