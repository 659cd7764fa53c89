-- title: Key figures
-- help: How many posts there are, what engagement they have, and how many viral posts, verified users and influencers are among them.
-- help: Users are counted once, however often they post. The average engagement rate is the mean of the posts' rates.
-- column: posts count
-- column: likes count
-- column: comments count
-- column: shares count
-- column: avg_engagement_rate percent
-- column: viral_posts count
-- column: verified_users count
-- column: influencers count
-- chart: cards y=posts,likes,comments,shares,avg_engagement_rate,viral_posts,verified_users,influencers
SELECT
  f.posts,
  f.likes,
  f.comments,
  f.shares,
  (2 * f.rate_sum + f.posts) / NULLIF(2 * f.posts, 0) / 100.0 AS avg_engagement_rate,
  f.viral_posts,
  a.verified_users,
  a.influencers
FROM (
  SELECT
    CAST(COALESCE(SUM(posts), 0) AS BIGINT) AS posts,
    CAST(COALESCE(SUM(likes), 0) AS BIGINT) AS likes,
    CAST(COALESCE(SUM(comments), 0) AS BIGINT) AS comments,
    CAST(COALESCE(SUM(shares), 0) AS BIGINT) AS shares,
    CAST(COALESCE(SUM(rate_sum), 0) AS BIGINT) AS rate_sum,
    CAST(COALESCE(SUM(CASE WHEN is_viral = 1 THEN posts ELSE 0 END), 0) AS BIGINT) AS viral_posts
  FROM post_facts
) AS f
CROSS JOIN account_counts AS a
