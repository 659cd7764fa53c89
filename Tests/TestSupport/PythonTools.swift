import Foundation

/// Packages of the Python Package Index that tests need.
public enum PythonTools {
  /// Held while pip works: some installations of Python do work of their own after it, which fails if two are at it.
  private static let pip = NSLock()

  /// Fetches a package without what it depends on, unless an earlier run has.
  ///
  /// - Parameters:
  ///   - requirement: A name and an exact version, such as `kafka-python==3.0.12`.
  ///   - sha256: The digest that the fetched file has to have.
  /// - Returns: A folder for `PYTHONPATH`.
  public static func require(_ requirement: String, sha256: String? = nil) throws -> URL {
    precondition(requirement.contains("=="), "tests need the same version every time")
    let folder = TestFiles.tools.appendingPathComponent(
      requirement.replacingOccurrences(of: "==", with: "-"))
    let manager = FileManager.default
    pip.lock()
    defer { pip.unlock() }
    if manager.fileExists(atPath: folder.path) { return folder }

    // Only a whole package is ever at the final place, whoever else fetches it at this moment.
    try manager.createDirectory(at: TestFiles.tools, withIntermediateDirectories: true)
    let partial = TestFiles.tools.appendingPathComponent("partial-\(UUID().uuidString)")
    defer { try? manager.removeItem(at: partial) }
    let scratch = try TemporaryDirectory()
    let line = requirement + (sha256.map { " --hash=sha256:\($0)" } ?? "") + "\n"
    try Data(line.utf8).write(to: scratch.url.appendingPathComponent("requirements.txt"))
    let run = try Program(
      executable: URL(fileURLWithPath: "/usr/bin/env"),
      [
        "python3", "-m", "pip", "install", "--quiet", "--disable-pip-version-check",
        "--no-deps", "--only-binary", ":all:", "--target", partial.path,
        "--requirement", scratch.path("requirements.txt"),
      ]
    ).wait(timeout: .seconds(180))
    guard run.status == 0 else {
      throw TestSupportError("pip could not install \(requirement): \(run.standardError)")
    }
    do {
      try manager.moveItem(at: partial, to: folder)
    } catch  where manager.fileExists(atPath: folder.path) {
      // Another run was faster, with the same content.
    }
    return folder
  }
}
