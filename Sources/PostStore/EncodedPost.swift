import Posts

/// A post as a row of `posts`: every text is the id of its dictionary entry.
///
/// A dictionary gives different texts different ids, so that two posts are equal exactly when their
/// rows are.
struct EncodedPost: Equatable, Sendable {
  var createdMicroseconds: Int64
  var user: Int64
  var username: Int64
  var platform: Int64
  var postType: Int64
  var contentType: Int64
  var topic: Int64
  var language: Int64
  var location: Int64?
  var sentiment: Int64
  var likes: Int64
  var shares: Int64
  var comments: Int64
  var views: Int64?
  var rateHundredths: Int64
  var followers: Int64
  var isVerified: Bool
  var isInfluencer: Bool
  var isViral: Bool
  /// The ids of the spellings, as the JSON array of the column.
  var hashtags: String
}

/// Turns posts into rows.
final class PostEncoding {
  private let users, usernames, platforms, postTypes, contentTypes, topics, languages,
    locations: TextDictionary
  private let hashtags: HashtagDictionary

  /// How many different platforms a store takes, and how many topics, languages and types.
  static let kindLimit: Int64 = 10_000

  init(connection: OpaquePointer, path: String) throws(StoreError) {
    func dictionary(
      _ table: String, _ column: String, limit: Int64? = nil
    ) throws(StoreError) -> TextDictionary {
      try TextDictionary(
        table: table, column: column, limit: limit, connection: connection, path: path)
    }
    users = try dictionary("users", "user_id")
    usernames = try dictionary("usernames", "username")
    platforms = try dictionary("platforms", "platform", limit: Self.kindLimit)
    postTypes = try dictionary("post_types", "post_type", limit: Self.kindLimit)
    contentTypes = try dictionary("content_types", "content_type", limit: Self.kindLimit)
    topics = try dictionary("topics", "topic", limit: Self.kindLimit)
    languages = try dictionary("languages", "language", limit: Self.kindLimit)
    locations = try dictionary("locations", "location")
    hashtags = try HashtagDictionary(connection: connection, path: path)
  }

  /// The row of a post; texts that are new get an id.
  func encode(_ post: Post) throws(StoreError) -> PreparedPost {
    let platform = try platforms.id(of: post.platform)
    let postType = try postTypes.id(of: post.postType)
    let contentType = try contentTypes.id(of: post.contentType)
    let topic = try topics.id(of: post.topic)
    let language = try languages.id(of: post.language)
    let texts = PreparedPost.Texts(
      user: try users.id(of: post.userID), username: try usernames.id(of: post.username),
      platform: platform, postType: postType, contentType: contentType, topic: topic,
      language: language, location: try post.location.map(locations.id))
    var entries: [HashtagDictionary.Entry] = []
    for tag in post.hashtags { entries.append(try hashtags.entry(of: tag)) }
    return PreparedPost(post, texts, entries)
  }

  /// What is remembered of all dictionaries.
  var preparation: PostPreparation {
    PostPreparation(
      users: users.ids, usernames: usernames.ids, platforms: platforms.ids,
      postTypes: postTypes.ids, contentTypes: contentTypes.ids, topics: topics.ids,
      languages: languages.ids, locations: locations.ids, hashtags: hashtags.entries)
  }

  /// The ids of the hashtags of a row.
  func hashtags(of row: EncodedPost) throws(StoreError) -> [Int64] {
    var ids: [Int64] = []
    for spelling in row.hashtags.dropFirst().dropLast().split(separator: ",") {
      ids.append(try hashtags.hashtag(ofSpelling: Int64(spelling) ?? 0))
    }
    return ids
  }

  /// All but the hashtags.
  private var dictionaries: [TextDictionary] {
    [users, usernames, platforms, postTypes, contentTypes, topics, languages, locations]
  }

  /// Must be called at the start of every transaction: throws if the store was put back to an earlier state, so
  /// that what is remembered is not so any longer.
  func begin() throws(StoreError) {
    for dictionary in dictionaries { try dictionary.begin() }
    try hashtags.begin()
  }

  /// Forgets every id, since a rollback took back the ones it gave.
  func forget() {
    for dictionary in dictionaries { dictionary.forget() }
    hashtags.forget()
  }
}

extension Sentiment {
  /// The id in table `sentiments`, which its migration fills.
  var storedID: Int64 {
    switch self {
    case .positive: 1
    case .neutral: 2
    case .negative: 3
    }
  }
}
