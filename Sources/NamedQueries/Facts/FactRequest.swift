/// What a relation of facts is to be added up from: statements, and which of their columns are keys.
struct FactRequest {
  /// A statement whose rows are facts: first the keys, then the sums, all of them whole numbers.
  struct Statement {
    let sql: String
    /// The key that is a post's array of hashtags, which counts once for each of them; nil if none is.
    var hashtagKey: Int?
  }

  let statements: [Statement]
  /// How many keys a row begins with, at most ``FactTable/columnLimit`` together with the sums.
  let keyCount: Int
  let sumCount: Int
  /// The width, in microseconds, that the first key is an instant in multiples of: facts between two of
  /// them are added up. Nil if no key is an instant.
  let timeUnit: Int64?
  /// Whether the last key is not told but counted: the one sum is how many values of it there are.
  var countsLastKey = false
}
