/// Turns the value of a message into a `Post`, or says why it is none.
///
/// A first pass holds the whole text to the JSON grammar and notes where the value of each field
/// is, so that of a key given twice the last counts, whatever the first was. A second pass reads
/// the fields, always in the same order: of several problems it is the first in that order which is
/// reported.
///
/// A decoder keeps working memory between messages; use one for each thread that decodes.
public struct PostDecoder: Sendable {
  /// The largest count, 10¹², so that no sum of counts passes 2⁶³.
  public static let countLimit: Int64 = 1_000_000_000_000
  /// The highest engagement rate, 10⁹ percent.
  public static let rateLimit: Int64 = 1_000_000_000
  /// The longest `post_id`, in bytes.
  public static let postIDLimit = 200

  private let index = PostFieldIndex()
  /// The last value given for each field, by the raw value of the field.
  var values: [JSONValue]
  /// The items of the last value given for the hashtags, if it is an array.
  var items: [JSONValue] = []

  /// A decoder that has seen nothing.
  public init() {
    values = Array(repeating: .absent, count: PostField.allCases.count)
  }

  /// Reads one message.
  ///
  /// - Parameter value: The bytes of the message's value; not kept.
  /// - Throws: The first problem found, which no later attempt with the same bytes would cure.
  public mutating func decode(_ value: UnsafeRawBufferPointer) throws(Rejection) -> Post {
    try scan(value)
    return try post(from: value)
  }

  // MARK: Where the values are

  /// Forgets the message before.
  mutating func forget() {
    for field in values.indices { values[field] = .absent }
    items.removeAll(keepingCapacity: true)
  }

  private mutating func scan(_ message: UnsafeRawBufferPointer) throws(Rejection) {
    forget()
    var scanner = JSONScanner(message)
    scanner.skipWhitespace()
    guard try scanner.peek() == ASCII.openBrace else {
      _ = try scanner.value(depth: 0)
      try scanner.expectEnd()
      throw .json("not an object")
    }
    _ = scanner.skip(ASCII.openBrace)
    scanner.skipWhitespace()
    if !scanner.skip(ASCII.closeBrace) {
      try scanMembers(&scanner, of: message)
    }
    try scanner.expectEnd()
  }

  /// Goes past the members of the outermost object and its closing brace.
  private mutating func scanMembers(
    _ scanner: inout JSONScanner, of message: UnsafeRawBufferPointer
  ) throws(Rejection) {
    var expected = 0
    while true {
      if let position = try position(ofKeyAt: &scanner, in: message, expected: expected) {
        expected = position + 1
        if position == PostField.hashtags.rawValue, try scanner.peek() == ASCII.openBracket {
          values[position] = try scanItems(&scanner)
        } else {
          values[position] = try scanner.value(depth: 1)
        }
      } else {
        _ = try scanner.value(depth: 1)
      }
      scanner.skipWhitespace()
      if scanner.skip(ASCII.closeBrace) { return }
      try scanner.expect(ASCII.comma)
      scanner.skipWhitespace()
    }
  }

  /// Goes past a key and its colon.
  ///
  /// - Parameter expected: The position among the fields to try first.
  /// - Returns: The position of the key's field, nil if it is none that is read.
  @inline(__always)
  private func position(
    ofKeyAt scanner: inout JSONScanner, in message: UnsafeRawBufferPointer, expected: Int
  ) throws(Rejection) -> Int? {
    if try scanner.peek() == ASCII.quote,
      let length = index.length(ofKeyAt: scanner.offset + 1, in: message, ifOf: expected)
    {
      // The name is known to be a string without a look at its characters.
      scanner.offset += 1 + length
      try scanner.colon()
      return expected
    }
    let key = try scanner.key()
    if key.hasEscapes {
      var name = message.text(of: key)
      return name.withUTF8 { index.field(of: UnsafeRawBufferPointer($0)) }?.rawValue
    }
    return index.field(of: message.bytes(of: key))?.rawValue
  }

  /// Goes past the array of the hashtags and notes its items.
  mutating func scanItems(_ scanner: inout JSONScanner) throws(Rejection) -> JSONValue {
    items.removeAll(keepingCapacity: true)
    let start = scanner.offset
    _ = scanner.skip(ASCII.openBracket)
    scanner.skipWhitespace()
    if !scanner.skip(ASCII.closeBracket) {
      while true {
        items.append(try scanner.value(depth: 2))
        scanner.skipWhitespace()
        if scanner.skip(ASCII.closeBracket) { break }
        try scanner.expect(ASCII.comma)
        scanner.skipWhitespace()
      }
    }
    return JSONValue(kind: .array, start: start, end: scanner.offset)
  }

  // MARK: What the values are

