import Testing

@testable import Posts

@Suite struct NumberTests {
  @Test(arguments: [
    ("0", 0), ("-0", 0), ("-0.0e5", 0), ("0e999999999999", 0), ("0.000e-99999999999999999999", 0),
    ("12", 12), ("12.0", 12), ("1.20e1", 12), ("120e-1", 12), ("0.0012E+4", 12), ("1e3", 1000),
    ("100.000", 100), ("1e0", 1), ("1000000000000", 1_000_000_000_000),
    ("1e12", 1_000_000_000_000), ("1000000000000.0", 1_000_000_000_000),
    ("10000000000000e-1", 1_000_000_000_000), ("0.000001e18", 1_000_000_000_000),
    ("999999999999", 999_999_999_999), ("10.01e2", 1001),
  ])
  func wholeNumbers(text: String, count: Int64) throws {
    for field in ["likes", "shares", "comments", "followers", "views"] {
      let post = try decode(Message().with(field, text)).get()
      let counts = [
        "likes": post.likes, "shares": post.shares, "comments": post.comments,
        "followers": post.followers, "views": post.views,
      ]
      #expect(counts[field] == count)
    }
  }

  @Test(arguments: [
    ("12.5", "not a whole number"), ("-12.5", "not a whole number"), ("1e-1", "not a whole number"),
    ("1e-400", "not a whole number"), ("1e-99999999999999999999999", "not a whole number"),
    ("1000000000000.5", "not a whole number"), ("0.1", "not a whole number"),
    ("12345.67e1", "not a whole number"), ("1039999999999999999999999.3", "not a whole number"),
    ("-1", "out of range"), ("-1.0", "out of range"),
    ("1000000000001", "out of range"), ("1e13", "out of range"), ("1e400", "out of range"),
    ("9223372036854775808", "out of range"), ("1e99999999999999999999999", "out of range"),
    ("18446744073709551617", "out of range"), ("true", "not a number"), ("\"12\"", "not a number"),
    ("[]", "not a number"), ("{}", "not a number"),
  ])
  func noCounts(text: String, problem: String) {
    for field in ["likes", "shares", "comments", "followers", "views"] {
      #expect(decode(Message().with(field, text)).problem == "\(field): \(problem)")
    }
  }

  @Test func countsAreNeededButViews() throws {
    for field in ["likes", "shares", "comments", "followers"] {
      #expect(decode(Message().without(field)).problem == "\(field): missing")
      #expect(decode(Message().with(field, "null")).problem == "\(field): not a number")
    }
    #expect(try decode(Message().without("views")).get().views == nil)
    #expect(try decode(Message().with("views", "null")).get().views == nil)
  }

  @Test(arguments: [
    ("0", 0), ("-0", 0), ("-0.00", 0), ("0.1", 10), ("6.23", 623), ("5.0", 500), ("7", 700),
    ("2.675", 268), ("2.6749999999999999999999999999999999999999", 267), ("0.005", 1),
    ("0.00499999999999999999", 0), ("0.0050000000000000001", 1), ("0.015", 2), ("0.995", 100),
    ("0.05", 5), ("0.01", 1), ("0.001", 0), ("0.009", 1), ("0.0009", 0), ("9e-4", 0),
    ("5e-3", 1), ("49e-4", 0), ("1e-400", 0), ("1e-99999999999999999999999", 0),
    ("1600000", 160_000_000), ("1e9", 100_000_000_000), ("1000000000.000", 100_000_000_000),
    ("999999999.995", 100_000_000_000), ("999999999.994", 99_999_999_999), ("12.345e1", 12345),
  ])
  func rates(text: String, hundredths: Int64) throws {
    let post = try decode(Message().with("engagement_rate", text)).get()
    #expect(post.engagementRate.hundredths == hundredths)
  }

