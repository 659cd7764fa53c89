-- title: Key figures over time
-- help: The key figures of each bucket of time that has posts. Buckets are whole minutes, hours or days of the time zone.
-- help: Users are counted once in each bucket that they post in.
-- bucket: hour
-- column: bucket time
-- column: posts count
-- column: likes count
-- column: comments count
-- column: shares count
-- column: avg_engagement_rate percent
-- column: viral_posts count
-- column: verified_users count
-- column: influencers count
-- chart: line x=bucket y=posts,likes,comments,shares,viral_posts,verified_users,influencers
SELECT
  f.bucket,
  f.posts,
  f.likes,
  f.comments,
  f.shares,
  (2 * f.rate_sum + f.posts) / (2 * f.posts) / 100.0 AS avg_engagement_rate,
  f.viral_posts,
  a.verified_users,
  a.influencers
FROM (
  SELECT
    bucket,
    CAST(SUM(posts) AS BIGINT) AS posts,
    CAST(SUM(likes) AS BIGINT) AS likes,
    CAST(SUM(comments) AS BIGINT) AS comments,
    CAST(SUM(shares) AS BIGINT) AS shares,
    CAST(SUM(rate_sum) AS BIGINT) AS rate_sum,
    CAST(SUM(CASE WHEN is_viral = 1 THEN posts ELSE 0 END) AS BIGINT) AS viral_posts
  FROM post_facts
  GROUP BY bucket
) AS f
JOIN account_counts AS a ON a.bucket = f.bucket
ORDER BY f.bucket
