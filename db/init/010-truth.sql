-- What readings really were, with what was predicted of them. The indexes answer how a window was predicted without a
-- look at the rows. They go with the readings; what an hour comes to stays as long as the rollups of hours. `shard` keeps
-- writers apart: an hour is the sum of its shards, of which one may be negative where a truth was changed. Times are UTC.
CREATE TABLE IF NOT EXISTS truths (
  id BINARY(16) NOT NULL,
  sensor_id VARCHAR(64) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  timestamp DATETIME(3) NOT NULL,
  prediction TINYINT UNSIGNED NOT NULL,
  label TINYINT UNSIGNED NOT NULL,
  source ENUM('label', 'verdict') NOT NULL,
  decided_at DATETIME(3) NOT NULL,
  PRIMARY KEY (id),
  KEY truths_timestamp (timestamp, prediction, label),
  KEY truths_sensor_timestamp (sensor_id, timestamp, prediction, label)
) ENGINE = InnoDB;
CREATE TABLE IF NOT EXISTS truths_hour (
  sensor_id VARCHAR(64) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  bucket DATETIME NOT NULL,
  shard TINYINT UNSIGNED NOT NULL,
  true_negative INT NOT NULL,
  false_positive INT NOT NULL,
  false_negative INT NOT NULL,
  true_positive INT NOT NULL,
  PRIMARY KEY (sensor_id, bucket, shard),
  KEY truths_hour_bucket (bucket)
) ENGINE = InnoDB;
GRANT SELECT, INSERT, UPDATE ON truths TO 'sentinel_api'@'%';
GRANT SELECT, INSERT, UPDATE ON truths_hour TO 'sentinel_api'@'%';
