-- title: Top hashtags
-- help: The hashtags of the most posts, with the engagement of those posts. A post counts for each of its tags.
-- help: Spellings that differ in letter case or width are one tag.
-- param: limit integer 1..10000 = 15 | how many hashtags to list
-- column: hashtag text
-- column: posts count
-- column: likes count
-- column: comments count
-- column: shares count
-- chart: bar x=hashtag y=posts
SELECT
  hashtag,
  SUM(posts) AS posts,
  SUM(likes) AS likes,
  SUM(comments) AS comments,
  SUM(shares) AS shares
FROM hashtag_facts
GROUP BY hashtag_key, hashtag
ORDER BY posts DESC, hashtag_key
LIMIT :limit
