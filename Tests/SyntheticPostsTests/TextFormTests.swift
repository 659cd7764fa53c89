import Foundation
import Posts
import Testing

@testable import SyntheticPosts

@Suite struct TextFormTests {
  @Test(
    arguments: [
      ("2", 2, 1_000_000), ("2/s", 2, 1_000_000), ("200000/s", 200_000, 1_000_000),
      ("30/min", 30, 60_000_000), ("5/h", 5, 3_600_000_000),
    ] as [(String, UInt64, UInt64)])
  func aPaceIsWrittenAsANumberForATime(text: String, posts: UInt64, microseconds: UInt64) {
    #expect(Pace(text) == Pace(posts: posts, per: microseconds))
  }

  @Test(arguments: [
    "", "0", "/s", "2/", "2/d", "2/s/s", "-2/s", "+2", "1.5/s", "1e3/s", " 2/s", "٢/s",
    "1000000001/s", "99999999999999999999",
  ])
  func otherPacesAreNone(text: String) {
    #expect(Pace(text) == nil)
  }

  @Test(
    arguments: [
      ("500ms", 500_000), ("10s", 10_000_000), ("15m", 900_000_000), ("12h", 43_200_000_000),
      ("30d", 2_592_000_000_000), ("4w", 2_419_200_000_000), ("36500d", TimeSpan.longest),
      ("30", 30_000_000),
    ] as [(String, Int64)])
  func aSpanIsWrittenWithItsUnit(text: String, microseconds: Int64) {
    let span = TimeSpan(text)
    #expect(span?.microseconds == microseconds)
    #expect(span.flatMap { TimeSpan($0.description) } == span)
  }

  @Test(arguments: [
    "", "0d", "0", "d", "30 s", "30 d", "-1d", "1.5h", "1y", "1D", "36501d", "9223372036854775807w",
    "99999999999999999999s",
  ])
  func otherSpansAreNone(text: String) {
    #expect(TimeSpan(text) == nil)
  }

  @Test func anEnvelopeHoldsTheWholeMessage() throws {
    let sample = messages(seed: 1, posts: 300, faults: FaultRates(deletes: 0.3, malformed: 1))
    for message in sample {
      var line: [UInt8] = []
      message.appendEnvelope(to: &line)
      #expect(line.last == UInt8(ascii: "\n"))
      #expect(line.starts(with: "{\"key\"".utf8))
      let parsed = try JSONSerialization.jsonObject(with: Data(line))
      let object = try #require(parsed as? [String: Any])
      #expect(object["key"] as? String == message.key?.string)
      #expect(object["ts_ms"] as? Int64 == message.recordTime)
      if let text = object["value_b64"] as? String {
        #expect(Data(base64Encoded: text).map(Array.init) == message.value)
      } else {
        #expect((object["value"] as? String).map { Array($0.utf8) } == message.value)
      }
    }
  }
}
