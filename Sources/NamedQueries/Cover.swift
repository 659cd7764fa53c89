import PostStore
import Posts

/// A window cut into pieces that rollups and raw posts answer together, each instant by exactly one.
struct Cover: Equatable {
  /// A stretch `[since, until)` and what answers it; a missing end is open.
  struct Piece: Equatable {
    /// The rollup level, or nil for raw posts.
    let level: Rollup.Level?
    let since: Timestamp?
    let until: Timestamp?
  }

  /// The pieces in order of time.
  let pieces: [Piece]

  /// The cover of a window with the fewest buckets: the widest ones in the middle, narrower ones
  /// towards the ends, raw posts for what is left.
  ///
  /// - Parameter levels: The levels that may be used; each a multiple of the next narrower one.
  init(of window: Window, by levels: [Rollup.Level]) {
    pieces = Self.cut(
      window.since?.microseconds, window.until?.microseconds, levels.sorted(by: >)[...])
  }

  private static func cut(
    _ since: Int64?, _ until: Int64?, _ levels: ArraySlice<Rollup.Level>
  ) -> [Piece] {
    func piece(_ level: Rollup.Level?, _ since: Int64?, _ until: Int64?) -> Piece {
      Piece(
        level: level, since: since.map(Timestamp.init(microseconds:)),
        until: until.map(Timestamp.init(microseconds:)))
    }
    if let since, let until, since >= until { return [] }
    guard let level = levels.first else { return [piece(nil, since, until)] }
    let narrower = levels.dropFirst()
    let width = level.microseconds
    let first = since.map { $0 + (-$0).floorModulo(width) }
    let last = until.map { $0.floored(toMultipleOf: width) }
    if let first, let last, first >= last { return cut(since, until, narrower) }
    var pieces: [Piece] = []
    if let since, let first { pieces += cut(since, first, narrower) }
    pieces.append(piece(level, first, last))
    if let until, let last { pieces += cut(last, until, narrower) }
    return pieces
  }
}
