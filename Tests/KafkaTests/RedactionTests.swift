import Testing

@testable import Kafka

/// Texts of others that repeat what is secret.
@Suite struct RedactionTests {
  @Test(arguments: [
    ("is hunter2secret!", "is (hidden)!"), ("hunter2secret", "(hidden)"),
    ("beginning at: nter2sec", "beginning at: (hidden)"),
    ("hunter2secrethunter2secret", "(hidden)"), ("hunte r2sec", "hunte r2sec"),
    ("", ""), ("pin abc.", "pin (hidden)."), ("ab", "ab"), ("naïve pässwörd", "naïve (hidden)"),
  ])
  func whatATextHasInCommonWithASecretIsHidden(_ text: String, _ shown: String) {
    let redaction = Redaction(secrets: ["hunter2secret", "abc", "pässwörd", "", "a"])
    #expect(redaction.hidingSecrets(in: text) == shown)
  }

  @Test func withoutSecretsNothingIsHidden() {
    #expect(Redaction(secrets: []).hidingSecrets(in: "anything") == "anything")
  }
}
