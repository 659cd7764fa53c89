-- title: Languages
-- help: The languages of the most posts, with the engagement of those posts and their average engagement rate.
-- param: limit integer 1..10000 = 20 | how many languages to list
-- column: language text
-- column: posts count
-- column: likes count
-- column: comments count
-- column: shares count
-- column: avg_engagement_rate percent
-- chart: bar x=language y=posts
SELECT
  language,
  posts,
  likes,
  comments,
  shares,
  (2 * rate_sum + posts) / (2 * posts) / 100.0 AS avg_engagement_rate
FROM (
  SELECT
    language,
    CAST(SUM(posts) AS BIGINT) AS posts,
    CAST(SUM(likes) AS BIGINT) AS likes,
    CAST(SUM(comments) AS BIGINT) AS comments,
    CAST(SUM(shares) AS BIGINT) AS shares,
    CAST(SUM(rate_sum) AS BIGINT) AS rate_sum
  FROM language_facts
  GROUP BY language
) AS f
ORDER BY posts DESC, language
LIMIT :limit
