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
    #expect(metrics.current.partitions == 0)
    let later = ContinuousClock.now + IngestMetrics.State.patience + .seconds(1)
    #expect(metrics.current.ailment(at: later) != nil)
    metrics.turn()
    #expect(metrics.current.ailment(at: .now) == nil)
  }
}
