import Foundation

@testable import Posts

/// Holds what the decoder makes of a message against Foundation's `JSONSerialization`.
///
/// The two differ, by Foundation 6.3, in these points only:
/// - Foundation passes over a UTF-8 byte order mark before the text, and drops one that begins a
///   string or a key; the decoder refuses the first and keeps the second.
/// - Foundation takes text with a NUL among its first four bytes for UTF-16 or UTF-32.
/// - Foundation allows a comma after the last member or item; the decoder does not.
/// - Foundation refuses a number that is too large for a `Double`; the decoder reads any number.
/// - Foundation takes keys that are canonically equivalent for one; the decoder compares bytes, but
///   all keys it knows are ASCII.
///
/// Both refuse half a surrogate pair, text after the value, even a NUL, and nesting beyond 512; in
/// both the last of a key given twice stands.
struct DecoderJudge {
  func agrees(_ result: Result<Post, Rejection>, on message: [UInt8]) -> Bool {
    let value = try? JSONSerialization.jsonObject(with: Data(message), options: .fragmentsAllowed)
    let object = value as? [String: Any]
    if case .failure(let rejection) = result, rejection.field == "JSON" {
      return rejection.problem == "not an object"
        ? object == nil && (value != nil || hasHugeNumber(message))
        : value == nil || isLeniency(message, rejection)
    }
    guard let object else { return hasHugeNumber(message) }
    if hasByteOrderMark(message) { return true }
    return switch result {
    case .success(let post): agrees(post, with: object)
    case .failure(let rejection): agrees(rejection, with: object, of: message)
    }
  }

  private func hasByteOrderMark(_ message: [UInt8]) -> Bool {
    message.indices.dropLast(2).contains { message[$0..<$0 + 3].elementsEqual([0xEF, 0xBB, 0xBF]) }
  }

  /// Whether Foundation may accept what the decoder refuses.
  private func isLeniency(_ message: [UInt8], _ rejection: Rejection) -> Bool {
    if message.starts(with: [0xEF, 0xBB, 0xBF]) || message.prefix(4).contains(0) { return true }
    guard rejection.problem == "unexpected character", let offset = rejection.offset,
      message[offset] == ASCII.closeBrace || message[offset] == ASCII.closeBracket
    else { return false }
    return message[..<offset].last { ![0x20, 0x09, 0x0A, 0x0D].contains($0) } == ASCII.comma
  }

  /// Whether Foundation may refuse what the decoder accepts.
  private func hasHugeNumber(_ message: [UInt8]) -> Bool {
    String(decoding: message, as: UTF8.self).contains(/[0-9][eE]\+?[0-9]{3,}/)
  }

  private func agrees(_ post: Post, with object: [String: Any]) -> Bool {
    func text(_ key: String) -> ExactString? { (object[key] as? String).map { ExactString($0) } }
    func number(_ key: String) -> Double? { (object[key] as? NSNumber)?.doubleValue }
    func flag(_ key: String) -> Bool? { object[key] as? Bool }
    let texts: [(ExactString, String)] = [
      (post.postID, "post_id"), (post.userID, "user_id"), (post.username, "username"),
      (post.platform, "platform"), (post.postType, "post_type"),
      (post.contentType, "content_type"), (post.topic, "topic"), (post.language, "language"),
    ]
    let counts: [(Int64, String)] = [
      (post.likes, "likes"), (post.shares, "shares"), (post.comments, "comments"),
      (post.followers, "followers"),
    ]
    let location = text("location").flatMap { $0 == "" ? nil : $0 }
    var tags: [ExactString] = []
    for case let tag as String in object["hashtags"] as? [Any] ?? [] {
      if let key = Hashtag(tag)?.key, !tags.contains(key) { tags.append(key) }
    }
    guard let rate = number("engagement_rate"), let time = object["timestamp"] as? String else {
      return false
    }
    return texts.allSatisfy { $0 == text($1) }
      && counts.allSatisfy { Double($0) == number($1) }
      && post.views.map(Double.init) == number("views")
      && abs(rate * 100 - Double(post.engagementRate.hundredths)) < 0.5001
      && post.sentiment.rawValue == text("sentiment")?.string.lowercased()
      && post.location == location && post.hashtags.map(\.key) == tags
      && post.isVerified == flag("is_verified") && post.isInfluencer == flag("is_influencer")
      && post.isViral == flag("is_viral")
      && (time.utf8.count != 26 || !time.contains(".") || time.hasSuffix("Z")
        || time.dropFirst(19).contains { "+-".contains($0) }
        || post.timestamp.withoutZone().replacing("T", with: " ")
          == time.replacing("T", with: " ").replacing(",", with: "."))
  }

  /// Whether the field is at fault by Foundation's values too.
  private func agrees(
    _ rejection: Rejection, with object: [String: Any], of message: [UInt8]
  ) -> Bool {
    let value = object[rejection.field]
    let number = (value as? NSNumber)?.doubleValue
    switch rejection.problem {
    case "missing": return value == nil
    case "missing or not a string": return (value as? String ?? "").isEmpty
    case "missing or not a boolean": return !(value is Bool) || value is NSNumber
    case "not a number": return !(value is NSNumber) || value is Bool
    case "not a whole number":
      return number.map { $0 != $0.rounded() || hasFraction(rejection.field, in: message) } ?? false
    case "out of range": return number.map { $0 < 0 || $0 > 1e9 } ?? false
    case "not a string": return value != nil && !(value is String)
    case "not an array": return value != nil && !(value is [Any])
    case "not an array of strings": return !(value is [String])
    case "more than 1000": return (value as? [Any])?.count ?? 0 > 1000
    case "longer than 200 bytes": return (value as? String ?? "").utf8.count > 200
    case "not positive, neutral or negative":
      return Sentiment(rawValue: (value as? String ?? "").lowercased()) == nil
    case "not ISO 8601", "no such date or time", "no such offset": return value is String
    default: return false
    }
  }

  /// Whether a number of a field has a fraction by its digits, of which a `Double` may have dropped it.
  private func hasFraction(_ field: String, in message: [UInt8]) -> Bool {
    let number = /"([a-z_]+)"\s*:\s*-?([0-9]+)(?:\.([0-9]+))?(?:[eE]([+-]?[0-9]+))?/
      .matchingSemantics(.unicodeScalar)
    return String(decoding: message, as: UTF8.self).matches(of: number).contains { match in
      guard match.1 == field else { return false }
      let digits = match.2 + (match.3 ?? "")
      guard let last = digits.lastIndex(where: { $0 != "0" }) else { return false }
      let zeros = digits.distance(from: last, to: digits.endIndex) - 1
      let power = match.4.map { Int($0) ?? ($0.hasPrefix("-") ? -1_000_000 : 1_000_000) } ?? 0
      return power + zeros < match.3?.count ?? 0
    }
  }
}
