-- title: Hashtag pairs
-- help: The pairs of hashtags that the most posts have both of. Every post of the window is looked at, so it takes the longer the more there are.
-- param: limit integer 1..10000 = 15 | how many pairs to list
-- column: hashtag_a text
-- column: hashtag_b text
-- column: posts count
SELECT
  a.hashtag AS hashtag_a,
  b.hashtag AS hashtag_b,
  COUNT(*) AS posts
FROM post_hashtags AS a
JOIN post_hashtags AS b ON b.post_id = a.post_id AND b.hashtag_key > a.hashtag_key
GROUP BY a.hashtag_key, b.hashtag_key, a.hashtag, b.hashtag
ORDER BY posts DESC, a.hashtag_key, b.hashtag_key
LIMIT :limit
