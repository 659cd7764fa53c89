-- Accounts by day and platform alone. A day has nearly a group for each post once it is cut by sentiment, topic
-- and viral too; most questions about accounts ask for none of these, and read a tenth of the groups here.
-- `accounts` is as in `rollup_account_day`, from which the program that runs this fills it.
CREATE TABLE rollup_account_total_day (
  start_s    INTEGER NOT NULL,
  platform   INTEGER NOT NULL,
  user_block INTEGER NOT NULL,
  accounts   BLOB NOT NULL,
  PRIMARY KEY (start_s, platform, user_block)
) STRICT, WITHOUT ROWID;
