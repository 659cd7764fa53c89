import Foundation
import StandardStreams

// Writes a Swift file that holds the given files as raw string literals, in order:
// embed-files OUTPUT FILE…
StandardStreams.secure()
let arguments = CommandLine.arguments.dropFirst()
guard let output = arguments.first else {
  StandardError.say("usage: embed-files OUTPUT FILE…")
  exit(64)
}

/// The shortest fence of `#` that no text between quotes in `text` can close.
func fence(for text: String) -> String {
  var fence = "#"
  while text.contains("\"" + fence) || text.contains("\\" + fence) { fence += "#" }
  return fence
}

do {
  var source = """
    /// The files of this module's folder of SQL or web files, by name, in the order of their names.
    let embeddedFiles: [(name: String, text: String)] = [

    """
  for path in arguments.dropFirst() {
    let url = URL(fileURLWithPath: path)
    let text = try String(contentsOf: url, encoding: .utf8)
    let fence = fence(for: text)
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
      .joined(separator: "\n")
    source += "  (\"\(url.lastPathComponent)\", \(fence)\"\"\"\n\(lines)\n\"\"\"\(fence)),\n"
  }
  source += "]\n"
  try source.write(toFile: output, atomically: true, encoding: .utf8)
} catch {
  StandardError.say("embed-files: \(error.localizedDescription)")
  exit(1)
}
