import Foundation
import Rendering

@testable import NamedQueries
@testable import Posts

/// What is fed with anything, and held against somebody else's reading of the same.
public enum FuzzTarget: String, CaseIterable, Sendable {
  /// Messages, held against Foundation's JSON.
  case decoder
  /// Timestamps, held against Foundation's calendar.
  case timestamp
  /// Query files: whatever they hold, a complaint names a line of them.
  case query
  /// Cells as CSV, read back by rules of RFC 4180 written anew.
  case csv

  /// What is wrong with what the program makes of some bytes; nil if nothing.
  public func fault(in bytes: [UInt8]) -> String? {
    switch self {
    case .decoder:
      var decoder = PostDecoder()
      let result = bytes.withUnsafeBytes { buffer in
        Result { () throws(Rejection) in try decoder.decode(buffer) }
      }
      return DecoderJudge().agrees(result, on: bytes) ? nil : "\(result)"
    case .timestamp: return TimestampJudge.fault(in: bytes)
    case .query: return QueryJudge.fault(in: bytes)
    case .csv: return CSVJudge.fault(in: bytes)
    }
  }

  /// Inputs to begin with.
  public var seeds: [[UInt8]] {
    let texts =
      switch self {
      case .decoder: [Self.message, "{}", "[]", "null", ""]
      case .timestamp:
        [
          "2026-11-25T00:34:05.246590+01:00", "2024-02-29 23:59:59Z", "0001-01-01T00:00:00",
          "9999-12-31T23:59:59.999999999-1800", "2026-11-25T24:00:00", "1900-02-29T00:00:00,5",
        ]
      case .query:
        [
          """
          -- title: Busy users
          -- help: Users with at least so many posts.
          -- param: min-posts integer 1..1000 = 10 | how many posts a user needs
          -- param: sort choice a,b = a | how
          -- bucket: hour
          -- column: username text
          -- column: posts count
          -- chart: bar x=username y=posts
          SELECT username, SUM(posts) AS posts FROM account_facts
          WHERE 'x;--' <> "y" /* no */ GROUP BY username HAVING SUM(posts) >= :min_posts
          """
        ]
      case .csv:
        ["a,b\u{1}\"c\"\u{1}\n\u{1}\r\n\u{1}=1+1\u{1}\u{1}NULL\u{1} x \u{1}é😀\u{1}\u{202E}"]
      }
    return texts.map { Array($0.utf8) }
  }

  private static let message = """
    {"post_id": "p1", "user_id": "USER_1", "username": "é😀\\u00e9\\ud83d\\ude00\\n", \
    "platform": "Twitter", "post_type": "tweet", "content_type": "text", "topic": "Food", \
    "hashtags": ["#AI", "ai", "#Zähler"], "sentiment": "Positive", "location": null, "likes": 12.0, \
    "shares": 1e2, "comments": 0, "views": null, "engagement_rate": 2.675, "followers": 1000000000000, \
    "is_verified": true, "is_influencer": false, "is_viral": false, \
    "timestamp": "2026-11-25T00:34:05.246590", "language": "en", "x": [{"a": [1.5e3, null]}, [], {}]}
    """
}
