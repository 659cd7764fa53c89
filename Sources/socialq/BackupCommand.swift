import ArgumentParser
import Foundation
import PostStore
import Rendering
import Signals
import StandardStreams

/// Writes a copy of a store that is in use.
struct BackupCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "backup",
    abstract: "Write a copy of the store as it is now, while the consumer goes on.",
    discussion: """
      The copy is one file, of the state at one instant. It is read back before it takes its name: a \
      file of that name is a whole backup. To restore it, stop the consumer, remove the store with its \
      -wal and -shm files, and copy the backup to its place; the consumer goes on where the backup \
      was made.

      Example:
        socialq backup "/backups/socialq-$(date +%F).db"
      """)

  @Argument(help: ArgumentHelp("The file to make.", valueName: "file"), completion: .file())
  var file: String

  @Flag(help: "Replace a file of that name.")
  var force = false

  @OptionGroup var store: StoreOption

  func run() throws {
    StopSignal.install()
    var progress = TerminalProgress()
    defer { progress.clear() }
    var shown = -1
    let bytes = try StoreReader(path: store.path).backUp(to: file, replaces: force) { share in
      if isStopped() { throw OutputError.interrupted }
      guard Int(share * 100) > shown else { return }
      shown = Int(share * 100)
      progress.show(share < 1 ? "copied \(shown) %" : "copied; reading it back")
    }
    progress.clear()
    StandardError.say("\(bytes) bytes written to \(file) and verified")
  }
}
