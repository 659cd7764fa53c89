/// Takes secrets out of texts of others: librdkafka and brokers say what they were given, whole or in part.
struct Redaction: Sendable {
  /// Shorter stretches of a secret are in many words.
  private static let shortest = 6
  /// Secrets shorter than this cannot be told from other text.
  private static let least = 3

  /// All stretches of the secrets that are not to be shown, by their length.
  private let stretches: [Int: Set<[UInt8]>]

  init(secrets: some Sequence<String>) {
    var stretches: [Int: Set<[UInt8]>] = [:]
    for secret in secrets {
      let bytes = Array(secret.utf8)
      guard bytes.count >= Self.least else { continue }
      let length = min(bytes.count, Self.shortest)
      for start in 0...(bytes.count - length) {
        stretches[length, default: []].insert(Array(bytes[start..<start + length]))
      }
    }
    self.stretches = stretches
  }

  /// The text with every stretch that it has in common with a secret replaced.
  func hidingSecrets(in text: String) -> String {
    guard !stretches.isEmpty else { return text }
    let bytes = Array(text.utf8)
    var isHidden = [Bool](repeating: false, count: bytes.count)
    for (length, known) in stretches where bytes.count >= length {
      for start in 0...(bytes.count - length)
      where known.contains(Array(bytes[start..<start + length])) {
        for index in start..<start + length { isHidden[index] = true }
      }
    }
    guard isHidden.contains(true) else { return text }
    var shown: [UInt8] = []
    for (index, byte) in bytes.enumerated() {
      if !isHidden[index] {
        shown.append(byte)
      } else if index == 0 || !isHidden[index - 1] {
        shown += Array(KafkaConfiguration.hidden.utf8)
      }
    }
    return String(decoding: shown, as: UTF8.self)
  }
}
