/// A question with a name: one `.sql` file, one command.
public struct NamedQuery: Sendable {
  /// The name of its file without `.sql`.
  public let name: String
  /// The file it was read from, for messages.
  public let file: String
  /// A few words, such as `Top hashtags`.
  public let title: String
  /// What it answers, in full sentences.
  public let help: String
  /// Its own parameters, besides those that every query takes.
  public let parameters: [Parameter]
  /// How wide its time buckets are unless `--bucket` says otherwise; nil if it has none.
  public let bucket: Bucket?
  /// The columns of its answer, in order.
  public let columns: [Column]
  /// How its answer is best drawn.
  public let chart: ChartHint?
  /// The whole text of the file.
  public let sql: String
}

/// How wide the buckets are in which time is counted.
public enum Bucket: String, CaseIterable, Sendable {
  case minute, hour, day
}
