-- title: Likes over time
-- help: Likes and posts of each platform in each bucket of time. Buckets are whole minutes, hours or days of the time zone.
-- bucket: hour
-- column: bucket time
-- column: platform text
-- column: posts count
-- column: likes count
-- chart: line x=bucket y=likes,posts series=platform
SELECT
  bucket,
  platform,
  SUM(posts) AS posts,
  SUM(likes) AS likes
FROM post_facts
GROUP BY bucket, platform
ORDER BY bucket, platform
