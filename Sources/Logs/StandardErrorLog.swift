import Foundation
import Logging
import StandardStreams

/// Writes a log to standard error, a line for each event.
public struct StandardErrorLog: LogHandler {
  public var logLevel: Logger.Level
  public var metadata: Logger.Metadata = [:]
  private let format: LogFormat

  /// A log that leaves out what is less than a level.
  public init(format: LogFormat, level: Logger.Level) {
    self.format = format
    logLevel = level
  }

  public subscript(metadataKey key: String) -> Logger.Metadata.Value? {
    get { metadata[key] }
    set { metadata[key] = newValue }
  }

  public func log(event: LogEvent) {
    var all = metadata.merging(event.metadata ?? [:]) { $1 }
    if let error = event.error { all["error"] = "\(error)" }
    StandardError.say(format.line(event.level, "\(event.message)", all, at: Date()))
  }
}
