-- title: Content types
-- help: The average likes, comments, shares and engagement rate of the posts of each content type, the best engagement rate first.
-- column: content_type text
-- column: posts count
-- column: avg_likes number
-- column: avg_comments number
-- column: avg_shares number
-- column: avg_engagement_rate percent
-- chart: bar x=content_type y=avg_engagement_rate
SELECT
  content_type,
  posts,
  (100 * (likes / posts) + (200 * (likes % posts) + posts) / (2 * posts)) / 100.0 AS avg_likes,
  (100 * (comments / posts) + (200 * (comments % posts) + posts) / (2 * posts)) / 100.0 AS avg_comments,
  (100 * (shares / posts) + (200 * (shares % posts) + posts) / (2 * posts)) / 100.0 AS avg_shares,
  (2 * rate_sum + posts) / (2 * posts) / 100.0 AS avg_engagement_rate
FROM (
  SELECT
    content_type,
    CAST(SUM(posts) AS BIGINT) AS posts,
    CAST(SUM(likes) AS BIGINT) AS likes,
    CAST(SUM(comments) AS BIGINT) AS comments,
    CAST(SUM(shares) AS BIGINT) AS shares,
    CAST(SUM(rate_sum) AS BIGINT) AS rate_sum
  FROM content_facts
  GROUP BY content_type
) AS f
-- The rates are compared as they are, before they are rounded.
ORDER BY CAST(rate_sum AS DOUBLE PRECISION) / posts DESC, content_type
