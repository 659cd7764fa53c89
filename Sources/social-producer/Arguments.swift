import ArgumentParser
import Posts
import SyntheticPosts

extension Pace: ExpressibleByArgument {
  public init?(argument: String) { self.init(argument) }
}

extension TimeSpan: ExpressibleByArgument {
  public init?(argument: String) { self.init(argument) }
  public var defaultValueDescription: String { description }
}

extension Timestamp: ExpressibleByArgument {
  /// ISO 8601, or a date alone for its beginning in UTC.
  public init?(argument: String) {
    if let instant = try? Timestamp(iso8601: argument) {
      self = instant
    } else if let midnight = try? Timestamp(iso8601: argument + "T00:00:00") {
      self = midnight
    } else {
      return nil
    }
  }
}
