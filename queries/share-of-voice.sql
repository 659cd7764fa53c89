-- title: Share of voice
-- help: Which share of all posts each topic has, and how that changed against the equally long window before, in percentage points and in percent.
-- help: A window that is still running is compared with the same part of the one before. Without --since nothing comes before.
-- param: by choice topic,platform,sentiment = topic | what shares the posts among it
-- column: name text
-- column: posts count
-- column: share_pct percent
-- column: previous_posts count
-- column: previous_share_pct percent
-- column: share_change number
-- column: posts_change_pct percent
-- chart: bar x=name y=share_pct,previous_share_pct
WITH counts AS (
  SELECT
    name,
    CAST(SUM(posts) AS BIGINT) AS posts,
    CAST(SUM(previous_posts) AS BIGINT) AS previous_posts
  FROM (
    SELECT
      CASE WHEN :by = 'topic' THEN topic WHEN :by = 'platform' THEN platform ELSE sentiment END AS name,
      posts,
      0 AS previous_posts
    FROM post_facts
    UNION ALL
    SELECT
      CASE WHEN :by = 'topic' THEN topic WHEN :by = 'platform' THEN platform ELSE sentiment END AS name,
      0 AS posts,
      posts AS previous_posts
    FROM previous_post_facts
  ) AS f
  GROUP BY name
),
totals AS (
  SELECT
    CAST(SUM(posts) AS BIGINT) AS posts,
    CAST(SUM(previous_posts) AS BIGINT) AS previous_posts
  FROM counts
),
shares AS (
  SELECT
    counts.name,
    counts.posts,
    counts.previous_posts,
    (20000 * counts.posts + totals.posts) / NULLIF(2 * totals.posts, 0) AS share,
    (20000 * counts.previous_posts + totals.previous_posts) / NULLIF(2 * totals.previous_posts, 0)
      AS previous_share,
    -- The difference of the shares as they are, before they are rounded, over a common denominator.
    counts.posts * totals.previous_posts - counts.previous_posts * totals.posts AS difference,
    totals.posts * totals.previous_posts AS whole
  FROM counts
  CROSS JOIN totals
)
SELECT
  name,
  posts,
  share / 100.0 AS share_pct,
  previous_posts,
  previous_share / 100.0 AS previous_share_pct,
  -- Beyond 2 * 10^7 posts in both windows the product would not fit: a double is near enough there.
  CASE
    WHEN whole < 400000000000000 THEN
      (20000 * difference + CASE WHEN difference < 0 THEN -whole ELSE whole END)
        / NULLIF(2 * whole, 0) / 100.0
    ELSE ROUND(10000.0 * difference / whole) / 100.0
  END AS share_change,
  (20000 * (posts - previous_posts)
    + CASE WHEN posts < previous_posts THEN -previous_posts ELSE previous_posts END)
    / NULLIF(2 * previous_posts, 0) / 100.0 AS posts_change_pct
FROM shares
ORDER BY posts DESC, previous_posts DESC, name
