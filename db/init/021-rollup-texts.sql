-- MySQL keeps a JSON column in a binary form, and needs longer to write a rollup as text than the API needs to parse it. Rollups
-- are read whole, thousands at a time, so that they are stored as text.
ALTER TABLE rollups_minute MODIFY COLUMN rollup LONGTEXT CHARACTER SET ascii COLLATE ascii_bin NOT NULL;
ALTER TABLE rollups_hour MODIFY COLUMN rollup LONGTEXT CHARACTER SET ascii COLLATE ascii_bin NOT NULL;
