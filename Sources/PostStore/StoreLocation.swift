import Foundation

/// Where the store is unless a flag says otherwise, so that all programs agree.
public enum StoreLocation {
  /// `$SOCIALQ_DB`, else `socialq/socialq.db` in the user's data folder, which is `$XDG_DATA_HOME` or
  /// `~/.local/share`.
  ///
  /// - Parameter environment: The variables of the process.
  public static func path(environment: [String: String]) -> String {
    if let path = environment["SOCIALQ_DB"], !path.isEmpty { return path }
    return standardPath(environment: environment)
  }

  /// Where the store is if nobody says; only the folders of this path are made unasked.
  ///
  /// - Parameter environment: The variables of the process.
  public static func standardPath(environment: [String: String]) -> String {
    let data: String
    // The XDG specification has relative paths ignored.
    if let folder = environment["XDG_DATA_HOME"], folder.hasPrefix("/") {
      data = folder
    } else {
      data = (environment["HOME"] ?? NSHomeDirectory()) + "/.local/share"
    }
    return data + "/socialq/socialq.db"
  }
}
