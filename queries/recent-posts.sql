-- title: Recent posts
-- help: The newest posts, by the time that they state themselves.
-- param: limit integer 1..10000 = 20 | how many posts to list
-- column: post_id id
-- column: timestamp time
-- column: username text
-- column: platform text
-- column: topic text
-- column: sentiment text
-- column: likes count
-- column: is_viral flag
-- chart: table
SELECT
  post_id,
  created_us AS timestamp,
  username,
  platform,
  topic,
  sentiment,
  likes,
  is_viral
FROM scoped_posts
ORDER BY created_us DESC, post_id
LIMIT :limit
