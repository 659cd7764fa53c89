import ArgumentParser
import NamedQueries

/// Which posts a command is about.
struct FilterOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      """
      From when: a time back from --until such as 15m, 1h, 24h, 7d or 4w; today, yesterday, a date, or \
      ISO 8601.
      """, valueName: "time"))
  var since: String?

  @Option(
    help: ArgumentHelp(
      "Until when, not included; the same forms, back from now. Default: now.", valueName: "time"))
  var until: String?

  @Flag(
    help: """
      The equally long window before that one, with which queries compare it; of one that is still \
      running, as much of it.
      """)
  var previous = false

  @Option(
    help: ArgumentHelp(
      """
      Only this platform; repeat, or use commas, for any of several. A name with a comma stands in \
      double quotes.
      """))
  var platform: [String] = []

  @Option(help: ArgumentHelp("Only this sentiment: positive, neutral or negative."))
  var sentiment: [String] = []

  @Option(help: ArgumentHelp("Only this topic; repeat, or use commas, for any of several."))
  var topic: [String] = []

  @Flag(help: "Only viral posts.")
  var viral = false

  @Option(
    help: ArgumentHelp(
      "The time zone of days and of shown times, such as Europe/Paris.", valueName: "zone"))
  var tz = Variable.zone.value ?? "UTC"

  func validate() throws {
    if let name = Variable.zone.value, tz == name, (try? Zone(name)) == nil {
      throw ValidationError(
        "$\(Variable.zone.rawValue) is '\(name)', which is no time zone: set it to one such as Europe/Paris."
      )
    }
  }

  /// The same in words.
  var request: ScopeRequest {
    var request = ScopeRequest()
    (request.since, request.until) = (since, until)
    request.isPrevious = previous
    (request.platforms, request.sentiments, request.topics) = (platform, sentiment, topic)
    request.viralOnly = viral
    request.zone = tz
    return request
  }
}
