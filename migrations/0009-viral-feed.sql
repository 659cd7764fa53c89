-- The index of viral posts holds all that they are filtered by, so that of the posts that are passed over
-- none is looked up.
DROP INDEX viral_posts_by_likes;
CREATE INDEX viral_posts_by_likes
  ON posts (likes DESC, post_id, created_us, platform, sentiment, topic) WHERE is_viral = 1;

-- Tells the planner how many posts are viral, so that it takes this index for all but short windows; what
-- share of the posts a window has, questions say themselves.
ANALYZE sqlite_schema;
INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES
  ('posts', 'posts_by_time', '10000000 1'),
  ('posts', 'viral_posts_by_likes', '400000 10 1 1 1 1 1');
ANALYZE sqlite_schema;
