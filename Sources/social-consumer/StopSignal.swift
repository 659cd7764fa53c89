import Foundation
import Synchronization

private let raised = Atomic<Bool>(false)

/// Raised by SIGINT and SIGTERM: the work in hand is finished then. A second signal ends the process.
enum StopSignal {
  /// Begins to listen for the signals.
  static func install() {
    // The handler must not be the first to touch the flag, since making it takes a lock.
    raised.store(false, ordering: .relaxed)
    for number in [SIGINT, SIGTERM] {
      signal(number) { number in
        if raised.exchange(true, ordering: .relaxed) { _exit(128 + number) }
      }
    }
  }

  /// Whether a signal came.
  static var isRaised: Bool { raised.load(ordering: .relaxed) }
}
