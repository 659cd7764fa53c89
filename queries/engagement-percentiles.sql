-- title: Engagement percentiles
-- help: The engagement rate that 50, 90 and 99 percent of the posts of each platform do not exceed, by the nearest rank.
-- column: platform text
-- column: posts count
-- column: p50 percent
-- column: p90 percent
-- column: p99 percent
-- chart: bar x=platform y=p50,p90,p99
SELECT
  platform,
  posts,
  MIN(CASE WHEN 100 * place >= 50 * posts THEN rate_hundredths END) / 100.0 AS p50,
  MIN(CASE WHEN 100 * place >= 90 * posts THEN rate_hundredths END) / 100.0 AS p90,
  MIN(CASE WHEN 100 * place >= 99 * posts THEN rate_hundredths END) / 100.0 AS p99
FROM (
  SELECT
    platform,
    rate_hundredths,
    CAST(SUM(posts) OVER (PARTITION BY platform ORDER BY rate_hundredths) AS BIGINT) AS place,
    CAST(SUM(posts) OVER (PARTITION BY platform) AS BIGINT) AS posts
  FROM (
    SELECT platform, rate_hundredths, CAST(SUM(posts) AS BIGINT) AS posts
    FROM rate_facts
    GROUP BY platform, rate_hundredths
  ) AS r
) AS f
GROUP BY platform, posts
ORDER BY platform
