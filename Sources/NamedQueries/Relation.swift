import PostStore
import Posts

/// A table that queries read: posts, or facts about them, already narrowed to the scope.
///
/// A query names relations, since window and filters do not narrow a table of the store. Where the rows come from is the engine's to
/// choose: rows of facts are sums of posts, taken from rollups where those hold whole buckets of the
/// window, and from single posts elsewhere. A query has to add them up; counts of accounts are whole already.
enum Relation: String, CaseIterable {
  /// One row for each post, with all that is known of it.
  case posts = "scoped_posts"
  /// One row for each hashtag of each post; `post_id` says which post.
  case postHashtags = "post_hashtags"
  /// Engagement by platform, sentiment and topic.
  case postFacts = "post_facts"
  /// Engagement by hashtag: a post counts for each of its tags.
  case hashtagFacts = "hashtag_facts"
  /// Engagement by location, of posts that have one.
  case locationFacts = "location_facts"
  /// Engagement by content type and post type.
  case contentFacts = "content_facts"
  /// Engagement by language.
  case languageFacts = "language_facts"
  /// How many posts have which engagement rate, in 0.01 %.
  case rateFacts = "rate_facts"
  /// One row, or where a query reads buckets one for each: how many accounts posted.
  case accountCounts = "account_counts"
  /// One row for each hashtag: how many accounts used it.
  case hashtagAccounts = "hashtag_accounts"
  /// Engagement by account: a user as one name on one platform, and what its posts say of it.
  case accountFacts = "account_facts"
  /// As `post_facts`, of the equally long window before; empty if the window has no start.
  case previousPostFacts = "previous_post_facts"
  /// As `hashtag_facts`, of the equally long window before; empty if the window has no start.
  case previousHashtagFacts = "previous_hashtag_facts"
  /// As `post_facts`, of the 24 buckets before the one that the window starts in.
  case leadingPostFacts = "leading_post_facts"
  /// One row: when the newest post was posted, or NULL if there is none. Of pruned posts it needs to know
  /// nothing as long as one of the scope is left.
  case newestPost = "newest_post"
  /// One row, whatever the scope: when the store last changed, or NULL if it never did.
  case storeState = "store_state"
  /// One row for each partition, whatever the scope: how far it was read, and what became of its
  /// messages.
  case ingestPartitions = "ingest_partitions"
  /// Messages that are no post, by partition and reason, whatever the scope.
  case ingestRejections = "ingest_rejections"
  /// Messages with a post by partition and by how late they came, whatever the scope.
  case ingestLateness = "ingest_lateness"

  /// What a relation is made of.
  enum Source {
    /// The time of the newest post.
    case newestPost
    /// Single posts.
    case posts
    /// The hashtags of single posts.
    case postHashtags
    /// A rollup, and single posts where it has no whole buckets.
    case facts(FactShape)
    /// How many accounts posted.
    case accountCounts
    /// How many accounts used each hashtag.
    case hashtagAccounts
    /// The same rows for every scope: a statement.
    case store(String)
  }

  /// What it is made of.
  var source: Source {
    switch self {
    case .posts: .posts
    case .postHashtags: .postHashtags
    case .postFacts, .previousPostFacts, .leadingPostFacts: .facts(FactShape(.base))
    case .hashtagFacts, .previousHashtagFacts: .facts(FactShape(.hashtag))
    case .locationFacts: .facts(FactShape(.location))
    case .contentFacts: .facts(FactShape(.content))
    case .languageFacts: .facts(FactShape(.language))
    case .accountFacts: .facts(FactShape(.account))
    case .rateFacts: .facts(.rates)
    case .accountCounts: .accountCounts
    case .hashtagAccounts: .hashtagAccounts
    case .newestPost: .newestPost
    case .storeState: .store("SELECT NULLIF(changed_us, 0) AS changed_us FROM main.store_version")
    case .ingestPartitions:
      .store(
        """
        SELECT topic || '[' || "partition" || ']' AS part, next_offset, end_offset, stored, duplicate, updated,
            stale, deleted, ignored, rejected, missing,
            MIN(MAX(newest_ms, 0), 253402300799999) * 1000 AS newest_us, committed_us
          FROM main.kafka_partitions
        """)
    case .ingestRejections:
      .store(
        """
        SELECT topic || '[' || "partition" || ']' AS part, field || ': ' || problem AS reason, messages
          FROM main.rejection_counts
        """)
    case .ingestLateness:
      .store(
        """
        SELECT topic || '[' || "partition" || ']' AS part, at_least_s, messages FROM main.lateness_counts
        """)
    }
  }

  /// Which instants it is about.
  var span: ResolvedScope.Span {
    switch self {
    case .previousPostFacts, .previousHashtagFacts: .previous
    case .leadingPostFacts: .leading
    default: .window
    }
  }

  /// The rollup that it can be answered from; nil if only from posts.
  var rollup: Rollup? {
    switch source {
    case .facts(let shape): shape.rollup
    case .accountCounts: .account
    case .hashtagAccounts, .newestPost, .posts, .postHashtags, .store: nil
    }
  }
}
