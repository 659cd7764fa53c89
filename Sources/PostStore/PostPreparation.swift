import Posts

/// A post made ready to be stored.
public struct PreparedPost: Sendable {
  let postID: ExactString
  let row: EncodedPost
  /// The ids of its hashtags.
  let hashtags: [Int64]
  let hash: PostIDHash

  /// The ids of the texts of a post.
  struct Texts {
    let user, username, platform, postType, contentType, topic, language: Int64
    let location: Int64?
  }

  init(_ post: Post, _ texts: Texts, _ entries: [HashtagDictionary.Entry]) {
    postID = post.postID
    var tags = "["
    for entry in entries {
      if tags.utf8.count > 1 { tags += "," }
      tags += String(entry.spelling)
    }
    tags += "]"
    row = EncodedPost(
      createdMicroseconds: post.timestamp.microseconds,
      user: texts.user, username: texts.username, platform: texts.platform,
      postType: texts.postType, contentType: texts.contentType, topic: texts.topic,
      language: texts.language, location: texts.location, sentiment: post.sentiment.storedID,
      likes: post.likes, shares: post.shares, comments: post.comments, views: post.views,
      rateHundredths: post.engagementRate.hundredths, followers: post.followers,
      isVerified: post.isVerified, isInfluencer: post.isInfluencer, isViral: post.isViral,
      hashtags: tags)
    hashtags = entries.map(\.hashtag)
    hash = PostIDHash(post.postID)
  }
}

/// Makes posts ready to be stored whose texts a store remembers, beside the thread that writes.
///
/// It is a copy of what the store had given ids when it was asked for it. No id is ever given to another text,
/// so that the copy stays right, whoever writes to the store meanwhile, unless it is put back to an earlier state,
/// which a writer refuses.
public struct PostPreparation: Sendable {
  let users, usernames, platforms, postTypes, contentTypes, topics, languages,
    locations: TextTable<Int64>
  let hashtags: TextTable<HashtagDictionary.Entry>

  /// The post made ready; nil if the store may not know one of its texts yet.
  public func prepare(_ post: Post) -> PreparedPost? {
    var location: Int64?
    if let name = post.location {
      location = locations[name]
      guard location != nil else { return nil }
    }
    guard let user = users[post.userID], let username = usernames[post.username],
      let platform = platforms[post.platform], let postType = postTypes[post.postType],
      let contentType = contentTypes[post.contentType], let topic = topics[post.topic],
      let language = languages[post.language]
    else { return nil }
    var entries: [HashtagDictionary.Entry] = []
    entries.reserveCapacity(post.hashtags.count)
    for tag in post.hashtags {
      guard let entry = hashtags[tag.spelling] else { return nil }
      entries.append(entry)
    }
    return PreparedPost(
      post,
      PreparedPost.Texts(
        user: user, username: username, platform: platform, postType: postType,
        contentType: contentType, topic: topic, language: language, location: location), entries)
  }
}
