-- How many rejected messages are kept, and the bytes of their keys and values: what they are bounded by,
-- counted where rows come and go, whoever writes them.
CREATE TABLE rejected_totals (
  id       INTEGER PRIMARY KEY CHECK (id = 1),
  messages INTEGER NOT NULL,
  bytes    INTEGER NOT NULL
) STRICT;
INSERT INTO rejected_totals (id, messages, bytes)
SELECT 1, COUNT(*), COALESCE(SUM(COALESCE(LENGTH(key), 0) + COALESCE(LENGTH(value), 0)), 0)
FROM rejected_messages;

CREATE TRIGGER rejected_message_kept AFTER INSERT ON rejected_messages BEGIN
  UPDATE rejected_totals SET messages = messages + 1,
    bytes = bytes + COALESCE(LENGTH(NEW.key), 0) + COALESCE(LENGTH(NEW.value), 0);
END;

CREATE TRIGGER rejected_message_gone AFTER DELETE ON rejected_messages BEGIN
  UPDATE rejected_totals SET messages = messages - 1,
    bytes = bytes - COALESCE(LENGTH(OLD.key), 0) - COALESCE(LENGTH(OLD.value), 0);
END;
