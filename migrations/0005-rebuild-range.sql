-- Where the rebuilding that is under way began: with rebuild_until_us the whole of what it is about.
ALTER TABLE rollup_state ADD COLUMN rebuild_since_us INTEGER;
UPDATE rollup_state SET rebuild_since_us = rebuild_next_us;
