-- Posts, the dictionaries that encode their texts, and where each Kafka partition was read to.
--
-- Times are microseconds (…_us) or milliseconds (…_ms) since 1970-01-01T00:00:00Z.

-- Dictionaries. An id is given when a text is first seen and never changes.

CREATE TABLE platforms     (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE) STRICT;
CREATE TABLE topics        (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE) STRICT;
CREATE TABLE post_types    (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE) STRICT;
CREATE TABLE content_types (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE) STRICT;
CREATE TABLE languages     (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE) STRICT;
CREATE TABLE locations     (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE) STRICT;
CREATE TABLE users         (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE) STRICT;
CREATE TABLE usernames     (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE) STRICT;

-- The order of the ids is the order in which sentiments are shown.
CREATE TABLE sentiments (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE) STRICT;
INSERT INTO sentiments (id, name) VALUES (1, 'positive'), (2, 'neutral'), (3, 'negative');

-- A hashtag is identified by its key (NFKC, lower case) and shown as the spelling that sorts first by
-- bytes among all that stored posts ever used.
CREATE TABLE hashtags (
  id       INTEGER PRIMARY KEY,
  key      TEXT NOT NULL UNIQUE,
  spelling TEXT NOT NULL
) STRICT;

CREATE TABLE hashtag_spellings (
  id       INTEGER PRIMARY KEY,
  hashtag  INTEGER NOT NULL REFERENCES hashtags (id),
  spelling TEXT NOT NULL UNIQUE
) STRICT;

-- The standing version of every post. The id is the order of arrival, so that new rows are appended.
CREATE TABLE posts (
  id              INTEGER PRIMARY KEY,
  post_id         TEXT NOT NULL,
  version_ms      INTEGER NOT NULL,                                    -- Kafka record time
  created_us      INTEGER NOT NULL,
  user            INTEGER NOT NULL REFERENCES users (id),
  username        INTEGER NOT NULL REFERENCES usernames (id),
  platform        INTEGER NOT NULL REFERENCES platforms (id),
  post_type       INTEGER NOT NULL REFERENCES post_types (id),
  content_type    INTEGER NOT NULL REFERENCES content_types (id),
  topic           INTEGER NOT NULL REFERENCES topics (id),
  language        INTEGER NOT NULL REFERENCES languages (id),
  location        INTEGER REFERENCES locations (id),
  sentiment       INTEGER NOT NULL REFERENCES sentiments (id),
  likes           INTEGER NOT NULL,
  shares          INTEGER NOT NULL,
  comments        INTEGER NOT NULL,
  views           INTEGER,
  rate_hundredths INTEGER NOT NULL,                                    -- engagement rate in 0.01 %
  followers       INTEGER NOT NULL,
  is_verified     INTEGER NOT NULL,
  is_influencer   INTEGER NOT NULL,
  is_viral        INTEGER NOT NULL,
  hashtags        TEXT NOT NULL                                        -- JSON array of hashtag_spellings.id
) STRICT;

CREATE UNIQUE INDEX posts_by_post_id ON posts (post_id);
CREATE INDEX posts_by_time ON posts (created_us);
CREATE INDEX viral_posts_by_likes ON posts (likes DESC, post_id, created_us) WHERE is_viral = 1;

-- Tombstones: an older version of a deleted post that arrives late must not bring it back.
CREATE TABLE deleted_posts (
  post_id    TEXT NOT NULL PRIMARY KEY,
  version_ms INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- Where each partition was read to, and what became of its messages. A row changes in the transaction
-- that stores the messages before next_offset.
CREATE TABLE kafka_partitions (
  topic         TEXT NOT NULL,
  "partition"   INTEGER NOT NULL,
  next_offset   INTEGER NOT NULL,
  stored        INTEGER NOT NULL DEFAULT 0,
  duplicate     INTEGER NOT NULL DEFAULT 0,
  updated       INTEGER NOT NULL DEFAULT 0,
  stale         INTEGER NOT NULL DEFAULT 0,
  deleted       INTEGER NOT NULL DEFAULT 0,
  ignored       INTEGER NOT NULL DEFAULT 0,                             -- tombstones of unknown posts
  rejected      INTEGER NOT NULL DEFAULT 0,
  missing       INTEGER NOT NULL DEFAULT 0,                             -- expired before they were read
  newest_ms     INTEGER,                                                -- latest record time seen
  committed_us  INTEGER NOT NULL,
  PRIMARY KEY (topic, "partition")
) STRICT, WITHOUT ROWID;

-- Messages that cannot be a post, whole.
CREATE TABLE rejected_messages (
  id          INTEGER PRIMARY KEY,
  topic       TEXT NOT NULL,
  "partition" INTEGER NOT NULL,
  "offset"    INTEGER NOT NULL,
  record_ms   INTEGER NOT NULL,
  key         BLOB,
  value       BLOB,
  field       TEXT NOT NULL,
  problem     TEXT NOT NULL,
  rejected_us INTEGER NOT NULL
) STRICT;

-- One row: grows with every transaction that changes what a query can see.
CREATE TABLE store_version (
  id         INTEGER PRIMARY KEY CHECK (id = 1),
  version    INTEGER NOT NULL,
  changed_us INTEGER NOT NULL
) STRICT;
INSERT INTO store_version (id, version, changed_us) VALUES (1, 0, 0);

-- The original system's table: its 21 columns by name and order. Hashtags are a JSON array of text, and
-- the timestamp is UTC.
CREATE VIEW social_posts AS
SELECT
  p.post_id,
  u.name AS user_id,
  n.name AS username,
  f.name AS platform,
  pt.name AS post_type,
  ct.name AS content_type,
  t.name AS topic,
  -- CROSS JOIN keeps the order of the array.
  (SELECT json_group_array(s.spelling)
     FROM json_each(p.hashtags) AS e CROSS JOIN hashtag_spellings AS s ON s.id = e.value) AS hashtags,
  se.name AS sentiment,
  lo.name AS location,
  p.likes,
  p.shares,
  p.comments,
  p.views,
  p.rate_hundredths / 100.0 AS engagement_rate,
  p.followers,
  p.is_verified,
  p.is_influencer,
  p.is_viral,
  date((p.created_us - p.day_us) / 1000000, 'unixepoch') || ' ' || printf(
    '%02d:%02d:%02d.%06d',
    p.day_us / 3600000000, p.day_us / 60000000 % 60, p.day_us / 1000000 % 60, p.day_us % 1000000
  ) AS timestamp,
  la.name AS language
FROM (
  SELECT *, ((created_us % 86400000000) + 86400000000) % 86400000000 AS day_us FROM posts
) AS p
LEFT JOIN users AS u ON u.id = p.user
LEFT JOIN usernames AS n ON n.id = p.username
LEFT JOIN platforms AS f ON f.id = p.platform
LEFT JOIN post_types AS pt ON pt.id = p.post_type
LEFT JOIN content_types AS ct ON ct.id = p.content_type
LEFT JOIN topics AS t ON t.id = p.topic
LEFT JOIN sentiments AS se ON se.id = p.sentiment
LEFT JOIN locations AS lo ON lo.id = p.location
LEFT JOIN languages AS la ON la.id = p.language;
