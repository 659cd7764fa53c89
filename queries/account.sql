-- title: Account
-- help: What one user posted, by name and platform: posts, engagement, and what the posts say of the account.
-- help: Followers are the most that any of the posts in the window states; verified and influencer are yes if any of them says so.
-- param: user text | whose posts, by user ID or user name as the posts spell it
-- column: user_id id
-- column: username text
-- column: platform text
-- column: posts count
-- column: likes count
-- column: comments count
-- column: shares count
-- column: followers count
-- column: is_verified flag
-- column: is_influencer flag
-- column: avg_engagement_rate percent
-- chart: bar x=platform y=likes,comments,shares
SELECT
  user_id,
  username,
  platform,
  posts,
  likes,
  comments,
  shares,
  most_followers AS followers,
  is_verified,
  is_influencer,
  (2 * rate_sum + posts) / (2 * posts) / 100.0 AS avg_engagement_rate
FROM (
  SELECT
    user_id,
    username,
    platform,
    CAST(SUM(posts) AS BIGINT) AS posts,
    CAST(SUM(likes) AS BIGINT) AS likes,
    CAST(SUM(comments) AS BIGINT) AS comments,
    CAST(SUM(shares) AS BIGINT) AS shares,
    MAX(max_followers) AS most_followers,
    MAX(is_verified) AS is_verified,
    MAX(is_influencer) AS is_influencer,
    CAST(SUM(rate_sum) AS BIGINT) AS rate_sum
  FROM account_facts
  WHERE user_id = :user OR username = :user
  GROUP BY user_id, username, platform
) AS f
ORDER BY posts DESC, user_id, username, platform
