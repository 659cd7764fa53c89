import Foundation
import Posts

extension ExpectedStore {
  /// The first line of an export: the number of posts and of each outcome.
  ///
  ///     {"posts":2,"outcomes":{"stored":3,"duplicate":0,…}}
  public var summary: String {
    let outcomes = Outcome.allCases.map { "\"\($0.rawValue)\":\(count(of: $0))" }
    return "{\"posts\":\(postCount),\"outcomes\":{\(outcomes.joined(separator: ","))}}"
  }

  /// Writes the summary and then every standing post as its message, by the bytes of their ids, one
  /// line each.
  ///
  /// The file is written beside its place and moved there, so that nobody sees a part of it.
  ///
  /// - Throws: ``ExportError``; a file that was there is then as before.
  public func export(to path: String) throws(ExportError) {
    let temporary = "\(path).\(ProcessInfo.processInfo.processIdentifier).partial"
    guard let file = fopen(temporary, "wb") else {
      throw ExportError(path: path, code: errno)
    }
    var lines = Array("\(summary)\n".utf8)
    let encoder = PostEncoder()
    var isWritten = true
    for post in posts {
      encoder.encode(post, into: &lines)
      lines.append(UInt8(ascii: "\n"))
      if lines.count > 1 << 16 {
        isWritten = isWritten && fwrite(lines, 1, lines.count, file) == lines.count
        lines.removeAll(keepingCapacity: true)
      }
    }
    isWritten = isWritten && fwrite(lines, 1, lines.count, file) == lines.count
    isWritten = isWritten && fflush(file) == 0 && fsync(fileno(file)) == 0
    var code = isWritten ? 0 : errno
    if fclose(file) != 0, code == 0 { code = errno }
    if code == 0, rename(temporary, path) != 0 { code = errno }
    guard code == 0 else {
      _ = unlink(temporary)
      throw ExportError(path: path, code: code)
    }
  }
}

/// Why the expected posts could not be written.
public struct ExportError: Error, Equatable, CustomStringConvertible {
  /// Where they were to go.
  public let path: String
  /// The system's `errno`.
  public let code: Int32

  /// What happened and what to do.
  public var description: String {
    "cannot write the expected posts to \(path): \(String(cString: strerror(code)));"
      + " choose a path in a folder that exists and can be written to"
  }
}
