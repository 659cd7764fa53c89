-- All rollups packed but the days of posts, which stay readable in SQL: a value for all groups of a bucket, a
-- platform and a sentiment, column by column, as accounts have been. A transaction writes a value where it wrote
-- many rows, and a question reads a value where it read many. `groups` holds, sorted by what comes before posts:
-- topic, is_viral, the keys of the fact, and its sums in the order of the columns that the rows had.
--
-- `block` is the first key of the fact >> 16, which bounds a value; 0 if there is none.
--
-- The rows that were kept until now are packed by the program that runs this, in the same transaction.
ALTER TABLE rollup_base_quarter RENAME TO rollup_base_quarter_rows;
ALTER TABLE rollup_base_hour RENAME TO rollup_base_hour_rows;
ALTER TABLE rollup_hashtag_quarter RENAME TO rollup_hashtag_quarter_rows;
ALTER TABLE rollup_hashtag_hour RENAME TO rollup_hashtag_hour_rows;
ALTER TABLE rollup_hashtag_day RENAME TO rollup_hashtag_day_rows;
ALTER TABLE rollup_location_hour RENAME TO rollup_location_hour_rows;
ALTER TABLE rollup_location_day RENAME TO rollup_location_day_rows;
ALTER TABLE rollup_content_hour RENAME TO rollup_content_hour_rows;
ALTER TABLE rollup_content_day RENAME TO rollup_content_day_rows;
ALTER TABLE rollup_language_hour RENAME TO rollup_language_hour_rows;
ALTER TABLE rollup_language_day RENAME TO rollup_language_day_rows;

CREATE TABLE rollup_base_quarter (
  start_s   INTEGER NOT NULL,
  platform  INTEGER NOT NULL,
  sentiment INTEGER NOT NULL,
  block     INTEGER NOT NULL,
  groups    BLOB NOT NULL,
  PRIMARY KEY (start_s, platform, sentiment, block)
) STRICT, WITHOUT ROWID;
CREATE TABLE rollup_base_hour (
  start_s   INTEGER NOT NULL,
  platform  INTEGER NOT NULL,
  sentiment INTEGER NOT NULL,
  block     INTEGER NOT NULL,
  groups    BLOB NOT NULL,
  PRIMARY KEY (start_s, platform, sentiment, block)
) STRICT, WITHOUT ROWID;
CREATE TABLE rollup_hashtag_quarter (
  start_s   INTEGER NOT NULL,
  platform  INTEGER NOT NULL,
  sentiment INTEGER NOT NULL,
  block     INTEGER NOT NULL,
  groups    BLOB NOT NULL,
  PRIMARY KEY (start_s, platform, sentiment, block)
) STRICT, WITHOUT ROWID;
CREATE TABLE rollup_hashtag_hour (
  start_s   INTEGER NOT NULL,
  platform  INTEGER NOT NULL,
  sentiment INTEGER NOT NULL,
  block     INTEGER NOT NULL,
  groups    BLOB NOT NULL,
  PRIMARY KEY (start_s, platform, sentiment, block)
) STRICT, WITHOUT ROWID;
CREATE TABLE rollup_hashtag_day (
  start_s   INTEGER NOT NULL,
  platform  INTEGER NOT NULL,
  sentiment INTEGER NOT NULL,
  block     INTEGER NOT NULL,
  groups    BLOB NOT NULL,
  PRIMARY KEY (start_s, platform, sentiment, block)
) STRICT, WITHOUT ROWID;
CREATE TABLE rollup_location_hour (
  start_s   INTEGER NOT NULL,
  platform  INTEGER NOT NULL,
  sentiment INTEGER NOT NULL,
  block     INTEGER NOT NULL,
  groups    BLOB NOT NULL,
  PRIMARY KEY (start_s, platform, sentiment, block)
) STRICT, WITHOUT ROWID;
CREATE TABLE rollup_location_day (
  start_s   INTEGER NOT NULL,
  platform  INTEGER NOT NULL,
  sentiment INTEGER NOT NULL,
  block     INTEGER NOT NULL,
  groups    BLOB NOT NULL,
  PRIMARY KEY (start_s, platform, sentiment, block)
) STRICT, WITHOUT ROWID;
CREATE TABLE rollup_content_hour (
  start_s   INTEGER NOT NULL,
  platform  INTEGER NOT NULL,
  sentiment INTEGER NOT NULL,
  block     INTEGER NOT NULL,
  groups    BLOB NOT NULL,
  PRIMARY KEY (start_s, platform, sentiment, block)
) STRICT, WITHOUT ROWID;
CREATE TABLE rollup_content_day (
  start_s   INTEGER NOT NULL,
  platform  INTEGER NOT NULL,
  sentiment INTEGER NOT NULL,
  block     INTEGER NOT NULL,
  groups    BLOB NOT NULL,
  PRIMARY KEY (start_s, platform, sentiment, block)
) STRICT, WITHOUT ROWID;
CREATE TABLE rollup_language_hour (
  start_s   INTEGER NOT NULL,
  platform  INTEGER NOT NULL,
  sentiment INTEGER NOT NULL,
  block     INTEGER NOT NULL,
  groups    BLOB NOT NULL,
  PRIMARY KEY (start_s, platform, sentiment, block)
) STRICT, WITHOUT ROWID;
CREATE TABLE rollup_language_day (
  start_s   INTEGER NOT NULL,
  platform  INTEGER NOT NULL,
  sentiment INTEGER NOT NULL,
  block     INTEGER NOT NULL,
  groups    BLOB NOT NULL,
  PRIMARY KEY (start_s, platform, sentiment, block)
) STRICT, WITHOUT ROWID;
