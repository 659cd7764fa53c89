-- title: Snapshot
-- help: How many posts there are, when the newest was posted, and which share of them is positive.
-- help: The last update is when the store last changed, whatever the window and the filters.
-- column: last_update time
-- column: posts count
-- column: newest_post time
-- column: positive_share_pct percent
-- chart: cards y=last_update,posts,newest_post,positive_share_pct
SELECT
  (SELECT changed_us FROM store_state) AS last_update,
  posts,
  (SELECT created_us FROM newest_post) AS newest_post,
  (20000 * positive + posts) / NULLIF(2 * posts, 0) / 100.0 AS positive_share_pct
FROM (
  SELECT
    CAST(COALESCE(SUM(posts), 0) AS BIGINT) AS posts,
    CAST(COALESCE(SUM(CASE WHEN sentiment = 'positive' THEN posts ELSE 0 END), 0) AS BIGINT)
      AS positive
  FROM post_facts
) AS f
