/// The names that Kafka takes for topics.
public enum TopicName {
  /// Whether a text can name a topic: 1 to 249 ASCII letters, digits, `.`, `_` and `-`, but not `.` or
  /// `..`. What begins with `^` would be a pattern to librdkafka, and subscribe to every topic like it.
  public static func isValid(_ text: some StringProtocol) -> Bool {
    let allowed = text.utf8.allSatisfy { byte in
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: "_"),
        UInt8(ascii: "-"):
        true
      default: false
      }
    }
    return allowed && (1...249).contains(text.utf8.count) && text != "." && text != ".."
  }

  /// Why a text cannot name a topic, for the user.
  public static func explanation(of text: String) -> String {
    "'\(text)' cannot be a topic: a name is 1 to 249 letters, digits, '.', '_' and '-'"
  }
}
