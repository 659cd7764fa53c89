-- title: Post types
-- help: How many posts of each type each platform has.
-- column: platform text
-- column: post_type text
-- column: posts count
-- chart: sunburst x=platform y=posts series=post_type
SELECT
  platform,
  post_type,
  SUM(posts) AS posts
FROM content_facts
GROUP BY platform, post_type
ORDER BY platform, post_type
