import Foundation
import Synchronization

/// Whether SIGINT, SIGTERM or SIGHUP has asked the process to stop, so that it can finish the work in hand.
public enum StopSignal {
  private static let received = Atomic<Int32>(0)
  private static let isInstalled = Atomic<Bool>(false)

  /// Whether a signal came; false before ``install()``.
  public static var isReceived: Bool { number != nil }

  /// The number of the signal that came last.
  public static var number: Int32? {
    let number = received.load(ordering: .relaxed)
    return number == 0 ? nil : number
  }

  /// Catches the first signal of each kind; a second ends the process at once. Further calls change
  /// nothing, and a signal that the caller of the program has it ignore stays ignored.
  public static func install() {
    guard !isInstalled.exchange(true, ordering: .relaxed) else { return }
    // A handler must not be the first to touch a lazily made global, which takes a lock.
    _ = isReceived
    for number in [SIGINT, SIGTERM, SIGHUP] {
      var former = sigaction()
      guard sigaction(number, nil, &former) == 0, !isIgnored(former) else { continue }
      var action = sigaction()
      action.sa_flags = Int32(bitPattern: UInt32(truncatingIfNeeded: SA_RESETHAND))
      setHandler(of: &action) { StopSignal.received.store($0, ordering: .relaxed) }
      sigaction(number, &action, nil)
    }
  }

  private static func isIgnored(_ action: sigaction) -> Bool {
    #if canImport(Darwin)
      unsafeBitCast(action.__sigaction_u.__sa_handler, to: Int.self) == 1
    #else
      unsafeBitCast(action.__sigaction_handler.sa_handler, to: Int.self) == 1
    #endif
  }

  private static func setHandler(
    of action: inout sigaction, to handler: @escaping @convention(c) (Int32) -> Void
  ) {
    #if canImport(Darwin)
      action.__sigaction_u.__sa_handler = handler
    #else
      action.__sigaction_handler.sa_handler = handler
    #endif
  }
}
