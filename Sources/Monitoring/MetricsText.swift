import Ingest
import PostStore
import Posts

/// Figures in the [text format of Prometheus](https://prometheus.io/docs/instrumenting/exposition_formats/),
/// version 0.0.4.
struct MetricsText {
  /// What the format is called in a header.
  static let mediaType = "text/plain; version=0.0.4; charset=utf-8"

  /// The lines so far.
  private(set) var text = ""

  enum Kind: String {
    case counter, gauge, histogram
  }

  /// A metric and its samples.
  ///
  /// - Parameters:
  ///   - help: What it counts, in one line.
  ///   - samples: Labels, in order, and a value; one that is not known is left out.
  mutating func add(
    _ name: String, _ kind: Kind, _ help: String,
    _ samples: [(labels: [(String, String)], value: Double?)]
  ) {
    let known = samples.compactMap { labels, value in value.map { (labels, $0) } }
    guard !known.isEmpty else { return }
    head(name, kind, help)
    for (labels, value) in known { sample(name, labels, value) }
  }

  /// A metric with one sample without labels.
  mutating func add(_ name: String, _ kind: Kind, _ help: String, _ value: Double?) {
    add(name, kind, help, [([], value)])
  }

  /// A histogram.
  mutating func add(_ name: String, _ help: String, _ histogram: Histogram) {
    head(name, .histogram, help)
    var total: Int64 = 0
    for (bound, count) in zip(histogram.bounds, histogram.counts) {
      total += count
      sample("\(name)_bucket", [("le", Self.number(bound))], Double(total))
    }
    sample("\(name)_bucket", [("le", "+Inf")], Double(histogram.count))
    sample("\(name)_sum", [], histogram.sum)
    sample("\(name)_count", [], Double(histogram.count))
  }

  private mutating func head(_ name: String, _ kind: Kind, _ help: String) {
    text += "# HELP \(name) \(help)\n# TYPE \(name) \(kind.rawValue)\n"
  }

  private mutating func sample(_ name: String, _ labels: [(String, String)], _ value: Double) {
    let list = labels.map { "\($0)=\"\(Self.escaped($1))\"" }.joined(separator: ",")
    text += "\(name)\(list.isEmpty ? "" : "{\(list)}") \(Self.number(value))\n"
  }

  private static func number(_ value: Double) -> String {
    value == value.rounded() && abs(value) < 1e15 ? "\(Int64(value))" : "\(value)"
  }

  private static func escaped(_ text: String) -> String {
    text.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"").replacing("\n", with: "\\n")
  }
}

extension MetricsText {
  /// All that is told of a consumer and its store.
  ///
  /// - Parameters:
  ///   - store: What the store says; nil if it cannot be asked.
  ///   - now: The wall clock.
  init(
    _ state: IngestMetrics.State, store: StoreFigures?, version: String, now: Timestamp
  ) {
    add(
      "socialq_build_info", .gauge, "Always 1; the version is in the label.",
      [([("version", version)], 1)])
    add(
      "socialq_up", .gauge, "1 while posts come into the store, 0 while something hinders that.",
      state.hindrance(at: .now) == nil ? 1 : 0)
    add(
      "socialq_paused", .gauge, "1 while the store cannot take messages, so that none are read.",
      state.obstacle == nil ? 0 : 1)
    add(
      "socialq_assigned_partitions", .gauge, "Partitions that this consumer reads.",
      Double(state.assigned.count))
    let progress = state.progress
    add(
      "socialq_messages_total", .counter,
      "Messages that this process has taken in, by what became of them.",
      Outcome.allCases.map { ([("outcome", "\($0)")], Double(progress.outcomes[$0])) })
    add(
      "socialq_fenced_messages_total", .counter,
      "Messages left out since another consumer had stored them.", Double(progress.fenced))
    add(
      "socialq_missing_messages_total", .counter,
      "Messages that had expired on the broker before they were read.", Double(progress.missing))
    add("socialq_batch_messages", "Messages of a transaction.", progress.batchMessages)
    add("socialq_batch_seconds", "How long a transaction took.", progress.batchSeconds)
    guard let store else { return }
    func label(_ partition: PartitionID) -> [(String, String)] {
      [("topic", partition.topic), ("partition", "\(partition.partition)")]
    }
    add(
      "socialq_lag_messages", .gauge,
      "Offsets between the store and the end of the log, at the last commit.",
      store.partitions.map { (label($0.partition), $0.lag.map { Double($0) }) })
    add(
      "socialq_next_offset", .gauge, "The offset of the next message to read.",
      store.partitions.map { (label($0.partition), Double($0.nextOffset)) })
    add(
      "socialq_store_messages_total", .counter,
      "Messages that the store has ever taken in, by whatever process, and what became of them.",
      store.outcomes.map { ([("outcome", $0.name)], Double($0.messages)) })
    add(
      "socialq_rejected_messages_total", .counter,
      "Messages that were no posts, in the store, by reason.",
      store.rejected.map { ([("reason", $0.reason)], Double($0.messages)) })
    add("socialq_store_bytes", .gauge, "Size of the database file.", Double(store.fileBytes))
    add("socialq_store_wal_bytes", .gauge, "Size of the write-ahead log.", Double(store.logBytes))
    add(
      "socialq_last_commit_age_seconds", .gauge, "Seconds since the store last took messages.",
      store.lastCommit.map { max(0, Double(now.microseconds - $0.microseconds) / 1e6) })
  }
}
