import Foundation
import NIOCore

/// JSON that the server itself makes.
enum JSONBytes {
  /// A value as JSON, its keys in order, so that equal values have equal bytes.
  static func of(_ value: some Encodable) -> ByteBuffer {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    // Only a number that is not finite could fail, and no value here can hold one.
    let data = (try? encoder.encode(value)) ?? Data("{}".utf8)
    return ByteBuffer(bytes: data)
  }
}
