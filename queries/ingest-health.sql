-- title: Ingest health
-- help: What became of the messages of every partition, why some were rejected, how late posts came, and how far the store lies behind the topic.
-- help: It is about all that was ever taken in, whatever the window and the filters; only the newest post is of the scope. The lag is the one of the last commit; late is how long after its own time a post was published.
-- column: measure text
-- column: part text
-- column: messages count
-- column: at time
SELECT
  measure,
  part,
  messages,
  at
FROM (
  SELECT 1 AS place, 0 AS step, 'received' AS measure, part,
    stored + duplicate + updated + stale + deleted + ignored + rejected AS messages,
    newest_us AS at
  FROM ingest_partitions
  UNION ALL
  SELECT 2, 0, 'stored', part, stored, NULL FROM ingest_partitions
  UNION ALL
  SELECT 3, 0, 'duplicates', part, duplicate, NULL FROM ingest_partitions
  UNION ALL
  SELECT 4, 0, 'updated', part, updated, NULL FROM ingest_partitions
  UNION ALL
  SELECT 5, 0, 'stale', part, stale, NULL FROM ingest_partitions
  UNION ALL
  SELECT 6, 0, 'deleted', part, deleted, NULL FROM ingest_partitions
  UNION ALL
  SELECT 7, 0, 'deletes of unknown posts', part, ignored, NULL FROM ingest_partitions
  UNION ALL
  SELECT 8, 0, 'expired before reading', part, missing, NULL FROM ingest_partitions
  UNION ALL
  SELECT 9, 0, 'rejected', reason, CAST(SUM(messages) AS BIGINT), NULL
  FROM ingest_rejections
  GROUP BY reason
  UNION ALL
  SELECT 10, at_least_s, 'late',
    CASE at_least_s
      WHEN 0 THEN 'under 1 minute'
      WHEN 60 THEN '1 minute to 1 hour'
      WHEN 3600 THEN '1 hour to 1 day'
      WHEN 86400 THEN '1 to 7 days'
      WHEN 604800 THEN '7 to 30 days'
      ELSE '30 days and more'
    END,
    CAST(SUM(messages) AS BIGINT), NULL
  FROM ingest_lateness
  GROUP BY at_least_s
  UNION ALL
  SELECT 11, 0, 'lag', part,
    CASE WHEN end_offset < next_offset THEN 0 ELSE end_offset - next_offset END, committed_us
  FROM ingest_partitions
  UNION ALL
  SELECT 12, 0, 'newest post', NULL, NULL, created_us
  FROM newest_post
  WHERE created_us IS NOT NULL
) AS f
ORDER BY place, step, part
