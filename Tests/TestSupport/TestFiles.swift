import Foundation

/// Where the tests' files are.
public enum TestFiles {
  /// The top folder of the package.
  public static let package = URL(fileURLWithPath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

  /// A file of `Tests/Fixtures`.
  public static func fixture(_ name: String) -> URL {
    package.appendingPathComponent("Tests/Fixtures/\(name)")
  }

  /// The folder of the programs that were built with the tests, unless `SOCIALQ_PROGRAMS` names that of
  /// others, such as optimized ones.
  public static var products: URL {
    if let other = ProcessInfo.processInfo.environment["SOCIALQ_PROGRAMS"] {
      return URL(fileURLWithPath: other)
    }
    return (Bundle.main.executableURL ?? package.appendingPathComponent(".build/debug/tests"))
      .resolvingSymlinksInPath().deletingLastPathComponent()
  }

  /// The folder of tools that tests have fetched; they are kept from one run to the next.
  static let tools = package.appendingPathComponent(".build/test-tools")
}

/// A new folder that is removed with its content when this object goes.
public final class TemporaryDirectory: Sendable {
  /// The folder itself.
  public let url: URL

  /// Makes the folder among the system's temporary files.
  public init() throws {
    url = FileManager.default.temporaryDirectory
      .appendingPathComponent("socialq-test-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(at: url) }

  /// The path of the folder.
  public var path: String { url.path }

  /// The path of a file in the folder.
  public func path(_ name: String) -> String { url.appendingPathComponent(name).path }

  /// Writes a file into the folder.
  ///
  /// - Returns: Its path.
  @discardableResult
  public func write(_ text: String, to name: String) throws -> String {
    try Data(text.utf8).write(to: url.appendingPathComponent(name))
    return path(name)
  }
}

/// Why a test could not be carried out.
public struct TestSupportError: Error, CustomStringConvertible {
  /// What happened.
  public let description: String

  /// An error of this text.
  public init(_ description: String) { self.description = description }
}
