extension Int64 {
  /// What is left over a multiple of a width: from 0 on and less than the width, also of a negative
  /// number, where `%` has the sign of the dividend.
  ///
  /// - Parameter width: At least 1.
  public func floorModulo(_ width: Int64) -> Int64 {
    let remainder = self % width
    return remainder < 0 ? remainder + width : remainder
  }

  /// The greatest multiple of a width that is not above the number.
  ///
  /// - Parameter width: At least 1. The number must be above `Int64.min` by as much.
  public func floored(toMultipleOf width: Int64) -> Int64 { self - floorModulo(width) }
}

extension Timestamp {
  /// The start of the bucket of a width, counted from the epoch, that the instant lies in.
  ///
  /// - Parameter width: In microseconds, at least 1.
  public func floored(to width: Int64) -> Timestamp {
    Timestamp(microseconds: microseconds.floored(toMultipleOf: width))
  }
}
