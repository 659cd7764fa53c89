import NamedQueries
import PostStore
import Posts
import Rendering

/// A question that is asked again and again.
final class RepeatedQuestion {
  private let question: Question
  private let reader: StoreReader
  private var last: (version: Int64, window: Window)?

  init(_ question: Question) throws {
    self.question = question
    reader = try StoreReader(path: question.catalog.store.path)
  }

  /// One answer, and to what.
  struct Outcome {
    let query: NamedQuery
    let scope: Scope
    let rows: [[Cell]]

    /// The rows that another answer does not have, or not as often.
    func rows(besidesThoseOf other: Outcome) -> [[Cell]] {
      var known: [[Cell]: Int] = [:]
      for row in other.rows { known[row, default: 0] += 1 }
      return rows.filter { row in
        guard let count = known[row], count > 0 else { return true }
        known[row] = count - 1
        return false
      }
    }

    /// The answer as lines of text.
    func lines(_ settings: RenderingOptions, _ hint: ChartHint?) throws -> [String] {
      let sink = MemorySink()
      let writer =
        hint.map { settings.makeChartWriter($0, to: sink) }
        ?? settings.makeWriter(to: sink)
      try writer.begin(query.columns)
      for row in rows { try writer.row(row) }
      try writer.finish()
      return sink.text.split(separator: "\n", omittingEmptySubsequences: false).dropLast()
        .map(String.init)
        + writer.notes
    }
  }

  /// The answer as things are now.
  ///
  /// - Parameter isUnwanted: Whether the answer is not waited for any more.
  func ask(isUnwanted: @escaping () -> Bool = isStopped) throws -> Outcome {
    // The version is read first: what changes in between is then asked for once more.
    let version = try reader.version()
    let (query, arguments, scope) = try question.parsed()
    var rows: [[Cell]] = []
    try question.scope.runner(on: reader, isUnwanted: isUnwanted)
      .run(query, arguments: arguments, scope: scope) { rows.append($0) }
    last = (version, scope.window)
    return Outcome(query: query, scope: scope, rows: rows)
  }

  /// The same, or nil if it must be as it was: the store has not changed, and neither has the window,
  /// which moves with the clock if it counts back from now.
  func askIfChanged(isUnwanted: @escaping () -> Bool) throws -> Outcome? {
    if let last, try reader.version() == last.version,
      try question.parsed().scope.window == last.window
    {
      return nil
    }
    return try ask(isUnwanted: isUnwanted)
  }
}
