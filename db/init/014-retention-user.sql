-- The only user of retention: it finds old rows by their time, deletes them, and writes down up to where. It stays locked
-- until `npm run migrate` gives it a password.
CREATE USER IF NOT EXISTS 'sentinel_retention'@'%' ACCOUNT LOCK;
GRANT SELECT (timestamp), DELETE ON readings TO 'sentinel_retention'@'%';
GRANT SELECT (timestamp), DELETE ON truths TO 'sentinel_retention'@'%';
GRANT SELECT (bucket), DELETE ON readings_minute TO 'sentinel_retention'@'%';
GRANT SELECT (bucket), DELETE ON readings_hour TO 'sentinel_retention'@'%';
GRANT SELECT (bucket), DELETE ON truths_hour TO 'sentinel_retention'@'%';
GRANT SELECT (readings_before, minutes_before, hours_before), UPDATE (readings_before, minutes_before, hours_before)
  ON retention_horizons TO 'sentinel_retention'@'%';
