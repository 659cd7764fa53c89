import Testing

@testable import NamedQueries

@Suite struct ParameterTests {
  struct Case: CustomTestStringConvertible {
    let kind: Parameter.Kind
    let text: String
    let value: Cell?
    var testDescription: String { "\(kind) \(text)" }

    init(_ kind: Parameter.Kind, _ text: String, _ value: Cell?) {
      self.kind = kind
      self.text = text
      self.value = value
    }
  }

  static let cases = [
    Case(.integer(1...100), "1", .integer(1)),
    Case(.integer(1...100), "100", .integer(100)),
    Case(.integer(1...100), "0", nil),
    Case(.integer(1...100), "101", nil),
    Case(.integer(1...100), "", nil),
    Case(.integer(1...100), " 5", nil),
    Case(.integer(1...100), "5.0", nil),
    Case(.integer(1...100), "five", nil),
    Case(.integer(-5...5), "-5", .integer(-5)),
    Case(.integer(1...Int64.max), "9223372036854775807", .integer(.max)),
    Case(.integer(1...Int64.max), "9223372036854775808", nil),
    Case(.number(0...1), "0.25", .real(0.25)),
    Case(.number(0...1), "1", .real(1)),
    Case(.number(0...1), "1.0001", nil),
    Case(.number(0...1), "nan", nil),
    Case(.number(0...Double.greatestFiniteMagnitude), "inf", nil),
    Case(.number(0...1), "0,5", nil),
    Case(.text, "a b", .text("a b")),
    Case(.text, "5", .text("5")),
    Case(.text, "", nil),
    Case(.choice(["likes", "shares"]), "shares", .text("shares")),
    Case(.choice(["likes", "shares"]), "Shares", nil),
    Case(.choice(["likes", "shares"]), "", nil),
    Case(.hashtag, "#Travel", .text("#travel")),
    Case(.hashtag, " ＡＩ ", .text("#ai")),
    Case(.hashtag, "#", nil),
  ]

  @Test(arguments: cases)
  func aTextStandsForAValue(_ example: Case) throws {
    let parameter = Parameter(
      name: "min-posts", kind: example.kind, defaultValue: nil, help: "what", line: 1)
    if let value = example.value {
      #expect(try parameter.value(from: example.text) == value)
    } else {
      let error = #expect(throws: QueryError.self) { try parameter.value(from: example.text) }
      #expect(error?.code == .usage)
      #expect(error?.message.hasPrefix("--min-posts '\(example.text)' is not ") == true)
      #expect(error?.message.hasSuffix(parameter.forms) == true)
    }
  }

  @Test func itsFormsAreSaid() {
    func forms(_ kind: Parameter.Kind) -> String {
      Parameter(name: "n", kind: kind, defaultValue: nil, help: "", line: 1).forms
    }
    #expect(forms(.integer(1...10)) == "a whole number from 1 to 10")
    #expect(forms(.integer(1...Int64.max)) == "a whole number from 1")
    #expect(forms(.number(0...1)) == "a number from 0.0 to 1.0")
    #expect(forms(.number(0.5...Double.greatestFiniteMagnitude)) == "a number from 0.5")
    #expect(forms(.text) == "a text")
    #expect(forms(.choice(["a", "b"])) == "a, b")
    #expect(forms(.hashtag) == "a hashtag")
  }
}
