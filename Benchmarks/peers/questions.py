"""The questions that PostgreSQL and DuckDB are asked over the original's table. Each is of all posts, as the
original's charts are, and its columns are named as those of `socialq`."""

import time

QUESTIONS = {
    "kpis": """
        SELECT COUNT(*) AS posts, SUM(likes) AS likes, SUM(comments) AS comments, SUM(shares) AS shares,
          AVG(engagement_rate) AS avg_engagement_rate, SUM(CASE WHEN is_viral THEN 1 ELSE 0 END) AS viral_posts,
          COUNT(DISTINCT CASE WHEN is_verified THEN user_id END) AS verified_users,
          COUNT(DISTINCT CASE WHEN is_influencer THEN user_id END) AS influencers
        FROM social_posts""",
    "top-hashtags": """
        SELECT MIN(tag) AS hashtag, COUNT(*) AS posts, SUM(likes) AS likes, SUM(comments) AS comments,
          SUM(shares) AS shares
        FROM (SELECT unnest(hashtags) AS tag, likes, comments, shares FROM social_posts) AS t
        GROUP BY LOWER(tag) ORDER BY COUNT(*) DESC, LOWER(tag) LIMIT 15""",
    "likes-over-time": """
        SELECT date_trunc('hour', "timestamp") AS bucket, platform, COUNT(*) AS posts, SUM(likes) AS likes
        FROM social_posts GROUP BY 1, 2 ORDER BY 1, 2""",
    "sentiment-trend": """
        SELECT date_trunc('hour', "timestamp") AS bucket,
          SUM(CASE WHEN sentiment = 'positive' THEN 1 ELSE 0 END) AS positive,
          SUM(CASE WHEN sentiment = 'neutral' THEN 1 ELSE 0 END) AS neutral,
          SUM(CASE WHEN sentiment = 'negative' THEN 1 ELSE 0 END) AS negative
        FROM social_posts GROUP BY 1 ORDER BY 1""",
    "posts-by-platform": """
        SELECT platform, COUNT(*) AS posts FROM social_posts GROUP BY 1 ORDER BY 2 DESC, 1""",
    "top-topics": """
        SELECT topic, COUNT(*) AS posts, SUM(likes) AS likes, SUM(comments) AS comments, SUM(shares) AS shares,
          AVG(engagement_rate) AS avg_engagement_rate
        FROM social_posts GROUP BY 1 ORDER BY 3 DESC, 1 LIMIT 8""",
    "content-types": """
        SELECT content_type, COUNT(*) AS posts, AVG(likes) AS avg_likes, AVG(comments) AS avg_comments,
          AVG(shares) AS avg_shares, AVG(engagement_rate) AS avg_engagement_rate
        FROM social_posts GROUP BY 1 ORDER BY AVG(engagement_rate) DESC, 1""",
    "top-influencers": """
        SELECT username, platform, COUNT(*) AS posts, SUM(likes) AS likes, MAX(followers) AS followers,
          AVG(engagement_rate) AS avg_engagement_rate
        FROM social_posts WHERE is_influencer GROUP BY 1, 2 ORDER BY 4 DESC, 1, 2 LIMIT 10""",
    "recent-posts": """
        SELECT post_id, username, platform, topic, sentiment, likes, is_viral
        FROM social_posts ORDER BY "timestamp" DESC, post_id LIMIT 20""",
}


def ask_all(cursor, runs):
    """For each question the milliseconds of its runs after a first one, and the rows."""
    answers = {}
    for name, sql in QUESTIONS.items():
        took = []
        for _ in range(runs + 1):
            start = time.perf_counter()
            cursor.execute(sql)
            rows = cursor.fetchall()
            took.append((time.perf_counter() - start) * 1000)
        columns = [column[0] for column in cursor.description]
        answers[name] = {
            "took": took[1:], "rows": [{key: plain(cell) for key, cell in zip(columns, row)} for row in rows]}
    return answers


def plain(cell):
    """A cell as JSON has it: numbers are numbers, whatever type they had, and all else is text."""
    if isinstance(cell, str):
        return cell
    try:
        return float(cell)
    except TypeError:
        return str(cell)
