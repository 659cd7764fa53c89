import Foundation
import Posts

extension Message {
  /// Replaces the contents of a buffer by the value.
  ///
  /// - Returns: Whether there is a value; a tombstone has none.
  public func encodeValue(into buffer: inout [UInt8]) -> Bool {
    buffer.removeAll(keepingCapacity: true)
    switch content {
    case .post(let post): PostEncoder().encode(post, into: &buffer)
    case .malformed(let bytes): buffer.append(contentsOf: bytes)
    case .tombstone: return false
    }
    return true
  }

  /// Appends one line of JSON, newline included, that holds the whole message.
  ///
  ///     {"key":"30eb4d2e-a08","value":"{\"post_id\": …}","ts_ms":1795564800000}
  ///
  /// The value is null for a tombstone, and `value_b64`, in Base64, if it is not ASCII.
  public func appendEnvelope(to output: inout [UInt8]) {
    output.append(contentsOf: "{\"key\":".utf8)
    if let key {
      output.appendQuoted(key.string.utf8)
    } else {
      output.append(contentsOf: "null".utf8)
    }
    var value: [UInt8] = []
    if !encodeValue(into: &value) {
      output.append(contentsOf: ",\"value\":null".utf8)
    } else if value.allSatisfy({ 0x20..<0x7F ~= $0 }) {
      output.append(contentsOf: ",\"value\":".utf8)
      output.appendQuoted(value)
    } else {
      let text = Data(value).base64EncodedString()
      output.append(contentsOf: ",\"value_b64\":\"\(text)\"".utf8)
    }
    output.append(contentsOf: ",\"ts_ms\":\(recordTime)}\n".utf8)
  }
}

extension [UInt8] {
  /// Appends text without control characters as a JSON string.
  fileprivate mutating func appendQuoted(_ text: some Sequence<UInt8>) {
    append(UInt8(ascii: "\""))
    for byte in text {
      if byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") { append(UInt8(ascii: "\\")) }
      append(byte)
    }
    append(UInt8(ascii: "\""))
  }
}
