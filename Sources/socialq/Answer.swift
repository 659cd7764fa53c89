import NamedQueries
import Rendering
import Signals
import StandardStreams

/// An answer on its way to standard output or to a file.
final class Answer {
  private let writer: any RowWriter
  private let file: OutputFile?
  private var count = 0

  /// - Parameters:
  ///   - chart: How to draw it; nil writes it.
  ///   - file: Where it goes instead of standard output.
  init(_ settings: RenderingOptions, _ chart: ChartHint?, to file: OutputFile?) {
    self.file = file
    let sink: any ByteSink = file ?? FileDescriptorSink(isStopped: isStopped)
    writer = chart.map { settings.makeChartWriter($0, to: sink) } ?? settings.makeWriter(to: sink)
  }

  func begin(_ columns: [Column]) throws { try writer.begin(columns) }

  func row(_ cells: [Cell]) throws {
    if isStopped() { throw OutputError.interrupted }
    count += 1
    try writer.row(cells)
  }

  /// Ends the answer, puts its file in place, and says on standard error what is to be known of it.
  ///
  /// - Returns: How many rows it has.
  func finish() throws -> Int {
    try writer.finish()
    try file?.commit()
    for note in writer.notes { StandardError.say(note) }
    return count
  }
}

/// Whether the user has asked the program to stop.
@Sendable func isStopped() -> Bool { StopSignal.isReceived }

/// Writes a text that is no answer of rows to standard output.
///
/// - Throws: `OutputError` if it does not take it all, which `print` would not tell.
func writeOut(_ text: String) throws(OutputError) {
  let sink = FileDescriptorSink(isStopped: isStopped)
  try sink.write(Array(text.utf8))
  try sink.flush()
}
