"""Posts for what is rare: an hour twice, hours without posts, a spike, platforms that nobody knows."""

# No platform that has a colour of its own, and more of them than the palette has colours to spare.
PLATFORMS = ["Alpha", "Beta", "Gamma", "Delta", "Epsilon", "Zeta", "Eta", "Theta"]


def edge_posts():
    posts = []

    def add(timestamp, **more):
        number = len(posts)
        posts.append({
            "post_id": f"p{number}", "user_id": f"u{number % 9}", "username": f"user{number % 9}",
            "platform": PLATFORMS[number % len(PLATFORMS)], "post_type": "text",
            "content_type": "news", "topic": f"Topic{number % 3}", "language": "en",
            "sentiment": "positive", "likes": 10 + number % 7, "shares": 1, "comments": 2,
            "followers": 100, "engagement_rate": 1.5, "is_verified": False, "is_influencer": False,
            "is_viral": False, "hashtags": [], "timestamp": timestamp, **more})

    # Hours in which two or three of twenty posts are negative, and one in which they all are.
    for hour in range(12):
        negative = 20 if hour == 11 else 2 + hour % 2
        for index in range(20):
            add(f"2025-10-20T{hour:02}:{index:02}:00Z",
                sentiment="negative" if index < negative else "neutral")
    add("2025-10-25T12:00:00Z", hashtags=["#steady"])
    # In Berlin both are at half past two; then nothing for hours.
    add("2025-10-26T00:30:00Z", hashtags=["#steady", "#fresh"])
    add("2025-10-26T01:30:00Z", hashtags=["#steady"])
    add("2025-10-26T07:10:00Z")
    return posts
