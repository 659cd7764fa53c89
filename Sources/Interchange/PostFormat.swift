/// The forms in which posts leave a store and come into one.
public enum PostFormat: String, CaseIterable, Sendable {
  /// A message of the topic a line.
  case ndjson
  /// A row of the original system's `social_posts` a line, under the names of its columns.
  case csv

  /// The form that a file is in by its name, if that tells; `.gz` and `.zst` behind it do not count.
  public init?(path: String) {
    var name = path.lowercased()[...]
    for suffix in [".gz", ".zst"] where name.hasSuffix(suffix) {
      name = name.dropLast(suffix.count)
    }
    if name.hasSuffix(".csv") {
      self = .csv
    } else if [".ndjson", ".jsonl", ".json"].contains(where: name.hasSuffix) {
      self = .ndjson
    } else {
      return nil
    }
  }
}
