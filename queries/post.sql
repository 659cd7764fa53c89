-- title: Post
-- help: All that is known of one post.
-- param: post text | which post, by its ID
-- column: post_id id
-- column: timestamp time
-- column: user_id id
-- column: username text
-- column: platform text
-- column: post_type text
-- column: content_type text
-- column: topic text
-- column: hashtags text
-- column: sentiment text
-- column: location text
-- column: language text
-- column: likes count
-- column: comments count
-- column: shares count
-- column: views count
-- column: engagement_rate percent
-- column: followers count
-- column: is_verified flag
-- column: is_influencer flag
-- column: is_viral flag
SELECT
  post_id,
  created_us AS timestamp,
  user_id,
  username,
  platform,
  post_type,
  content_type,
  topic,
  hashtags,
  sentiment,
  location,
  language,
  likes,
  comments,
  shares,
  views,
  rate_hundredths / 100.0 AS engagement_rate,
  followers,
  is_verified,
  is_influencer,
  is_viral
FROM scoped_posts
WHERE post_id = :post
ORDER BY post_id
