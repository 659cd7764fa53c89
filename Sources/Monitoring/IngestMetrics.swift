import Ingest
import PostStore
import Posts
import Synchronization

/// What a running consumer does, for those who watch it from outside.
///
/// It is told of events by the thread that takes messages in, a few times for each batch, and asked by
/// others.
public final class IngestMetrics: Sendable {
  /// What is known at an instant.
  public struct State: Sendable {
    /// When the consumer last turned to its work, whether or not there was any; nil before it begins, while
    /// the store is opened and may be migrated for as long as that takes.
    public var lastTurn: ContinuousClock.Instant?
    /// Whether it is a member of its group, which may have more members than partitions.
    public var isMember = false
    /// Why nothing is read now; nil if it is.
    public var obstacle: String?
    /// What was taken in since the start.
    public var progress = IngestProgress()
    /// The partitions that it reads.
    public var assigned: Set<PartitionID> = []
  }

  private let state: Mutex<State>

  /// A consumer that has just started.
  public init() { state = Mutex(State()) }

  /// What is known now.
  public var current: State { state.withLock { $0 } }

  /// Takes note that the consumer is at work.
  public func turn() { state.withLock { $0.lastTurn = .now } }

  /// Takes note of an event.
  public func note(_ event: IngestEvent) {
    state.withLock { state in
      if state.lastTurn != nil { state.lastTurn = .now }
      switch event {
      case .assigned(let positions):
        state.lastTurn = .now
        state.isMember = true
        // A cooperative group gives what is new, others give all after they took all.
        state.assigned.formUnion(positions.keys)
      case .revoked(let partitions):
        state.assigned.subtract(partitions)
        if state.assigned.isEmpty {
          state.isMember = false
          // What waits for the store is another consumer's to write now.
          state.obstacle = nil
        }
      case .committed(let progress):
        state.progress = progress
        // One that came in the midst of a rebalance is not told to be over.
        state.obstacle = nil
      case .storeWaits(let error): state.obstacle = "\(error)"
      case .storeResumed: state.obstacle = nil
      case .neverWritten, .missing, .endsEarly, .fenced, .refused, .kafka, .rejected, .deadLettered:
        break
      }
    }
  }
}

extension IngestMetrics.State {
  /// So long the consumer may be silent: it turns to its work several times a second, but waits for the
  /// store, and for a broker that does not answer, longer.
  public static let patience = Duration.seconds(120)

  /// Why the process is to be started again; nil if it is well.
  public func ailment(at now: ContinuousClock.Instant) -> String? {
    guard let lastTurn else { return nil }
    let silence = now - lastTurn
    return silence <= Self.patience
      ? nil : "nothing was done for \(silence.components.seconds) s"
  }

  /// Why posts do not come into the store now; nil if they do.
  public func hindrance(at now: ContinuousClock.Instant) -> String? {
    if let ailment = ailment(at: now) { return ailment }
    if let obstacle { return obstacle }
    return isMember ? nil : "the group has not given any partition yet"
  }
}
