-- The last message that was read of each partition: its offset, its record time, and a digest of what it
-- was. Whoever reads on looks whether the broker still has that message there; if it has another, the
-- topic was deleted and made anew.
ALTER TABLE kafka_partitions ADD COLUMN last_offset INTEGER;
ALTER TABLE kafka_partitions ADD COLUMN last_ms INTEGER;
ALTER TABLE kafka_partitions ADD COLUMN last_digest INTEGER;
