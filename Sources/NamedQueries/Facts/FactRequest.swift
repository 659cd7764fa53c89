/// What a relation of facts is to be added up from: statements, and which of their columns are keys.
struct FactRequest {
  /// A statement whose rows are facts: first the keys, then the sums, all of them whole numbers.
  struct Statement {
    let sql: String
    /// The key that is a post's array of hashtags, which counts once for each of them; nil if none is.
    var hashtagKey: Int?
    /// What the last column holds packed; nil if it is a number like the others.
    var packed: Packed?
  }

  /// Packed groups, of which some columns follow the columns before them.
  struct Packed {
    /// A column that must have one of some values.
    struct Filter {
      let column: Int
      let values: [Int64]
    }

    let table: String
    let width: Int
    /// The columns of a packed group that are wanted.
    let columns: [Int]
    /// Which groups count.
    let filters: [Filter]
  }

  /// What is made of the rows.
  enum Purpose {
    /// The sums of each combination of keys; of the sums whose numbers are given, the greatest.
    case sums(greatest: Set<Int>)
    /// Of two keys, both ids, the last is not told but counted: the one sum is how many values of it there are.
    case countOfLastKey
    /// Rows are an instant, if there is a time unit, a user, and whether it is verified and an influencer.
    /// Of each bucket of time it is told how many users there are, how many of them are verified and how
    /// many influencers. Rows come in order of time.
    case accounts
  }

  let statements: [Statement]
  /// How many keys a row begins with, at most ``FactTable/columnLimit`` together with the sums.
  let keyCount: Int
  let sumCount: Int
  /// The width, in microseconds, that the first key is an instant in multiples of: facts between two of
  /// them are added up. Nil if no key is an instant.
  let timeUnit: Int64?
  let purpose: Purpose
  /// The start of the bucket of an instant `?1`, as SQL, where buckets are what counts.
  var bucket: String?
}

/// What the relations of one statement ask for, in order.
struct FactRequests {
  /// What ``FactTable`` is called for this statement, which must not have the name for something else.
  let tableName: String
  /// All of it.
  private(set) var all: [FactRequest] = []

  /// - Parameter words: The words of the statement, in lower case.
  init(besides words: Set<String>) {
    var name = "fact_rows"
    while words.contains(name) { name += "_" }
    tableName = name
  }

  /// Adds a request.
  ///
  /// - Returns: The table that has its rows, as SQL names it.
  mutating func table(of request: FactRequest) -> String {
    all.append(request)
    return "\(tableName)(\(all.count - 1))"
  }
}
