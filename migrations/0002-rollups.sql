-- Rollups: what posts add up to, kept in the transaction that changes them.
--
-- Each table holds the sums of the posts of one bucket of time (start_s: seconds since 1970-01-01T00:00:00Z,
-- a whole quarter of an hour, hour or day of UTC) for each combination of the dimensions that questions are
-- filtered and grouped by. A row whose posts fall to zero goes. datetime(start_s, 'unixepoch') shows the
-- bucket in words; the other keys are ids of the dictionary tables.

-- Engagement of all posts.
CREATE TABLE rollup_base_quarter (
  start_s          INTEGER NOT NULL,
  platform         INTEGER NOT NULL,
  sentiment        INTEGER NOT NULL,
  topic            INTEGER NOT NULL,
  is_viral         INTEGER NOT NULL,
  posts            INTEGER NOT NULL,
  likes            INTEGER NOT NULL,
  comments         INTEGER NOT NULL,
  shares           INTEGER NOT NULL,
  rate_sum         INTEGER NOT NULL,
  views            INTEGER NOT NULL,
  posts_with_views INTEGER NOT NULL,
  verified_posts   INTEGER NOT NULL,
  influencer_posts INTEGER NOT NULL,
  PRIMARY KEY (start_s, platform, sentiment, topic, is_viral)
) STRICT, WITHOUT ROWID;
CREATE TABLE rollup_base_hour (
  start_s          INTEGER NOT NULL,
  platform         INTEGER NOT NULL,
  sentiment        INTEGER NOT NULL,
  topic            INTEGER NOT NULL,
  is_viral         INTEGER NOT NULL,
  posts            INTEGER NOT NULL,
  likes            INTEGER NOT NULL,
  comments         INTEGER NOT NULL,
  shares           INTEGER NOT NULL,
  rate_sum         INTEGER NOT NULL,
  views            INTEGER NOT NULL,
  posts_with_views INTEGER NOT NULL,
  verified_posts   INTEGER NOT NULL,
  influencer_posts INTEGER NOT NULL,
  PRIMARY KEY (start_s, platform, sentiment, topic, is_viral)
) STRICT, WITHOUT ROWID;
CREATE TABLE rollup_base_day (
  start_s          INTEGER NOT NULL,
  platform         INTEGER NOT NULL,
  sentiment        INTEGER NOT NULL,
  topic            INTEGER NOT NULL,
  is_viral         INTEGER NOT NULL,
  posts            INTEGER NOT NULL,
  likes            INTEGER NOT NULL,
  comments         INTEGER NOT NULL,
  shares           INTEGER NOT NULL,
  rate_sum         INTEGER NOT NULL,
  views            INTEGER NOT NULL,
  posts_with_views INTEGER NOT NULL,
  verified_posts   INTEGER NOT NULL,
  influencer_posts INTEGER NOT NULL,
  PRIMARY KEY (start_s, platform, sentiment, topic, is_viral)
) STRICT, WITHOUT ROWID;

-- Engagement by hashtag: a post counts for each of its tags.
CREATE TABLE rollup_hashtag_quarter (
  start_s   INTEGER NOT NULL,
  platform  INTEGER NOT NULL,
  sentiment INTEGER NOT NULL,
  topic     INTEGER NOT NULL,
  is_viral  INTEGER NOT NULL,
  hashtag   INTEGER NOT NULL,
  posts     INTEGER NOT NULL,
  likes     INTEGER NOT NULL,
  comments  INTEGER NOT NULL,
  shares    INTEGER NOT NULL,
  rate_sum  INTEGER NOT NULL,
  PRIMARY KEY (start_s, platform, sentiment, topic, is_viral, hashtag)
) STRICT, WITHOUT ROWID;
CREATE TABLE rollup_hashtag_hour (
  start_s   INTEGER NOT NULL,
  platform  INTEGER NOT NULL,
  sentiment INTEGER NOT NULL,
  topic     INTEGER NOT NULL,
  is_viral  INTEGER NOT NULL,
  hashtag   INTEGER NOT NULL,
  posts     INTEGER NOT NULL,
  likes     INTEGER NOT NULL,
  comments  INTEGER NOT NULL,
  shares    INTEGER NOT NULL,
  rate_sum  INTEGER NOT NULL,
  PRIMARY KEY (start_s, platform, sentiment, topic, is_viral, hashtag)
) STRICT, WITHOUT ROWID;
CREATE TABLE rollup_hashtag_day (
  start_s   INTEGER NOT NULL,
  platform  INTEGER NOT NULL,
  sentiment INTEGER NOT NULL,
  topic     INTEGER NOT NULL,
  is_viral  INTEGER NOT NULL,
  hashtag   INTEGER NOT NULL,
  posts     INTEGER NOT NULL,
  likes     INTEGER NOT NULL,
  comments  INTEGER NOT NULL,
  shares    INTEGER NOT NULL,
  rate_sum  INTEGER NOT NULL,
  PRIMARY KEY (start_s, platform, sentiment, topic, is_viral, hashtag)
) STRICT, WITHOUT ROWID;

