-- What became of the readings of each sensor. `ledger_stored` changes in the transaction that stores them; `shard`
-- keeps writers apart: a sensor is the sum of its shards. `ledger_arrivals` follows within a second; the empty
-- sensor_id has what cannot be laid to a known sensor. Times are UTC.
CREATE TABLE IF NOT EXISTS ledger_stored (
  sensor_id VARCHAR(64) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  shard TINYINT UNSIGNED NOT NULL,
  `stored` BIGINT UNSIGNED NOT NULL,
  late BIGINT UNSIGNED NOT NULL,
  newest DATETIME(3) NOT NULL,
  PRIMARY KEY (sensor_id, shard)
) ENGINE = InnoDB;
CREATE TABLE IF NOT EXISTS ledger_arrivals (
  sensor_id VARCHAR(64) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  replayed BIGINT UNSIGNED NOT NULL,
  conflicts BIGINT UNSIGNED NOT NULL,
  rejected BIGINT UNSIGNED NOT NULL,
  gaps BIGINT UNSIGNED NOT NULL,
  first_seen DATETIME(3) NULL,
  last_seen DATETIME(3) NULL,
  PRIMARY KEY (sensor_id)
) ENGINE = InnoDB;
INSERT IGNORE INTO ledger_stored (sensor_id, shard, `stored`, late, newest)
  SELECT sensor_id, 0, COUNT(*), 0, MAX(timestamp) FROM readings GROUP BY sensor_id;
INSERT IGNORE INTO ledger_arrivals (sensor_id, replayed, conflicts, rejected, gaps, first_seen, last_seen)
  SELECT sensor_id, 0, 0, 0, 0, MIN(received_at), MAX(received_at) FROM readings GROUP BY sensor_id;
GRANT SELECT, INSERT, UPDATE ON ledger_stored TO 'sentinel_api'@'%';
GRANT SELECT, INSERT, UPDATE ON ledger_arrivals TO 'sentinel_api'@'%';
