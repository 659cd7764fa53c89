import Foundation
import PostStore

/// Where `script/bootstrap` has put the library that draws the page's charts.
enum ChartsLibrary {
  /// Its file, or nil if it was not fetched.
  static func find() -> URL? {
    if let path = Variable.chartsLibrary.value { return existing(URL(fileURLWithPath: path)) }
    guard let program = Bundle.main.executableURL?.resolvingSymlinksInPath() else { return nil }
    let folder = program.deletingLastPathComponent()
    // Beside an installed program, or in the build folder that holds the program.
    let folders =
      [folder.appending(path: "../share/socialq")]
      + (1...3).map { up in
        folder.appending(path: String(repeating: "../", count: up) + "web")
      }
    return folders.lazy.compactMap { existing($0.appending(path: "echarts.min.js")) }.first
  }

  private static func existing(_ file: URL) -> URL? {
    let file = file.standardizedFileURL
    return FileManager.default.isReadableFile(atPath: file.path) ? file : nil
  }
}