  @Test(arguments: [
    ("-1", "out of range"), ("-0.0001", "out of range"), ("1000000000.0000000001", "out of range"),
    ("1000000001", "out of range"), ("1e10", "out of range"), ("1e400", "out of range"),
    ("9e99999999999999999999", "out of range"), ("null", "not a number"), ("true", "not a number"),
    ("\"1\"", "not a number"), ("[1]", "not a number"),
  ])
  func noRates(text: String, problem: String) {
    let result = decode(Message().with("engagement_rate", text))
    #expect(result.problem == "engagement_rate: \(problem)")
  }

  @Test func rateIsNeeded() {
    #expect(decode(Message().without("engagement_rate")).problem == "engagement_rate: missing")
  }

  @Test(arguments: [
    "NaN", "Infinity", "-Infinity", "nan", "01", "-01", "00", "1.", ".5", "+1", "-", "1e", "1e+",
    "1.e5", "0x10", "1_000", "1,5", "--1", "1e1.5", "١",
  ])
  func noNumbers(text: String) {
    for key in ["likes", "engagement_rate", "unknown"] {
      let result = decode(Message().without(key).adding(key, text))
      #expect(result.problem?.hasPrefix("JSON: ") == true, "\(key) \(text)")
    }
  }

  @Test func tenThousandDigits() throws {
    let zeros = String(repeating: "0", count: 10_000)
    let nines = String(repeating: "9", count: 10_000)
    func likes(_ text: String) -> Result<Post, Rejection> { decode(Message().with("likes", text)) }
    #expect(try likes("42.\(zeros)").get().likes == 42)
    #expect(try likes("42\(zeros)e-10000").get().likes == 42)
    #expect(try likes("0.\(zeros)42e10002").get().likes == 42)
    #expect(likes("42.\(zeros)1").problem == "likes: not a whole number")
    #expect(likes(nines).problem == "likes: out of range")
    #expect(likes("1e\(nines)").problem == "likes: out of range")
    #expect(likes("1e-\(nines)").problem == "likes: not a whole number")
    #expect(try likes("1e\(zeros)1").get().likes == 10)
    let rate = try decode(Message().with("engagement_rate", "1.\(nines)")).get().engagementRate
    #expect(rate.hundredths == 200)
  }

  /// Numbers made of a known integer and a known rest, in many notations.
  @Test func everyNotationMeansTheSame() throws {
    var random = SeededGenerator(seed: 21)
    for _ in 0..<5_000 {
      let exact = Int64.random(
        in: 0...random.pick([9, 999, 99_999_999, 100_000_000_000]), using: &random)
      let rest = random.pick(["", "0", "4", "49", "4999", "5", "50", "51", "99", "05"])
      // The digits stand for units of 0.01, so the point belongs before their last two.
      let hundredths = exact + (rest.first.map { $0 >= "5" } == true ? 1 : 0)
      let digits = String(exact) + rest
      let scale = -2 - rest.count
      let shift = Int.random(in: -30...30, using: &random)
      let text = notation(of: digits, exponent: scale, shift: shift)
      let inRange = hundredths < 100_000_000_000
      if inRange {
        let post = try decode(Message().with("engagement_rate", text)).get()
        #expect(post.engagementRate.hundredths == hundredths, "\(text)")
      }
      let whole = notation(of: String(exact), exponent: 0, shift: shift)
      #expect(try decode(Message().with("likes", whole)).get().likes == exact, "\(whole)")
    }
  }

  /// `digits × 10^exponent`, with the point moved and the exponent making up for it.
  private func notation(of digits: String, exponent: Int, shift: Int) -> String {
    let exponent = exponent - shift
    let suffix = exponent == 0 ? "" : exponent % 2 == 0 ? "e\(exponent)" : "E\(exponent)"
    if shift >= 0 {
      // digits × 10^shift, written out.
      let integer = digits + String(repeating: "0", count: shift)
      let trimmed = integer.drop { $0 == "0" }
      return (trimmed.isEmpty ? "0" : String(trimmed)) + suffix
    }
    let padded = String(repeating: "0", count: max(0, 1 - shift - digits.count)) + digits
    let integer = padded.dropLast(-shift).drop { $0 == "0" }
    return (integer.isEmpty ? "0" : String(integer)) + "." + padded.suffix(-shift) + suffix
  }
}
