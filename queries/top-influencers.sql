-- title: Top influencers
-- help: The accounts with the most likes among those that count as influencers, by name and platform.
-- help: Followers are the most that any of their posts in the window states.
-- param: limit integer 1..10000 = 10 | how many accounts to list
-- column: username text
-- column: platform text
-- column: posts count
-- column: likes count
-- column: followers count
-- column: avg_engagement_rate percent
-- chart: bar x=username y=likes
SELECT
  username,
  platform,
  posts,
  likes,
  most_followers AS followers,
  (2 * rate_sum + posts) / (2 * posts) / 100.0 AS avg_engagement_rate
FROM (
  SELECT
    username,
    platform,
    CAST(SUM(posts) AS BIGINT) AS posts,
    CAST(SUM(likes) AS BIGINT) AS likes,
    MAX(max_followers) AS most_followers,
    CAST(SUM(rate_sum) AS BIGINT) AS rate_sum
  FROM account_facts
  WHERE is_influencer = 1
  GROUP BY username, platform
) AS f
ORDER BY likes DESC, username, platform
LIMIT :limit