-- Engagement by location, of posts that have one.
CREATE TABLE rollup_location_hour (
  start_s   INTEGER NOT NULL,
  platform  INTEGER NOT NULL,
  sentiment INTEGER NOT NULL,
  topic     INTEGER NOT NULL,
  is_viral  INTEGER NOT NULL,
  location  INTEGER NOT NULL,
  posts     INTEGER NOT NULL,
  likes     INTEGER NOT NULL,
  comments  INTEGER NOT NULL,
  shares    INTEGER NOT NULL,
  rate_sum  INTEGER NOT NULL,
  PRIMARY KEY (start_s, platform, sentiment, topic, is_viral, location)
) STRICT, WITHOUT ROWID;
CREATE TABLE rollup_location_day (
  start_s   INTEGER NOT NULL,
  platform  INTEGER NOT NULL,
  sentiment INTEGER NOT NULL,
  topic     INTEGER NOT NULL,
  is_viral  INTEGER NOT NULL,
  location  INTEGER NOT NULL,
  posts     INTEGER NOT NULL,
  likes     INTEGER NOT NULL,
  comments  INTEGER NOT NULL,
  shares    INTEGER NOT NULL,
  rate_sum  INTEGER NOT NULL,
  PRIMARY KEY (start_s, platform, sentiment, topic, is_viral, location)
) STRICT, WITHOUT ROWID;

-- Engagement by content type and post type.
CREATE TABLE rollup_content_hour (
  start_s      INTEGER NOT NULL,
  platform     INTEGER NOT NULL,
  sentiment    INTEGER NOT NULL,
  topic        INTEGER NOT NULL,
  is_viral     INTEGER NOT NULL,
  content_type INTEGER NOT NULL,
  post_type    INTEGER NOT NULL,
  posts        INTEGER NOT NULL,
  likes        INTEGER NOT NULL,
  comments     INTEGER NOT NULL,
  shares       INTEGER NOT NULL,
  rate_sum     INTEGER NOT NULL,
  PRIMARY KEY (start_s, platform, sentiment, topic, is_viral, content_type, post_type)
) STRICT, WITHOUT ROWID;
CREATE TABLE rollup_content_day (
  start_s      INTEGER NOT NULL,
  platform     INTEGER NOT NULL,
  sentiment    INTEGER NOT NULL,
  topic        INTEGER NOT NULL,
  is_viral     INTEGER NOT NULL,
  content_type INTEGER NOT NULL,
  post_type    INTEGER NOT NULL,
  posts        INTEGER NOT NULL,
  likes        INTEGER NOT NULL,
  comments     INTEGER NOT NULL,
  shares       INTEGER NOT NULL,
  rate_sum     INTEGER NOT NULL,
  PRIMARY KEY (start_s, platform, sentiment, topic, is_viral, content_type, post_type)
) STRICT, WITHOUT ROWID;

-- Engagement by language.
CREATE TABLE rollup_language_hour (
  start_s   INTEGER NOT NULL,
  platform  INTEGER NOT NULL,
  sentiment INTEGER NOT NULL,
  topic     INTEGER NOT NULL,
  is_viral  INTEGER NOT NULL,
  language  INTEGER NOT NULL,
  posts     INTEGER NOT NULL,
  likes     INTEGER NOT NULL,
  comments  INTEGER NOT NULL,
  shares    INTEGER NOT NULL,
  rate_sum  INTEGER NOT NULL,
  PRIMARY KEY (start_s, platform, sentiment, topic, is_viral, language)
) STRICT, WITHOUT ROWID;
CREATE TABLE rollup_language_day (
  start_s   INTEGER NOT NULL,
  platform  INTEGER NOT NULL,
  sentiment INTEGER NOT NULL,
  topic     INTEGER NOT NULL,
  is_viral  INTEGER NOT NULL,
  language  INTEGER NOT NULL,
  posts     INTEGER NOT NULL,
  likes     INTEGER NOT NULL,
  comments  INTEGER NOT NULL,
  shares    INTEGER NOT NULL,
  rate_sum  INTEGER NOT NULL,
  PRIMARY KEY (start_s, platform, sentiment, topic, is_viral, language)
) STRICT, WITHOUT ROWID;

-- Engagement by account and by what a post says of it. The number of followers is part of the key, since
-- a maximum could not be taken back when a post is corrected or deleted.
CREATE TABLE rollup_account_day (
  start_s       INTEGER NOT NULL,
  platform      INTEGER NOT NULL,
  sentiment     INTEGER NOT NULL,
  topic         INTEGER NOT NULL,
  is_viral      INTEGER NOT NULL,
  user          INTEGER NOT NULL,
  username      INTEGER NOT NULL,
  is_verified   INTEGER NOT NULL,
  is_influencer INTEGER NOT NULL,
  followers     INTEGER NOT NULL,
  posts         INTEGER NOT NULL,
  likes         INTEGER NOT NULL,
  comments      INTEGER NOT NULL,
  shares        INTEGER NOT NULL,
  rate_sum      INTEGER NOT NULL,
  PRIMARY KEY (start_s, platform, sentiment, topic, is_viral, user, username, is_verified, is_influencer, followers)
) STRICT, WITHOUT ROWID;

-- One row: what the rollups can be asked for.
CREATE TABLE rollup_state (
  id               INTEGER PRIMARY KEY CHECK (id = 1),
  -- 1 once the rollups hold every post; until then questions are answered from the posts.
  is_built         INTEGER NOT NULL,
  -- Where a rebuilding that is under way goes on, and where it ends; NULL if none is.
  rebuild_next_us  INTEGER,
  rebuild_until_us INTEGER,
  -- Raw posts before this instant, a whole day, were pruned: they live on in the rollups only.
  pruned_us        INTEGER
) STRICT;
INSERT INTO rollup_state (id, is_built) SELECT 1, NOT EXISTS (SELECT 1 FROM posts);

-- The ids of pruned posts: a later version of one must change nothing, since what it would replace is known
-- no longer.
CREATE TABLE pruned_posts (
  post_id TEXT NOT NULL PRIMARY KEY
) STRICT, WITHOUT ROWID;
