-- title: Sentiment trend
-- help: Positive, neutral and negative posts in each bucket of time. Buckets are whole minutes, hours or days of the time zone.
-- help: Net sentiment is the share of positive posts less that of negative ones: from -100, all negative, to 100, all positive.
-- bucket: hour
-- column: bucket time
-- column: positive count
-- column: neutral count
-- column: negative count
-- column: net_sentiment percent
-- chart: line x=bucket y=positive,neutral,negative
SELECT
  bucket,
  positive,
  neutral,
  negative,
  -- Halves are rounded away from zero on either side of it.
  (20000 * (positive - negative) + CASE WHEN positive < negative THEN -posts ELSE posts END)
    / (2 * posts) / 100.0 AS net_sentiment
FROM (
  SELECT
    bucket,
    CAST(SUM(posts) AS BIGINT) AS posts,
    CAST(SUM(CASE WHEN sentiment = 'positive' THEN posts ELSE 0 END) AS BIGINT) AS positive,
    CAST(SUM(CASE WHEN sentiment = 'neutral' THEN posts ELSE 0 END) AS BIGINT) AS neutral,
    CAST(SUM(CASE WHEN sentiment = 'negative' THEN posts ELSE 0 END) AS BIGINT) AS negative
  FROM post_facts
  GROUP BY bucket
) AS f
ORDER BY bucket
