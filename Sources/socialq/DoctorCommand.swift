import ArgumentParser
import NamedQueries
import PostStore
import Posts
import StandardStreams

/// Looks for what is wrong with a store, or soon will be.
struct DoctorCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "doctor",
    abstract: "Look for what is wrong with the store, and say what to do; status 2 if there is.",
    discussion: """
      Looked at are the file, whose it is, its schema, every page and index, references, dictionaries, \
      offsets, rollups, the room on the disk and the write-ahead log. All of the store is read, and \
      nothing is changed; the consumer may go on meanwhile. The status is 2 if something was found, \
      and 1 if something could not be looked at.

      Example:
        socialq doctor || mail-it
      """)

  @OptionGroup var store: StoreOption
  @OptionGroup(title: "Output") var output: OutputOptions

  func run() throws {
    let answer = try output.answer(zone: .utc, of: "doctor")
    var results: Set<StoreCheck.Result> = []
    var progress = TerminalProgress()
    try answer.begin([
      Column(name: "check", kind: .text), Column(name: "result", kind: .text),
      Column(name: "meaning", kind: .text),
    ])
    try StoreExamination(path: store.path, now: .now).run(
      progress: { progress.show($0) },
      report: { check in
        progress.clear()
        results.insert(check.result)
        try answer.row([.text(check.name), .text(check.result.rawValue), .text(check.text)])
      })
    _ = try answer.finish()
    if results.contains(.finding) { throw ExitCode(2) }
    if results.contains(.unchecked) { throw ExitCode.failure }
  }
}
