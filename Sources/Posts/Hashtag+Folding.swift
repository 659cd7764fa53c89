import Foundation

// The rules are those of Python's `str.strip`, `unicodedata.normalize("NFKC", …)` and `str.lower`,
// since that is how tags were told apart before; the versions of Unicode may differ.

extension Hashtag {
  /// The tag that a text of a message means, or nil if nothing but white space and `#` is in it.
  public init?(_ text: String) {
    var text = text
    guard let hashtag = text.withUTF8({ Hashtag(utf8: UnsafeRawBufferPointer($0)) }) else {
      return nil
    }
    self = hashtag
  }

  /// The tag that a text in valid UTF-8 means.
  init?(utf8 text: UnsafeRawBufferPointer) {
    var folds = false
    for byte in text {
      if byte >= 0x80 {
        self.init(unicode: String(decoding: text, as: UTF8.self))
        return
      }
      folds = folds || Hashtag.isUpperCase(byte)
    }
    self.init(ascii: text, folds: folds)
  }

  /// - Parameter folds: Whether any letter is in upper case.
  private init?(ascii text: UnsafeRawBufferPointer, folds: Bool) {
    guard let start = text.firstIndex(where: { !Hashtag.isWhitespace($0) }),
      let last = text.lastIndex(where: { !Hashtag.isWhitespace($0) })
    else { return nil }
    let tag = UnsafeRawBufferPointer(rebasing: text[start...last])
    guard tag.contains(where: { $0 != ASCII.hash }) else { return nil }
    let spelling =
      tag[0] == ASCII.hash
      ? ExactString(String(decoding: tag, as: UTF8.self)) : Hashtag.asciiText(tag) { $0 }
    let key =
      folds ? Hashtag.asciiText(tag) { Hashtag.isUpperCase($0) ? $0 | 0x20 : $0 } : spelling
    self.init(key: key, spelling: spelling)
  }

  /// A trimmed tag with a `#` before it, each of its bytes transformed.
  @inline(__always)
  private static func asciiText(
    _ tag: UnsafeRawBufferPointer, _ transform: (UInt8) -> UInt8
  ) -> ExactString {
    let prefix = tag[0] == ASCII.hash ? 0 : 1
    let length = prefix + tag.count
    return ExactString(
      String(unsafeUninitializedCapacity: length) { output in
        if prefix == 1 { output[0] = ASCII.hash }
        for index in tag.indices { output[prefix + index] = transform(tag[index]) }
        return length
      })
  }

  private init?(unicode text: String) {
    let scalars = text.unicodeScalars
    guard let start = scalars.firstIndex(where: { !Hashtag.isWhitespace($0) }),
      let last = scalars.lastIndex(where: { !Hashtag.isWhitespace($0) })
    else { return nil }
    let tag = scalars[start...last]
    guard !tag.allSatisfy(Hashtag.isHash) else { return nil }
    var spelling = String(tag)
    if !Hashtag.isHash(tag[start]) { spelling = "#" + spelling }
    self.init(
      key: ExactString(Hashtag.lowercased(Hashtag.nfkc(spelling))),
      spelling: ExactString(spelling))
  }

  @inline(__always)
  private static func isUpperCase(_ byte: UInt8) -> Bool {
    byte &- UInt8(ascii: "A") < 26
  }

  /// U+0009–U+000D, the separators U+001C–U+001F and the space.
  @inline(__always)
  private static func isWhitespace(_ byte: UInt8) -> Bool {
    byte == ASCII.space || byte &- ASCII.tab < 5 || byte &- 0x1C < 4
  }

  /// White space of Unicode, and the separators U+001C–U+001F, which Python counts too.
  private static func isWhitespace(_ scalar: Unicode.Scalar) -> Bool {
    scalar.properties.isWhitespace || 0x1C...0x1F ~= scalar.value
  }

  /// A number sign, or the one that is as wide as a CJK character.
  private static func isHash(_ scalar: Unicode.Scalar) -> Bool {
    scalar == "#" || scalar == "\u{FF03}"
  }

  /// The text in Normalization Form KC.
  ///
  /// On Linux Foundation's own normal forms of whole texts are wrong: it leaves half-width `ｶﾞ` and
  /// many Hangul syllables uncomposed and some marks out of order. What it says of one scalar is
  /// right, so it is asked only for these, and the standard library composes. `_nfcCodeUnits` is
  /// public though underscored, and what `String` compares and hashes by.
  private static func nfkc(_ text: String) -> String {
    var decomposed = String.UnicodeScalarView()
    for scalar in text.unicodeScalars {
      // Every scalar that has a compatibility mapping has this property.
      if !scalar.isASCII, scalar.properties.changesWhenNFKCCaseFolded {
        let mapping = String(scalar).decomposedStringWithCompatibilityMapping
        decomposed.append(contentsOf: mapping.unicodeScalars)
      } else {
        decomposed.append(scalar)
      }
    }
    return String(decoding: String(decomposed)._nfcCodeUnits, as: UTF8.self)
  }

  /// The text in lower case by the full mappings of Unicode, for no language in particular.
  ///
  /// `String.lowercased()` maps each scalar alone; here a capital sigma that ends a word becomes
  /// `ς`, as in the condition `Final_Sigma` of the standard.
  private static func lowercased(_ text: String) -> String {
    let scalars = text.unicodeScalars
    var lower = ""
    for index in scalars.indices {
      if scalars[index] == "\u{3A3}" {
        let before = scalars[..<index].reversed().first { !$0.properties.isCaseIgnorable }
        let after = scalars[scalars.index(after: index)...].first {
          !$0.properties.isCaseIgnorable
        }
        let endsWord = before?.properties.isCased == true && after?.properties.isCased != true
        lower += endsWord ? "\u{3C2}" : "\u{3C3}"
      } else {
        lower += scalars[index].properties.lowercaseMapping
      }
    }
    return lower
  }
}
