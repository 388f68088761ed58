-- Every reading with its prediction. `id` is its identity for as long as the row lives;
-- `seq` is the order of arrival. Times are UTC.
CREATE TABLE IF NOT EXISTS readings (
  seq BIGINT UNSIGNED NOT NULL AUTO_INCREMENT,
  id BINARY(16) NOT NULL,
  sensor_id VARCHAR(64) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  timestamp DATETIME(3) NOT NULL,
  received_at DATETIME(3) NOT NULL,
  temperature DOUBLE NOT NULL,
  humidity DOUBLE NOT NULL,
  sound_volume DOUBLE NOT NULL,
  prediction TINYINT UNSIGNED NOT NULL,
  score DOUBLE NOT NULL,
  model VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  PRIMARY KEY (seq),
  UNIQUE KEY readings_id (id),
  KEY readings_timestamp (timestamp),
  KEY readings_prediction_timestamp (prediction, timestamp),
  KEY readings_sensor_timestamp (sensor_id, timestamp),
  KEY readings_sensor_prediction_timestamp (sensor_id, prediction, timestamp)
) ENGINE = InnoDB;
