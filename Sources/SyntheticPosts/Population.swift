import Posts

/// The accounts of a seed and how active each is.
///
/// The original invents a new account for every post; then nobody posts twice, and a ranking of
/// accounts says nothing. Here a fixed population posts by Zipf's law.
public struct Population: Sendable {
  /// The accounts, the most active first.
  public let accounts: [Account]
  private let activity: AliasTable

  /// The largest population: as many as there are user ids of five digits.
  public static let largest = 90_000

  /// A population of 1 to ``largest`` accounts.
  public init(seed: UInt64, count: Int) {
    precondition((1...Population.largest).contains(count), "a population has 1 to 90,000 accounts")
    let languages = AliasTable(weights: Vocabulary.languages.map(\.weight))
    var names = UsernameSource()
    // 77,501 shares no factor with 90,000, so that the numbers do not repeat.
    var root = SplitMix64(seed: seed, purpose: .population, number: 0)
    let firstNumber = root.below(Population.largest)
    accounts = (0..<count).map { rank in
      var random = SplitMix64(seed: seed, purpose: .population, number: UInt64(rank) + 1)
      let number = 10_000 + (firstNumber + rank * 77_501) % Population.largest
      let followers = random.within(100...100_000)
      let platforms = Vocabulary.platforms.count
      return Account(
        userID: ExactString("USER_\(number)"), username: ExactString(names.next(&random)),
        followers: Int64(followers), isVerified: random.below(100) < 20,
        isInfluencer: followers >= 50_000,
        language: Vocabulary.languages[languages.draw(&random)].code,
        platforms: (home: random.below(platforms), other: random.below(platforms)),
        homeCity: random.below(Vocabulary.cities.count),
        favouriteTopic: random.below(Vocabulary.topics.count))
    }
    activity = .zipf(count: count, offset: 20)
  }

  func draw(_ random: inout SplitMix64) -> Int { activity.draw(&random) }
}

/// Makes usernames of the usual shapes, each once.
private struct UsernameSource {
  private var taken: Set<ExactString> = []

  mutating func next(_ random: inout SplitMix64) -> String {
    while true {
      let given = random.pick(Vocabulary.givenNames)
      let family = random.pick(Vocabulary.familyNames)
      let name =
        switch random.below(5) {
        case 0: given + family
        case 1: family + given
        case 2: String(given.prefix(1)) + family + String(random.within(1...999))
        case 3: given + String(random.within(1...9999))
        default: family + String(random.within(1...9999))
        }
      if taken.insert(ExactString(name)).inserted { return name }
    }
  }
}
