-- title: Platforms compared
-- help: Posts, likes, comments and shares of each platform, with the change against the equally long window before.
-- help: A window that is still running is compared with the same part of the one before. Without --since nothing comes before.
-- column: platform text
-- column: posts count
-- column: previous_posts count
-- column: posts_change count
-- column: posts_change_pct percent
-- column: likes count
-- column: likes_change count
-- column: likes_change_pct percent
-- column: comments count
-- column: comments_change count
-- column: comments_change_pct percent
-- column: shares count
-- column: shares_change count
-- column: shares_change_pct percent
-- chart: bar x=platform y=posts,previous_posts
SELECT
  platform,
  posts,
  previous_posts,
  posts - previous_posts AS posts_change,
  (20000 * (posts - previous_posts)
    + CASE WHEN posts < previous_posts THEN -previous_posts ELSE previous_posts END)
    / NULLIF(2 * previous_posts, 0) / 100.0 AS posts_change_pct,
  likes,
  likes - previous_likes AS likes_change,
  (20000 * (likes - previous_likes)
    + CASE WHEN likes < previous_likes THEN -previous_likes ELSE previous_likes END)
    / NULLIF(2 * previous_likes, 0) / 100.0 AS likes_change_pct,
  comments,
  comments - previous_comments AS comments_change,
  (20000 * (comments - previous_comments)
    + CASE WHEN comments < previous_comments THEN -previous_comments ELSE previous_comments END)
    / NULLIF(2 * previous_comments, 0) / 100.0 AS comments_change_pct,
  shares,
  shares - previous_shares AS shares_change,
  (20000 * (shares - previous_shares)
    + CASE WHEN shares < previous_shares THEN -previous_shares ELSE previous_shares END)
    / NULLIF(2 * previous_shares, 0) / 100.0 AS shares_change_pct
FROM (
  SELECT
    platform,
    CAST(SUM(posts) AS BIGINT) AS posts,
    CAST(SUM(previous_posts) AS BIGINT) AS previous_posts,
    CAST(SUM(likes) AS BIGINT) AS likes,
    CAST(SUM(previous_likes) AS BIGINT) AS previous_likes,
    CAST(SUM(comments) AS BIGINT) AS comments,
    CAST(SUM(previous_comments) AS BIGINT) AS previous_comments,
    CAST(SUM(shares) AS BIGINT) AS shares,
    CAST(SUM(previous_shares) AS BIGINT) AS previous_shares
  FROM (
    SELECT
      platform, posts, 0 AS previous_posts, likes, 0 AS previous_likes, comments,
      0 AS previous_comments, shares, 0 AS previous_shares
    FROM post_facts
    UNION ALL
    SELECT
      platform, 0 AS posts, posts AS previous_posts, 0 AS likes, likes AS previous_likes,
      0 AS comments, comments AS previous_comments, 0 AS shares, shares AS previous_shares
    FROM previous_post_facts
  ) AS both
  GROUP BY platform
) AS f
ORDER BY posts DESC, previous_posts DESC, platform
