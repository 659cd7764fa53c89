-- What people who watch the ingest ask for, counted in the transaction that moves the offsets.

-- Where the log of the partition ended when the broker last said so: with next_offset, the lag.
ALTER TABLE kafka_partitions ADD COLUMN end_offset INTEGER;

-- Rejected messages by reason; rejected_messages keeps the messages themselves.
CREATE TABLE rejection_counts (
  topic       TEXT NOT NULL,
  "partition" INTEGER NOT NULL,
  field       TEXT NOT NULL,
  problem     TEXT NOT NULL,
  messages    INTEGER NOT NULL,
  PRIMARY KEY (topic, "partition", field, problem)
) STRICT, WITHOUT ROWID;
INSERT INTO rejection_counts (topic, "partition", field, problem, messages)
SELECT topic, "partition", field, problem, COUNT(*)
FROM rejected_messages
GROUP BY topic, "partition", field, problem;

-- Messages with a post by how long after the post's own time Kafka recorded them: at least so many
-- seconds, and less than the next higher class. Counted since the store has this table.
CREATE TABLE lateness_counts (
  topic       TEXT NOT NULL,
  "partition" INTEGER NOT NULL,
  at_least_s  INTEGER NOT NULL,
  messages    INTEGER NOT NULL,
  PRIMARY KEY (topic, "partition", at_least_s)
) STRICT, WITHOUT ROWID;
