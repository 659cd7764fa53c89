import Ingest
import PostStore
import Posts
import Testing

@testable import Monitoring

/// The text that Prometheus reads.
@Suite struct MetricsTextTests {
  @Test func samplesAreWrittenAsTheFormatWants() {
    var text = MetricsText()
    text.add("a_total", .counter, "Counts.", [([("reason", "x\\y\"z\nw")], 3), ([], nil)])
    text.add("b", .gauge, "Half.", 0.5)
    text.add("c", .gauge, "Not known.", nil)
    #expect(
      text.text == """
        # HELP a_total Counts.
        # TYPE a_total counter
        a_total{reason="x\\\\y\\"z\\nw"} 3
        # HELP b Half.
        # TYPE b gauge
        b 0.5

        """)
  }

  @Test func bucketsOfAHistogramAddUp() {
    var histogram = Histogram(bounds: [1, 10])
    for value in [0.5, 1, 2, 11, 100] { histogram.add(value) }
    var text = MetricsText()
    text.add("h", "Values.", histogram)
    #expect(
      text.text == """
        # HELP h Values.
        # TYPE h histogram
        h_bucket{le="1"} 2
        h_bucket{le="10"} 3
        h_bucket{le="+Inf"} 5
        h_sum 114.5
        h_count 5

        """)
  }

  @Test func aConsumerIsReadyWhileNothingHindersIt() {
    let metrics = IngestMetrics()
    let partition = PartitionID(topic: "t", partition: 0)
    #expect(metrics.current.hindrance(at: .now) != nil)
    #expect(metrics.current.ailment(at: .now) == nil)
    metrics.note(.assigned([partition: 0]))
    #expect(metrics.current.hindrance(at: .now) == nil)
    metrics.note(.storeWaits(StoreError(.full, "no room")))
    #expect(metrics.current.hindrance(at: .now) == "no room")
    #expect(metrics.current.ailment(at: .now) == nil)
    metrics.note(.storeResumed)
    #expect(metrics.current.hindrance(at: .now) == nil)
    metrics.note(.revoked([partition]))
    #expect(metrics.current.assigned.count == 0)
    let later = ContinuousClock.now + IngestMetrics.State.patience + .seconds(1)
    #expect(metrics.current.ailment(at: later) != nil)
    metrics.turn()
    #expect(metrics.current.ailment(at: .now) == nil)
  }

  private let reads = [
    PartitionID(topic: "t", partition: 0), PartitionID(topic: "t", partition: 1),
  ]

  private func hindrance(after events: IngestEvent...) -> String? {
    let metrics = IngestMetrics()
    events.forEach(metrics.note)
    return metrics.current.hindrance(at: .now)
  }

  @Test func withoutThePartitionsThatItHadItIsNotReady() {
    let both = IngestEvent.assigned([reads[0]: 0, reads[1]: 7])
    #expect(hindrance(after: both, .revoked(reads)) != nil)
    #expect(hindrance(after: both, .revoked([reads[0]])) == nil)
    #expect(hindrance(after: both, .revoked(reads), .assigned([reads[1]: 9])) == nil)
    // A group may have more members than partitions.
    #expect(hindrance(after: .assigned([:])) == nil)
  }

  @Test func aCooperativeGroupGivesWhatIsNew() {
    let metrics = IngestMetrics()
    metrics.note(.assigned([reads[0]: 0]))
    metrics.note(.assigned([reads[1]: 0]))
    metrics.note(.assigned([:]))
    #expect(metrics.current.assigned.count == 2)
    metrics.note(.revoked([reads[1]]))
    #expect(metrics.current.assigned == [reads[0]])
  }

  @Test func aPauseEndsWithTheNextBatchOrWithThePartitions() {
    let waits = IngestEvent.storeWaits(StoreError(.full, "no room"))
    let assigned = IngestEvent.assigned([reads[0]: 0])
    #expect(hindrance(after: assigned, waits) == "no room")
    #expect(hindrance(after: assigned, waits, .committed(IngestProgress())) == nil)
    #expect(hindrance(after: assigned, waits, .revoked([reads[0]]), assigned) == nil)
  }

  /// A large store may take hours to be brought to a newer schema, and must not be killed meanwhile.
  @Test func beforeItBeginsItIsNotSilent() {
    let metrics = IngestMetrics()
    metrics.note(.storeWaits(StoreError(.busy, "locked")))
    metrics.note(.storeResumed)
    let later = ContinuousClock.now + .seconds(9999)
    #expect(metrics.current.ailment(at: later) == nil)
    #expect(metrics.current.hindrance(at: later) != nil)
    metrics.turn()
    #expect(metrics.current.ailment(at: later) != nil)
  }
}
