"""The table of the original system, for PostgreSQL and for SQLite, and posts as its rows."""

COLUMNS = [
    "post_id", "user_id", "username", "platform", "post_type", "content_type", "topic", "hashtags", "sentiment",
    "location", "likes", "shares", "comments", "views", "engagement_rate", "followers", "is_verified",
    "is_influencer", "is_viral", "timestamp", "language",
]
# What its charts filter and order by.
INDEXES = ["timestamp", "platform", "sentiment", "topic", "is_viral"]

POSTGRESQL = """
DROP TABLE IF EXISTS social_posts;
CREATE TABLE social_posts (
  post_id varchar(50) PRIMARY KEY, user_id varchar(50), username varchar(100), platform varchar(50),
  post_type varchar(50), content_type varchar(50), topic varchar(100), hashtags text[],
  sentiment varchar(20), location varchar(100), likes integer, shares integer, comments integer, views integer,
  engagement_rate double precision, followers integer, is_verified boolean, is_influencer boolean,
  is_viral boolean, "timestamp" timestamp, language varchar(10));
""" + "".join(f'CREATE INDEX idx_{name} ON social_posts ("{name}");\n' for name in INDEXES)

SQLITE = """
CREATE TABLE social_posts (
  post_id TEXT PRIMARY KEY, user_id TEXT, username TEXT, platform TEXT, post_type TEXT, content_type TEXT,
  topic TEXT, hashtags TEXT, sentiment TEXT, location TEXT, likes INTEGER, shares INTEGER, comments INTEGER,
  views INTEGER, engagement_rate REAL, followers INTEGER, is_verified INTEGER, is_influencer INTEGER,
  is_viral INTEGER, "timestamp" TEXT, language TEXT);
""" + "".join(f'CREATE INDEX idx_{name} ON social_posts ("{name}");\n' for name in INDEXES)


def row(post):
    """A post as the table has it."""
    return [post[name] for name in COLUMNS]
