-- title: Trending hashtags
-- help: The hashtags that more posts have than could be expected from the equally long window before, the most surprising first.
-- help: The score is (posts - expected)² / expected; at least 1 post is expected. Without --since nothing comes before.
-- param: limit integer 1..10000 = 15 | how many hashtags to list
-- param: min-accounts integer 1.. = 5 | how many accounts have to use a hashtag, so that no single one makes a trend
-- column: hashtag text
-- column: posts count
-- column: accounts count
-- column: previous count
-- column: growth_pct percent
-- column: score number
-- chart: bar x=hashtag y=score
WITH counts AS (
  SELECT
    hashtag_id,
    CAST(SUM(posts) AS BIGINT) AS posts,
    CAST(SUM(previous) AS BIGINT) AS previous
  FROM (
    SELECT hashtag_id, posts, 0 AS previous FROM hashtag_facts
    UNION ALL
    SELECT hashtag_id, 0 AS posts, posts AS previous FROM previous_hashtag_facts
  ) AS f
  GROUP BY hashtag_id
),
risen AS (
  SELECT
    hashtag_id,
    posts,
    previous,
    posts - CASE WHEN previous < 1 THEN 1 ELSE previous END AS surplus,
    CASE WHEN previous < 1 THEN 1 ELSE previous END AS expected
  FROM counts
  WHERE posts > previous AND posts > 1
)
SELECT
  u.hashtag,
  risen.posts,
  u.accounts,
  risen.previous,
  (20000 * (risen.posts - risen.previous) + risen.previous) / NULLIF(2 * risen.previous, 0) / 100.0
    AS growth_pct,
  (200 * risen.surplus * risen.surplus + risen.expected) / (2 * risen.expected) / 100.0 AS score
FROM risen
JOIN hashtag_accounts AS u ON u.hashtag_id = risen.hashtag_id
WHERE u.accounts >= :min_accounts
ORDER BY 1.0 * risen.surplus * risen.surplus / risen.expected DESC, u.hashtag_key
LIMIT :limit
