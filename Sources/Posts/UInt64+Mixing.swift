extension UInt64 {
  /// A hash of this one and a further word: their product's low bits depend on few of theirs, so the high
  /// ones are folded in.
  @inlinable public func mixed(with word: Int64) -> UInt64 {
    let product = (self ^ UInt64(bitPattern: word)).multipliedFullWidth(by: 0x9E37_79B9_7F4A_7C15)
    return product.high ^ product.low
  }
}
