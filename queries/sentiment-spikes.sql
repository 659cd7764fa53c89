-- title: Sentiment spikes
-- help: Buckets of time in which the share of negative posts lies far above that of the 24 buckets before: a crisis may have begun.
-- help: Far is more than --sigmas standard deviations above their mean. Buckets of fewer than --min-posts posts neither count nor stand for comparison.
-- help: Sigmas is empty if all buckets before had the same share.
-- param: sigmas number 0..100 = 3 | how many standard deviations above the mean
-- param: min-posts integer 1.. = 20 | how many posts a bucket needs
-- param: min-buckets integer 1..24 = 6 | how many of the 24 buckets before have to have that many
-- bucket: hour
-- column: bucket time
-- column: posts count
-- column: negative count
-- column: negative_share_pct percent
-- column: mean_pct percent
-- column: sigmas number
-- chart: bar x=bucket y=negative_share_pct,mean_pct
WITH buckets AS (
  SELECT
    bucket,
    bucket_number,
    MAX(is_asked) AS is_asked,
    CAST(SUM(posts) AS BIGINT) AS posts,
    CAST(SUM(CASE WHEN sentiment = 'negative' THEN posts ELSE 0 END) AS BIGINT) AS negative
  FROM (
    SELECT bucket, bucket_number, sentiment, posts, 1 AS is_asked FROM post_facts
    UNION ALL
    SELECT bucket, bucket_number, sentiment, posts, 0 AS is_asked FROM leading_post_facts
  ) AS f
  GROUP BY bucket, bucket_number
  HAVING SUM(posts) >= :min_posts
),
-- Shares in whole units of 10^-8: sums of squares of 24 of them, 24 times, stay below 2^63.
shares AS (
  SELECT
    bucket,
    bucket_number,
    is_asked,
    posts,
    negative,
    (200000000 * negative + posts) / (2 * posts) AS share
  FROM buckets
),
compared AS (
  SELECT
    bucket,
    posts,
    negative,
    share,
    is_asked,
    COUNT(*) OVER buckets_before AS n,
    SUM(share) OVER buckets_before AS total,
    SUM(share * share) OVER buckets_before AS squares
  FROM shares
  WINDOW buckets_before AS (ORDER BY bucket_number RANGE BETWEEN 24 PRECEDING AND 1 PRECEDING)
),
-- Both are n times as large as in words: the distance from the mean and the standard deviation, squared.
distances AS (
  SELECT
    bucket,
    posts,
    negative,
    n,
    CAST(total AS BIGINT) AS total,
    CAST(n * share - total AS BIGINT) AS distance,
    CAST(n * squares - total * total AS BIGINT) AS variance
  FROM compared
  WHERE is_asked = 1 AND n >= :min_buckets
)
SELECT
  bucket,
  posts,
  negative,
  (20000 * negative + posts) / (2 * posts) / 100.0 AS negative_share_pct,
  (2 * total + 10000 * n) / (20000 * n) / 100.0 AS mean_pct,
  FLOOR(100 * distance / SQRT(NULLIF(variance, 0)) + 0.5) / 100.0 AS sigmas
FROM distances
WHERE distance > 0 AND 1.0 * distance * distance > :sigmas * :sigmas * variance
ORDER BY bucket
