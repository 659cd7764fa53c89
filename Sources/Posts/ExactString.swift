/// Text that is compared, ordered and hashed by its UTF-8 bytes.
///
/// `String` compares by canonical equivalence: a composed and a decomposed "é" are equal to it, but
/// they are two different names in a message, in SQLite and in a Python dictionary. Every text of a
/// post is therefore an `ExactString`.
public struct ExactString: Sendable {
  /// The text itself, in native UTF-8 storage.
  public let string: String

  /// Wraps a text as it is.
  public init(_ string: String) {
    var native = string
    native.makeContiguousUTF8()
    self.string = native
  }
}

extension ExactString: Hashable, Comparable {
  public static func == (a: ExactString, b: ExactString) -> Bool {
    a.string.utf8.count == b.string.utf8.count && a.string.utf8.elementsEqual(b.string.utf8)
  }

  public static func < (a: ExactString, b: ExactString) -> Bool {
    a.string.utf8.lexicographicallyPrecedes(b.string.utf8)
  }

  public func hash(into hasher: inout Hasher) {
    var copy = string
    copy.withUTF8 { hasher.combine(bytes: UnsafeRawBufferPointer($0)) }
  }
}

extension ExactString: ExpressibleByStringLiteral, CustomStringConvertible {
  public init(stringLiteral value: String) { self.init(value) }
  public var description: String { string }
}
