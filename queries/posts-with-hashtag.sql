-- title: Posts with a hashtag
-- help: The newest posts that have a hashtag, however they spell it.
-- param: hashtag hashtag | which hashtag, with or without '#'
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
FROM scoped_posts AS p
-- The newest posts are looked at one by one until there are enough.
WHERE EXISTS (
  SELECT 1 FROM post_hashtags AS h WHERE h.post_key = p.post_key AND h.hashtag_key = :hashtag
)
ORDER BY created_us DESC, post_id
LIMIT :limit
