-- title: Top topics
-- help: The topics with the most likes, with all engagement and the mean engagement rate of their posts.
-- param: limit integer 1..10000 = 8 | how many topics to list
-- column: topic text
-- column: posts count
-- column: likes count
-- column: comments count
-- column: shares count
-- column: avg_engagement_rate percent
-- chart: bar x=topic y=likes,comments,shares
SELECT
  topic,
  posts,
  likes,
  comments,
  shares,
  (2 * rate_sum + posts) / (2 * posts) / 100.0 AS avg_engagement_rate
FROM (
  SELECT
    topic,
    CAST(SUM(posts) AS BIGINT) AS posts,
    CAST(SUM(likes) AS BIGINT) AS likes,
    CAST(SUM(comments) AS BIGINT) AS comments,
    CAST(SUM(shares) AS BIGINT) AS shares,
    CAST(SUM(rate_sum) AS BIGINT) AS rate_sum
  FROM post_facts
  GROUP BY topic
) AS f
ORDER BY likes DESC, topic
LIMIT :limit
