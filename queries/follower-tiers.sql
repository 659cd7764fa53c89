-- title: Follower tiers
-- help: Posts and their engagement by how many followers the post's account had: nano below 10,000, micro below 50,000, mid below 500,000, macro below 1,000,000, mega from there on.
-- help: Accounts are users, counted once in each tier that their posts fall into.
-- column: tier text
-- column: accounts count
-- column: posts count
-- column: likes count
-- column: avg_engagement_rate percent
-- chart: bar x=tier y=avg_engagement_rate
SELECT
  CASE tier WHEN 1 THEN 'nano' WHEN 2 THEN 'micro' WHEN 3 THEN 'mid' WHEN 4 THEN 'macro' ELSE 'mega' END
    AS tier,
  accounts,
  posts,
  likes,
  (2 * rate_sum + posts) / (2 * posts) / 100.0 AS avg_engagement_rate
FROM (
  SELECT
    CASE
      WHEN followers < 10000 THEN 1
      WHEN followers < 50000 THEN 2
      WHEN followers < 500000 THEN 3
      WHEN followers < 1000000 THEN 4
      ELSE 5
    END AS tier,
    COUNT(DISTINCT user_key) AS accounts,
    CAST(SUM(posts) AS BIGINT) AS posts,
    CAST(SUM(likes) AS BIGINT) AS likes,
    CAST(SUM(rate_sum) AS BIGINT) AS rate_sum
  FROM account_facts
  GROUP BY 1
) AS f
ORDER BY f.tier
