import ArgumentParser
import Foundation
import NamedQueries
import PostStore
import Posts
import Rendering

/// Answers one named query again and again.
struct WatchCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "watch",
    abstract: "Answer a named query again and again, in place.",
    discussion: """
      The answer is repainted when it is due and the store has changed; q or Ctrl-C ends it. With \
      --changes the rows that the answer before did not have are written below each other instead, \
      which suits a pipe.

      Examples:
        socialq watch kpis --every 2s
        socialq watch top-hashtags --since 1h --chart
        socialq watch viral-posts --since 1h --changes --format ndjson | while read -r post; do …
      """)

  @OptionGroup var question: Question

  @Option(help: ArgumentHelp("How often to ask: 500ms, 5s, 1m.", valueName: "time"))
  var every = TimeSpan.seconds(5)

  @Flag(help: "Only write the rows that are new or changed.")
  var changes = false

  @OptionGroup(title: "Output") var output: OutputOptions

  func run() throws {
    guard every.microseconds >= 100_000 else {
      throw QueryError(.usage, "--every \(every) is too often: give 100ms or more")
    }
    if changes { try follow() } else { try repaint() }
  }

  private func repaint() throws {
    guard output.output == nil else {
      throw QueryError(.usage, "watch paints a terminal: leave out --output, or add --changes")
    }
    guard Terminal.ofStandardOutput != nil else {
      throw QueryError(.usage, "watch paints a terminal, and there is none: add --changes")
    }
    // What is wrong with the command is told before the screen is taken.
    let asked = try question.parsed()
    _ = try output.settings(zone: asked.scope.zone)
    let hint = try output.drawnAs(asked.query.chart, of: asked.query.name)
    let repeated = try RepeatedQuestion(question)
    var latest = try repeated.ask()

    let screen = Screen()
    defer { screen.leave() }
    var trouble: String?
    var isStale = true
    var due = ContinuousClock.now + every.duration
    var size = Terminal.ofStandardOutput
    while !screen.isLeaving {
      if Terminal.ofStandardOutput != size {
        size = .ofStandardOutput
        isStale = true
      }
      if ContinuousClock.now >= due {
        due = .now + every.duration
        do {
          if let next = try repeated.askIfChanged(isUnwanted: { screen.isLeaving }) {
            latest = next
          }
          trouble = nil
        } catch  where !screen.isLeaving {
          // A store that is busy or a query that was slow once may not be so the next time.
          trouble = TerminalText.visible("\(error)")
        } catch {
          break
        }
        isStale = true
      }
      if isStale {
        isStale = false
        let settings = try output.settings(zone: latest.scope.zone)
        let now = Timestamp.now
        let time = now.iso8601(offsetSeconds: latest.scope.zone.offset(at: now)).prefix(19)
        let status = "\(latest.query.name) · q to quit · every \(every) · \(time)"
        try screen.paint(
          [trouble.map { "\(status) · \($0)" } ?? status, ""] + latest.lines(settings, hint))
      }
      screen.wait(until: due)
    }
    if isStopped() { throw OutputError.interrupted }
  }

  private func follow() throws {
    let asked = try question.parsed()
    guard !output.chart else {
      throw QueryError(.usage, "--changes writes rows: leave out --chart")
    }
    guard output.output == nil else {
      throw QueryError(.usage, "--changes has no end to be whole at: write '> FILE' for --output")
    }
    var output = output
    // An array has an end, too.
    let lasting = Format.allCases.filter { $0.isStreaming && $0 != .json }
    if let format = output.format, !lasting.contains(format) {
      let formats = lasting.map(\.rawValue).joined(separator: ", ")
      throw QueryError(
        .usage, "--changes writes one row after the other: --format is one of \(formats)")
    }
    if output.format == nil, !output.excel {
      let usual = try output.settings(zone: asked.scope.zone).format
      output.format = lasting.contains(usual) ? usual : .tsv
    }
    let sink = FileDescriptorSink(capacity: 0, isStopped: isStopped)
    let writer = try output.settings(zone: asked.scope.zone).makeWriter(to: sink)
    let repeated = try RepeatedQuestion(question)
    var latest = try repeated.ask()
    try writer.begin(asked.query.columns)
    for row in latest.rows { try writer.row(row) }
    var due = ContinuousClock.now + every.duration
    while true {
      while ContinuousClock.now < due {
        if isStopped() { throw OutputError.interrupted }
        Thread.sleep(forTimeInterval: 0.05)
      }
      due = .now + every.duration
      guard let next = try repeated.askIfChanged(isUnwanted: isStopped) else { continue }
      for row in next.rows(besidesThoseOf: latest) { try writer.row(row) }
      latest = next
    }
  }
}
