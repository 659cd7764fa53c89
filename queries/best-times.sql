-- title: Best times to post
-- help: Posts and their average engagement rate by day of the week and hour of the day, in the time zone. Weekday 1 is Monday.
-- column: weekday count
-- column: hour count
-- column: posts count
-- column: avg_engagement_rate percent
-- chart: heatmap x=weekday y=avg_engagement_rate series=hour
SELECT
  weekday,
  hour,
  posts,
  (2 * rate_sum + posts) / (2 * posts) / 100.0 AS avg_engagement_rate
FROM (
  SELECT
    weekday,
    hour,
    CAST(SUM(posts) AS BIGINT) AS posts,
    CAST(SUM(rate_sum) AS BIGINT) AS rate_sum
  FROM post_facts
  GROUP BY weekday, hour
) AS f
ORDER BY weekday, hour
