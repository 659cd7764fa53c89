-- Finds posts by post_id in stretches of arrival. One index over all of a store's random ids is written
-- to all over with every transaction; of this one only the end is.
--
-- A post_id is unique within the whole table all the same: before a post is inserted, the stretches that
-- are full are asked for it, most of them through their filters alone.
DROP INDEX posts_by_post_id;
CREATE UNIQUE INDEX posts_by_arrival ON posts (id >> 18, post_id);

-- For each full stretch, 2^18 ids, the Bloom filter of its post_ids; one without bits lets none through.
-- A stretch that has none yet is given one by the next transaction that writes posts.
CREATE TABLE post_filters (
  stretch INTEGER PRIMARY KEY,                                         -- id >> 18
  bits    BLOB NOT NULL
) STRICT;

-- Tells the planner that a stretch has many rows, so that post_id = ? alone is looked up in each of the
-- few stretches instead of in all posts.
ANALYZE sqlite_schema;
INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES ('posts', 'posts_by_arrival', '10000000 262144 1');
ANALYZE sqlite_schema;
