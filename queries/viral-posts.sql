-- title: Viral posts
-- help: The viral posts with the most likes.
-- param: limit integer 1..10000 = 5 | how many posts to list
-- column: post_id id
-- column: username text
-- column: platform text
-- column: topic text
-- column: likes count
-- chart: table
SELECT
  post_id,
  username,
  platform,
  topic,
  likes
FROM scoped_posts
WHERE is_viral = 1
ORDER BY likes DESC, post_id
LIMIT :limit
