import ArgumentParser
import Foundation
import Posts
import Signals
import StandardStreams
import SyntheticPosts

@main
struct SocialProducer: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "social-producer",
    abstract: "Publishes made-up social-media posts to Kafka.",
    discussion: """
      Messages are JSON, keyed by post_id. The same --seed and --start give the same history, and \
      with --start the same live posts too, so that a run can be repeated; both are shown on \
      stderr. Record times of a history lie in the hour before the start, so that a broker's \
      retention spares it; later versions of a post bear later record times, and for that the \
      topic must keep the producer's (message.timestamp.type=CreateTime, the default).

      Exit codes: 0 done or stopped by SIGINT or SIGTERM, 1 failed or not everything was \
      delivered, 64 usage.
      """)

  @OptionGroup(title: "Destination") var destination: DestinationOptions
  @OptionGroup(title: "Posts") var posts: PostOptions
  @OptionGroup(title: "Trouble, as the chance from 0 to 1 that it befalls a post")
  var trouble: TroubleOptions

  static func main() {
    StandardStreams.secure()
    main(nil)
  }

  func validate() throws {
    if destination.print, destination.maxLag != nil {
      throw ValidationError("--max-lag is about a consumer of Kafka; leave it out with --print")
    }
  }

  func run() throws {
    let kafka = destination.print ? nil : try destination.kafka()
    let seed = posts.seed ?? UInt64.random(in: 1...999_999_999)
    let start = posts.start ?? .now
    let plan = Plan(
      start: start, history: posts.history(seed: seed, start: start),
      continuesLive: !posts.backfillOnly, pace: posts.rate,
      stampsByClock: posts.start == nil && !destination.print, isPrinted: destination.print,
      count: posts.count, duration: posts.duration)
    StopSignal.install()
    StandardError.say("seed \(seed), start \(start.iso8601())")

    let sink: any MessageSink =
      try kafka.map { kafka in
        try KafkaSink(
          kafka, topic: destination.topic, timeout: destination.timeout,
          limit: destination.maxLag.map { ($0, destination.group) })
      } ?? PrintSink(asEnvelopes: trouble.rates != .none)
    let stream = MessageStream(
      generator: PostGenerator(seed: seed, accounts: posts.accounts), faults: trouble.rates)
    let production = Production(
      plan: plan, stream: stream, sink: sink, keepsTruth: trouble.truth != nil)
    try production.run()
    let hasReaderGone = sink.problem == nil && !production.hasArrived
    // Who has seen enough, such as `head`, wants no figures of what was not seen.
    if !hasReaderGone { StandardError.say(production.summary) }
    if let problem = sink.problem {
      let truth = trouble.truth.map { "; \($0) is not written" } ?? ""
      StandardError.say("Error: \(problem)\(truth)")
      throw ExitCode.failure
    }
    guard let path = trouble.truth else { return }
    guard !hasReaderGone else {
      return StandardError.say(
        "the reader of stdout has gone before the end; \(path) is not written")
    }
    try production.truth?.export(to: path)
  }
}
