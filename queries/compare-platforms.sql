-- title: Platforms compared
-- help: Posts, likes, comments and shares of each platform, with the change against the equally long window before.
-- help: A window that is still running is compared with the same part of the one before. Without --since nothing comes before.
-- column: platform text
-- column: posts count
-- column: previous_posts count
-- column: posts_change count
-- column: posts_change_pct percent
-- column: likes count
-- column: previous_likes count
-- column: likes_change count
-- column: likes_change_pct percent
-- column: comments count
-- column: previous_comments count
-- column: comments_change count
-- column: comments_change_pct percent
-- column: shares count
-- column: previous_shares count
-- column: shares_change count
-- column: shares_change_pct percent
-- chart: bar x=platform y=posts,previous_posts
WITH sums AS (
  SELECT platform, 1 AS is_current, posts, likes, comments, shares FROM post_facts
  UNION ALL
  SELECT platform, 0 AS is_current, posts, likes, comments, shares FROM previous_post_facts
),
measures AS (
  SELECT platform, is_current, 'posts' AS measure, posts AS amount FROM sums
  UNION ALL
  SELECT platform, is_current, 'likes', likes FROM sums
  UNION ALL
  SELECT platform, is_current, 'comments', comments FROM sums
  UNION ALL
  SELECT platform, is_current, 'shares', shares FROM sums
),
compared AS (
  SELECT
    platform,
    measure,
    CAST(SUM(CASE WHEN is_current = 1 THEN amount ELSE 0 END) AS BIGINT) AS amount,
    CAST(SUM(CASE WHEN is_current = 1 THEN 0 ELSE amount END) AS BIGINT) AS previous
  FROM measures
  GROUP BY platform, measure
),
changes AS (
  SELECT
    platform,
    measure,
    amount,
    previous,
    amount - previous AS change,
    -- Beyond 4 * 10^14 the product would not fit: a double is near enough there.
    CASE
      WHEN amount < 400000000000000 AND previous < 400000000000000 THEN
        (20000 * (amount - previous) + CASE WHEN amount < previous THEN -previous ELSE previous END)
          / NULLIF(2 * previous, 0) / 100.0
      ELSE ROUND(10000.0 * (amount - previous) / NULLIF(previous, 0)) / 100.0
    END AS change_pct
  FROM compared
)
SELECT
  platform,
  MAX(CASE WHEN measure = 'posts' THEN amount END) AS posts,
  MAX(CASE WHEN measure = 'posts' THEN previous END) AS previous_posts,
  MAX(CASE WHEN measure = 'posts' THEN change END) AS posts_change,
  MAX(CASE WHEN measure = 'posts' THEN change_pct END) AS posts_change_pct,
  MAX(CASE WHEN measure = 'likes' THEN amount END) AS likes,
  MAX(CASE WHEN measure = 'likes' THEN previous END) AS previous_likes,
  MAX(CASE WHEN measure = 'likes' THEN change END) AS likes_change,
  MAX(CASE WHEN measure = 'likes' THEN change_pct END) AS likes_change_pct,
  MAX(CASE WHEN measure = 'comments' THEN amount END) AS comments,
  MAX(CASE WHEN measure = 'comments' THEN previous END) AS previous_comments,
  MAX(CASE WHEN measure = 'comments' THEN change END) AS comments_change,
  MAX(CASE WHEN measure = 'comments' THEN change_pct END) AS comments_change_pct,
  MAX(CASE WHEN measure = 'shares' THEN amount END) AS shares,
  MAX(CASE WHEN measure = 'shares' THEN previous END) AS previous_shares,
  MAX(CASE WHEN measure = 'shares' THEN change END) AS shares_change,
  MAX(CASE WHEN measure = 'shares' THEN change_pct END) AS shares_change_pct
FROM changes
GROUP BY platform
ORDER BY
  MAX(CASE WHEN measure = 'posts' THEN amount END) DESC,
  MAX(CASE WHEN measure = 'posts' THEN previous END) DESC,
  platform
