import ArgumentParser
import Foundation
import SyntheticPosts

/// What goes wrong with the posts, and the answer beside it.
struct TroubleOptions: ParsableArguments {
  @Option(help: "The same message comes again.")
  var duplicates = 0.0

  @Option(help: "The post's timestamp lies minutes to days back.")
  var late = 0.0

  @Option(help: "A newer version follows; one in five moves to another topic and time.")
  var updates = 0.0

  @Option(help: "An older version, by record time, follows.")
  var stale = 0.0

  @Option(help: "A tombstone follows; three in ten of its posts are reborn.")
  var deletes = 0.0

  @Option(help: "A message that is no post comes as well.")
  var malformed = 0.0

  @Option(
    help: ArgumentHelp(
      """
      Write what a correct store must hold after this run: a summary, then every standing post by \
      post_id. Keeps all posts in memory, some 600 bytes each.
      """, valueName: "file"))
  var truth: String?

  var rates: FaultRates {
    FaultRates(
      duplicates: duplicates, late: late, updates: updates, stale: stale, deletes: deletes,
      malformed: malformed)
  }

  func validate() throws {
    let rates = [
      ("duplicates", duplicates), ("late", late), ("updates", updates), ("stale", stale),
      ("deletes", deletes), ("malformed", malformed),
    ]
    if let truth {
      // Better now than after an hour.
      let folder = URL(filePath: truth).deletingLastPathComponent().path
      guard FileManager.default.isWritableFile(atPath: folder) else {
        throw ValidationError("--truth: \(folder) is not a folder that can be written to")
      }
    }
    for (name, rate) in rates where !(0...1).contains(rate) {
      throw ValidationError("--\(name) is a chance from 0 to 1, such as 0.01")
    }
  }
}
