import Posts

/// What a question is to be narrowed to, in the words of a user, from a command line or a URL.
public struct ScopeRequest: Equatable, Sendable {
  /// From when; the forms are those of ``Window/init(since:until:now:zone:)``.
  public var since: String?
  /// Until when, not included.
  public var until: String?
  /// Whether the equally long window before that one is meant, with which queries compare it.
  public var isPrevious = false
  /// Platforms; each text may be several with commas between them, and one with a comma
  /// stands in double quotes. The same for the other filters.
  public var platforms: [String] = []
  /// Sentiments.
  public var sentiments: [String] = []
  /// Topics.
  public var topics: [String] = []
  /// Viral posts only.
  public var viralOnly = false
  /// The name of a time zone.
  public var zone = "UTC"
  /// The width of buckets; nil is what the query takes by itself.
  public var bucket: String?
  /// Whether rollups may answer.
  public var usesRollups = true

  /// A request without any limits.
  public init() {}

  /// The scope that is meant, whatever is asked within it.
  ///
  /// - Parameter now: The time of the clock.
  /// - Throws: `QueryError` that names the option that cannot be understood, and what it takes.
  public func scope(now: Timestamp) throws(QueryError) -> Scope {
    let zone = try Zone(zone)
    var window = try Window(since: since, until: until, now: now, zone: zone)
    if isPrevious {
      guard let previous = window.previous(now: now) else {
        throw QueryError(.usage, "--previous needs a window with a beginning: give --since, too")
      }
      window = previous
    }
    var scope = Scope(window: window, zone: zone)
    scope.now = now
    scope.platforms = try values(of: platforms, option: "--platform")
    scope.sentiments = try values(of: sentiments, option: "--sentiment")
    scope.topics = try values(of: topics, option: "--topic")
    scope.viralOnly = viralOnly
    scope.usesRollups = usesRollups
    return scope
  }

  /// The scope that is meant for a query.
  ///
  /// - Parameters:
  ///   - query: What is asked; it says whether there are buckets.
  ///   - now: The time of the clock.
  /// - Throws: `QueryError` that names the option that cannot be understood, and what it takes.
  public func scope(of query: NamedQuery, now: Timestamp) throws(QueryError) -> Scope {
    var scope = try scope(now: now)
    if let standard = query.bucket { scope.bucket = standard }
    if let bucket {
      guard query.bucket != nil else {
        throw QueryError(.usage, "'\(query.name)' does not count over time: it takes no --bucket")
      }
      guard let bucket = Bucket(rawValue: bucket) else {
        throw QueryError(.usage, "--bucket '\(bucket)' is not one of minute, hour, day")
      }
      scope.bucket = bucket
    }
    return scope
  }

  private func values(of given: [String], option: String) throws(QueryError) -> [String] {
    var values: [String] = []
    for text in given { values += try NameList.names(in: text, option: option) }
    return values
  }
}
