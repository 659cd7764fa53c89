-- title: Posts by platform
-- help: How many posts each platform has, and which share of all posts in the window that is.
-- column: platform text
-- column: posts count
-- column: share_pct percent
-- chart: pie x=platform y=posts
SELECT
  platform,
  posts,
  (20000 * posts + total) / NULLIF(2 * total, 0) / 100.0 AS share_pct
FROM (
  SELECT
    platform,
    CAST(SUM(posts) AS BIGINT) AS posts,
    (SELECT CAST(SUM(posts) AS BIGINT) FROM post_facts) AS total
  FROM post_facts
  GROUP BY platform
) AS f
ORDER BY posts DESC, platform
