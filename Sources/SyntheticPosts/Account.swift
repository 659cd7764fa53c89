import Posts

/// One who posts; none of this changes while the population lasts.
public struct Account: Equatable, Sendable {
  /// The network's name for it, such as `USER_13304`.
  public let userID: ExactString
  /// The name that people see; no two accounts share one.
  public let username: ExactString
  /// Followers, from 100 to 100,000.
  public let followers: Int64
  /// Whether the network vouches for it, as for one in five.
  public let isVerified: Bool
  /// Whether it has 50,000 followers or more.
  public let isInfluencer: Bool
  /// The language it writes in.
  public let language: ExactString

  /// The networks it posts to, as indices of `Vocabulary.platforms`: mostly the first.
  let platforms: (home: Int, other: Int)
  /// The city that most of its posts with a place name, as an index of `Vocabulary.cities`.
  let homeCity: Int
  /// The topic that half of its posts are about, as an index of `Vocabulary.topics`.
  let favouriteTopic: Int

  public static func == (a: Account, b: Account) -> Bool {
    a.userID == b.userID && a.username == b.username && a.followers == b.followers
      && a.isVerified == b.isVerified && a.isInfluencer == b.isInfluencer
      && a.language == b.language && a.platforms == b.platforms && a.homeCity == b.homeCity
      && a.favouriteTopic == b.favouriteTopic
  }
}
