-- title: Engagement by sentiment
-- help: Posts, likes, comments and shares of positive, neutral and negative posts.
-- column: sentiment text
-- column: posts count
-- column: likes count
-- column: comments count
-- column: shares count
-- chart: bar x=sentiment y=likes,comments,shares
SELECT
  sentiment,
  SUM(posts) AS posts,
  SUM(likes) AS likes,
  SUM(comments) AS comments,
  SUM(shares) AS shares
FROM post_facts
GROUP BY sentiment_order, sentiment
ORDER BY sentiment_order
