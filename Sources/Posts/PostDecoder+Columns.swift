extension PostDecoder {
  /// Reads one row of a table, such as a line of CSV, by the rules for messages.
  ///
  /// An empty field is NULL. A number is written as JSON has it, a boolean is `t`, `f`, `true` or
  /// `false`, a timestamp as in messages, and hashtags are an array of PostgreSQL, `{a,"b c"}`, or of
  /// JSON.
  ///
  /// - Parameters:
  ///   - row: The fields of the row, one after the other.
  ///   - fields: Where in `row` each field is, by column.
  ///   - columns: What the columns are.
  /// - Throws: The first problem found.
  public mutating func decode(
    row: [UInt8], fields: [Range<Int>], of columns: PostColumns
  ) throws(Rejection) -> Post {
    guard fields.count == columns.fields.count else {
      throw Rejection(
        field: "CSV",
        problem: fields.count < columns.fields.count ? "too few fields" : "too many fields")
    }
    guard row.allSatisfy({ $0 < 0x80 }) || String(validating: row, as: UTF8.self) != nil else {
      throw Rejection(field: "CSV", problem: "not UTF-8")
    }
    forget()
    // The items of an array without their quotes and escapes are put behind the row.
    var bytes = row
    for (column, range) in fields.enumerated() {
      guard let field = columns.fields[column] else { continue }
      values[field.rawValue] = value(of: field, at: range, in: &bytes)
    }
    let result = bytes.withUnsafeBytes { buffer in
      Result { () throws(Rejection) in try post(from: buffer) }
    }
    return try result.get()
  }

  private mutating func value(
    of field: PostField, at range: Range<Int>, in bytes: inout [UInt8]
  ) -> JSONValue {
    guard !range.isEmpty else { return JSONValue(kind: .null) }
    let kind: JSONValue.Kind
    switch field {
    case .likes, .shares, .comments, .views, .engagementRate, .followers:
      kind = bytes.withUnsafeBytes { isNumber($0[range]) } ? .number : .string
    case .isVerified, .isInfluencer, .isViral:
      kind = boolean(bytes[range]) ?? .string
    case .hashtags:
      return hashtags(at: range, in: &bytes)
    default:
      kind = .string
    }
    return JSONValue(kind: kind, start: range.lowerBound, end: range.upperBound)
  }

  private func isNumber(_ text: Slice<UnsafeRawBufferPointer>) -> Bool {
    var scanner = JSONScanner(UnsafeRawBufferPointer(rebasing: text))
    let value = try? scanner.value(depth: 1)
    return value?.kind == .number && scanner.offset == text.count
  }

  private func boolean(_ text: ArraySlice<UInt8>) -> JSONValue.Kind? {
    guard text.count <= 5 else { return nil }
    switch String(decoding: text, as: UTF8.self).lowercased() {
    case "t", "true": return .true
    case "f", "false": return .false
    default: return nil
    }
  }

  /// Notes the items of an array; what is none is a string to the rules.
  private mutating func hashtags(at range: Range<Int>, in bytes: inout [UInt8]) -> JSONValue {
    let whole = JSONValue(kind: .string, start: range.lowerBound, end: range.upperBound)
    switch bytes[range.lowerBound] {
    case UInt8(ascii: "{"):
      guard let found = PostgreSQLArray.items(of: range, in: &bytes) else { return whole }
      items = found
    case ASCII.openBracket:
      let isArray = bytes.withUnsafeBytes { buffer in
        var scanner = JSONScanner(UnsafeRawBufferPointer(rebasing: buffer[..<range.upperBound]))
        scanner.offset = range.lowerBound
        return (try? scanItems(&scanner)) != nil && scanner.offset == range.upperBound
      }
      guard isArray else { return whole }
    default:
      return whole
    }
    return JSONValue(kind: .array, start: range.lowerBound, end: range.upperBound)
  }
}