  /// The post whose values were found in some bytes.
  func post(from message: UnsafeRawBufferPointer) throws(Rejection) -> Post {
    let postID = try text(.postID, in: message)
    guard postID.string.utf8.count <= PostDecoder.postIDLimit else {
      throw PostField.postID.rejection("longer than \(PostDecoder.postIDLimit) bytes")
    }
    let userID = try text(.userID, in: message)
    let username = try text(.username, in: message)
    let platform = try text(.platform, in: message)
    let postType = try text(.postType, in: message)
    let contentType = try text(.contentType, in: message)
    let topic = try text(.topic, in: message)
    let language = try text(.language, in: message)
    let sentiment = try sentiment(in: message)
    let location = try location(in: message)
    let likes = try count(.likes, in: message)
    let shares = try count(.shares, in: message)
    let comments = try count(.comments, in: message)
    let followers = try count(.followers, in: message)
    let views = try views(in: message)
    let engagementRate = try engagementRate(in: message)
    let isVerified = try flag(.isVerified)
    let isInfluencer = try flag(.isInfluencer)
    let isViral = try flag(.isViral)
    let hashtags = try hashtags(in: message)
    let timestamp = try timestamp(in: message)
    return Post(
      postID: postID, userID: userID, username: username, platform: platform, postType: postType,
      contentType: contentType, topic: topic, hashtags: hashtags, sentiment: sentiment,
      location: location, likes: likes, shares: shares, comments: comments, views: views,
      engagementRate: engagementRate, followers: followers, isVerified: isVerified,
      isInfluencer: isInfluencer, isViral: isViral, timestamp: timestamp, language: language)
  }

  @inline(__always)
  func value(_ field: PostField) -> JSONValue { values[field.rawValue] }

  private func text(
    _ field: PostField, in message: UnsafeRawBufferPointer
  ) throws(Rejection) -> ExactString {
    let value = value(field)
    guard value.kind == .string, value.start < value.end else {
      throw field.rejection("missing or not a string")
    }
    return ExactString(message.text(of: value))
  }

  private func sentiment(in message: UnsafeRawBufferPointer) throws(Rejection) -> Sentiment {
    let value = value(.sentiment)
    if value.kind == .string {
      if value.hasEscapes {
        var text = message.text(of: value)
        let sentiment = text.withUTF8 { Sentiment(anyCase: UnsafeRawBufferPointer($0)) }
        if let sentiment { return sentiment }
      } else if let sentiment = Sentiment(anyCase: message.bytes(of: value)) {
        return sentiment
      }
    }
    throw PostField.sentiment.rejection("not positive, neutral or negative")
  }

  private func location(in message: UnsafeRawBufferPointer) throws(Rejection) -> ExactString? {
    let value = value(.location)
    switch value.kind {
    case .absent, .null: return nil
    case .string: return value.start < value.end ? ExactString(message.text(of: value)) : nil
    default: throw PostField.location.rejection("not a string")
    }
  }

  private func count(
    _ field: PostField, in message: UnsafeRawBufferPointer
  ) throws(Rejection) -> Int64 {
    let value = value(field)
    guard value.kind == .number else {
      throw field.rejection(value.kind == .absent ? "missing" : "not a number")
    }
    let text = message.bytes(of: value)
    if let count = JSONNumber.fewDigits(text), count <= PostDecoder.countLimit { return count }
    switch JSONNumber(text).count(limit: PostDecoder.countLimit) {
    case .success(let count): return count
    case .failure(.notWhole): throw field.rejection("not a whole number")
    case .failure(.outOfRange): throw field.rejection("out of range")
    }
  }

  private func views(in message: UnsafeRawBufferPointer) throws(Rejection) -> Int64? {
    switch value(.views).kind {
    case .absent, .null: nil
    default: try count(.views, in: message)
    }
  }

  private func engagementRate(
    in message: UnsafeRawBufferPointer
  ) throws(Rejection) -> EngagementRate {
    let value = value(.engagementRate)
    guard value.kind == .number else {
      throw PostField.engagementRate.rejection(value.kind == .absent ? "missing" : "not a number")
    }
    let number = JSONNumber(message.bytes(of: value))
    guard let hundredths = number.hundredths(limit: PostDecoder.rateLimit) else {
      throw PostField.engagementRate.rejection("out of range")
    }
    return EngagementRate(hundredths: hundredths)
  }

  private func flag(_ field: PostField) throws(Rejection) -> Bool {
    switch value(field).kind {
    case .true: return true
    case .false: return false
    default: throw field.rejection("missing or not a boolean")
    }
  }

  private func timestamp(in message: UnsafeRawBufferPointer) throws(Rejection) -> Timestamp {
    let value = value(.timestamp)
    guard value.kind == .string else {
      throw PostField.timestamp.rejection("missing or not a string")
    }
    if value.hasEscapes { return try Timestamp(iso8601: message.text(of: value)) }
    return try Timestamp(parsing: message.bytes(of: value))
  }
}

extension Sentiment {
  /// The sentiment of a name in any letter case.
  init?(anyCase name: UnsafeRawBufferPointer) {
    // Only the letters of A–Z have a lower case in a–z that a name consists of.
    func matches(_ word: StaticString) -> Bool {
      name.count == word.utf8CodeUnitCount
        && name.indices.allSatisfy { name[$0] | 0x20 == word.utf8Start[$0] }
    }
    if matches("positive") {
      self = .positive
    } else if matches("neutral") {
      self = .neutral
    } else if matches("negative") {
      self = .negative
    } else {
      return nil
    }
  }
}
