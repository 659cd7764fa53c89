-- Accounts, packed: an account has a row for nearly every post, so that a table of rows costs more than all
-- other rollups together. Here all accounts of a bucket and its dimensions lie in one value, column by column,
-- of which a question reads only what it needs. `accounts` holds, sorted by the first five: user, username,
-- is_verified, is_influencer, followers, posts, likes, comments, shares, rate_sum.
--
-- The rows that were kept until now are packed by the program that runs this, in the same transaction.
ALTER TABLE rollup_account_day RENAME TO rollup_account_rows;

CREATE TABLE rollup_account_hour (
  start_s    INTEGER NOT NULL,
  platform   INTEGER NOT NULL,
  sentiment  INTEGER NOT NULL,
  topic      INTEGER NOT NULL,
  is_viral   INTEGER NOT NULL,
  user_block INTEGER NOT NULL,                                         -- user >> 16, which bounds a value
  accounts   BLOB NOT NULL,
  PRIMARY KEY (start_s, platform, sentiment, topic, is_viral, user_block)
) STRICT, WITHOUT ROWID;
CREATE TABLE rollup_account_day (
  start_s    INTEGER NOT NULL,
  platform   INTEGER NOT NULL,
  sentiment  INTEGER NOT NULL,
  topic      INTEGER NOT NULL,
  is_viral   INTEGER NOT NULL,
  user_block INTEGER NOT NULL,
  accounts   BLOB NOT NULL,
  PRIMARY KEY (start_s, platform, sentiment, topic, is_viral, user_block)
) STRICT, WITHOUT ROWID;

-- Before this instant, a whole day, accounts are kept by the day only: the posts that would tell the hours
-- were pruned before there were any. NULL if there is no such day.
ALTER TABLE rollup_state ADD COLUMN account_hours_from_us INTEGER;
UPDATE rollup_state SET account_hours_from_us = pruned_us;
