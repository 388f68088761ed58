-- What the readings of a minute and of an hour come to, per sensor, and for all sensors together under the empty
-- sensor_id. They change in the same transaction as the readings. `shard` keeps writers of the same bucket apart:
-- a bucket is the sum of its shards. `_deviations` is the sum of squared deviations from the mean (Chan, Golub and
-- LeVeque 1983), `bin_00` … `bin_19` are the histogram of scores. Times are UTC.
CREATE TABLE IF NOT EXISTS readings_minute (
  sensor_id VARCHAR(64) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  bucket DATETIME NOT NULL,
  shard TINYINT UNSIGNED NOT NULL,
  count INT UNSIGNED NOT NULL,
  anomalies INT UNSIGNED NOT NULL,
  temperature_mean DOUBLE NOT NULL,
  temperature_deviations DOUBLE NOT NULL,
  temperature_min DOUBLE NOT NULL,
  temperature_max DOUBLE NOT NULL,
  humidity_mean DOUBLE NOT NULL,
  humidity_deviations DOUBLE NOT NULL,
  humidity_min DOUBLE NOT NULL,
  humidity_max DOUBLE NOT NULL,
  sound_volume_mean DOUBLE NOT NULL,
  sound_volume_deviations DOUBLE NOT NULL,
  sound_volume_min DOUBLE NOT NULL,
  sound_volume_max DOUBLE NOT NULL,
  bin_00 INT UNSIGNED NOT NULL,
  bin_01 INT UNSIGNED NOT NULL,
  bin_02 INT UNSIGNED NOT NULL,
  bin_03 INT UNSIGNED NOT NULL,
  bin_04 INT UNSIGNED NOT NULL,
  bin_05 INT UNSIGNED NOT NULL,
  bin_06 INT UNSIGNED NOT NULL,
  bin_07 INT UNSIGNED NOT NULL,
  bin_08 INT UNSIGNED NOT NULL,
  bin_09 INT UNSIGNED NOT NULL,
  bin_10 INT UNSIGNED NOT NULL,
  bin_11 INT UNSIGNED NOT NULL,
  bin_12 INT UNSIGNED NOT NULL,
  bin_13 INT UNSIGNED NOT NULL,
  bin_14 INT UNSIGNED NOT NULL,
  bin_15 INT UNSIGNED NOT NULL,
  bin_16 INT UNSIGNED NOT NULL,
  bin_17 INT UNSIGNED NOT NULL,
  bin_18 INT UNSIGNED NOT NULL,
  bin_19 INT UNSIGNED NOT NULL,
  PRIMARY KEY (sensor_id, bucket, shard),
  KEY readings_minute_bucket (bucket)
) ENGINE = InnoDB;
CREATE TABLE IF NOT EXISTS readings_hour (
  sensor_id VARCHAR(64) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  bucket DATETIME NOT NULL,
  shard TINYINT UNSIGNED NOT NULL,
  count INT UNSIGNED NOT NULL,
  anomalies INT UNSIGNED NOT NULL,
  temperature_mean DOUBLE NOT NULL,
  temperature_deviations DOUBLE NOT NULL,
  temperature_min DOUBLE NOT NULL,
  temperature_max DOUBLE NOT NULL,
  humidity_mean DOUBLE NOT NULL,
  humidity_deviations DOUBLE NOT NULL,
  humidity_min DOUBLE NOT NULL,
  humidity_max DOUBLE NOT NULL,
  sound_volume_mean DOUBLE NOT NULL,
  sound_volume_deviations DOUBLE NOT NULL,
  sound_volume_min DOUBLE NOT NULL,
  sound_volume_max DOUBLE NOT NULL,
  bin_00 INT UNSIGNED NOT NULL,
  bin_01 INT UNSIGNED NOT NULL,
  bin_02 INT UNSIGNED NOT NULL,
  bin_03 INT UNSIGNED NOT NULL,
  bin_04 INT UNSIGNED NOT NULL,
  bin_05 INT UNSIGNED NOT NULL,
  bin_06 INT UNSIGNED NOT NULL,
  bin_07 INT UNSIGNED NOT NULL,
  bin_08 INT UNSIGNED NOT NULL,
  bin_09 INT UNSIGNED NOT NULL,
  bin_10 INT UNSIGNED NOT NULL,
  bin_11 INT UNSIGNED NOT NULL,
  bin_12 INT UNSIGNED NOT NULL,
  bin_13 INT UNSIGNED NOT NULL,
  bin_14 INT UNSIGNED NOT NULL,
  bin_15 INT UNSIGNED NOT NULL,
  bin_16 INT UNSIGNED NOT NULL,
  bin_17 INT UNSIGNED NOT NULL,
  bin_18 INT UNSIGNED NOT NULL,
  bin_19 INT UNSIGNED NOT NULL,
  PRIMARY KEY (sensor_id, bucket, shard),
  KEY readings_hour_bucket (bucket)
) ENGINE = InnoDB;
INSERT INTO readings_minute
  (sensor_id, bucket, shard, count, anomalies, temperature_mean, temperature_deviations, temperature_min, temperature_max, humidity_mean, humidity_deviations, humidity_min, humidity_max, sound_volume_mean, sound_volume_deviations, sound_volume_min, sound_volume_max, bin_00, bin_01, bin_02, bin_03, bin_04, bin_05, bin_06, bin_07, bin_08, bin_09, bin_10, bin_11, bin_12, bin_13, bin_14, bin_15, bin_16, bin_17, bin_18, bin_19)
SELECT sensor_id, CAST(DATE_FORMAT(timestamp, '%Y-%m-%d %H:%i:00') AS DATETIME), 0,
  COUNT(*), SUM(prediction), AVG(temperature), VAR_POP(temperature) * COUNT(*), MIN(temperature), MAX(temperature), AVG(humidity), VAR_POP(humidity) * COUNT(*), MIN(humidity), MAX(humidity), AVG(sound_volume), VAR_POP(sound_volume) * COUNT(*), MIN(sound_volume), MAX(sound_volume), SUM(LEAST(FLOOR(score * 20), 19) = 0), SUM(LEAST(FLOOR(score * 20), 19) = 1), SUM(LEAST(FLOOR(score * 20), 19) = 2), SUM(LEAST(FLOOR(score * 20), 19) = 3), SUM(LEAST(FLOOR(score * 20), 19) = 4), SUM(LEAST(FLOOR(score * 20), 19) = 5), SUM(LEAST(FLOOR(score * 20), 19) = 6), SUM(LEAST(FLOOR(score * 20), 19) = 7), SUM(LEAST(FLOOR(score * 20), 19) = 8), SUM(LEAST(FLOOR(score * 20), 19) = 9), SUM(LEAST(FLOOR(score * 20), 19) = 10), SUM(LEAST(FLOOR(score * 20), 19) = 11), SUM(LEAST(FLOOR(score * 20), 19) = 12), SUM(LEAST(FLOOR(score * 20), 19) = 13), SUM(LEAST(FLOOR(score * 20), 19) = 14), SUM(LEAST(FLOOR(score * 20), 19) = 15), SUM(LEAST(FLOOR(score * 20), 19) = 16), SUM(LEAST(FLOOR(score * 20), 19) = 17), SUM(LEAST(FLOOR(score * 20), 19) = 18), SUM(LEAST(FLOOR(score * 20), 19) = 19)
FROM readings GROUP BY sensor_id, 2;
INSERT INTO readings_minute
  (sensor_id, bucket, shard, count, anomalies, temperature_mean, temperature_deviations, temperature_min, temperature_max, humidity_mean, humidity_deviations, humidity_min, humidity_max, sound_volume_mean, sound_volume_deviations, sound_volume_min, sound_volume_max, bin_00, bin_01, bin_02, bin_03, bin_04, bin_05, bin_06, bin_07, bin_08, bin_09, bin_10, bin_11, bin_12, bin_13, bin_14, bin_15, bin_16, bin_17, bin_18, bin_19)
SELECT '', CAST(DATE_FORMAT(timestamp, '%Y-%m-%d %H:%i:00') AS DATETIME), 0,
  COUNT(*), SUM(prediction), AVG(temperature), VAR_POP(temperature) * COUNT(*), MIN(temperature), MAX(temperature), AVG(humidity), VAR_POP(humidity) * COUNT(*), MIN(humidity), MAX(humidity), AVG(sound_volume), VAR_POP(sound_volume) * COUNT(*), MIN(sound_volume), MAX(sound_volume), SUM(LEAST(FLOOR(score * 20), 19) = 0), SUM(LEAST(FLOOR(score * 20), 19) = 1), SUM(LEAST(FLOOR(score * 20), 19) = 2), SUM(LEAST(FLOOR(score * 20), 19) = 3), SUM(LEAST(FLOOR(score * 20), 19) = 4), SUM(LEAST(FLOOR(score * 20), 19) = 5), SUM(LEAST(FLOOR(score * 20), 19) = 6), SUM(LEAST(FLOOR(score * 20), 19) = 7), SUM(LEAST(FLOOR(score * 20), 19) = 8), SUM(LEAST(FLOOR(score * 20), 19) = 9), SUM(LEAST(FLOOR(score * 20), 19) = 10), SUM(LEAST(FLOOR(score * 20), 19) = 11), SUM(LEAST(FLOOR(score * 20), 19) = 12), SUM(LEAST(FLOOR(score * 20), 19) = 13), SUM(LEAST(FLOOR(score * 20), 19) = 14), SUM(LEAST(FLOOR(score * 20), 19) = 15), SUM(LEAST(FLOOR(score * 20), 19) = 16), SUM(LEAST(FLOOR(score * 20), 19) = 17), SUM(LEAST(FLOOR(score * 20), 19) = 18), SUM(LEAST(FLOOR(score * 20), 19) = 19)
FROM readings GROUP BY 2;
INSERT INTO readings_hour
  (sensor_id, bucket, shard, count, anomalies, temperature_mean, temperature_deviations, temperature_min, temperature_max, humidity_mean, humidity_deviations, humidity_min, humidity_max, sound_volume_mean, sound_volume_deviations, sound_volume_min, sound_volume_max, bin_00, bin_01, bin_02, bin_03, bin_04, bin_05, bin_06, bin_07, bin_08, bin_09, bin_10, bin_11, bin_12, bin_13, bin_14, bin_15, bin_16, bin_17, bin_18, bin_19)
SELECT sensor_id, CAST(DATE_FORMAT(timestamp, '%Y-%m-%d %H:00:00') AS DATETIME), 0,
  COUNT(*), SUM(prediction), AVG(temperature), VAR_POP(temperature) * COUNT(*), MIN(temperature), MAX(temperature), AVG(humidity), VAR_POP(humidity) * COUNT(*), MIN(humidity), MAX(humidity), AVG(sound_volume), VAR_POP(sound_volume) * COUNT(*), MIN(sound_volume), MAX(sound_volume), SUM(LEAST(FLOOR(score * 20), 19) = 0), SUM(LEAST(FLOOR(score * 20), 19) = 1), SUM(LEAST(FLOOR(score * 20), 19) = 2), SUM(LEAST(FLOOR(score * 20), 19) = 3), SUM(LEAST(FLOOR(score * 20), 19) = 4), SUM(LEAST(FLOOR(score * 20), 19) = 5), SUM(LEAST(FLOOR(score * 20), 19) = 6), SUM(LEAST(FLOOR(score * 20), 19) = 7), SUM(LEAST(FLOOR(score * 20), 19) = 8), SUM(LEAST(FLOOR(score * 20), 19) = 9), SUM(LEAST(FLOOR(score * 20), 19) = 10), SUM(LEAST(FLOOR(score * 20), 19) = 11), SUM(LEAST(FLOOR(score * 20), 19) = 12), SUM(LEAST(FLOOR(score * 20), 19) = 13), SUM(LEAST(FLOOR(score * 20), 19) = 14), SUM(LEAST(FLOOR(score * 20), 19) = 15), SUM(LEAST(FLOOR(score * 20), 19) = 16), SUM(LEAST(FLOOR(score * 20), 19) = 17), SUM(LEAST(FLOOR(score * 20), 19) = 18), SUM(LEAST(FLOOR(score * 20), 19) = 19)
FROM readings GROUP BY sensor_id, 2;
INSERT INTO readings_hour
  (sensor_id, bucket, shard, count, anomalies, temperature_mean, temperature_deviations, temperature_min, temperature_max, humidity_mean, humidity_deviations, humidity_min, humidity_max, sound_volume_mean, sound_volume_deviations, sound_volume_min, sound_volume_max, bin_00, bin_01, bin_02, bin_03, bin_04, bin_05, bin_06, bin_07, bin_08, bin_09, bin_10, bin_11, bin_12, bin_13, bin_14, bin_15, bin_16, bin_17, bin_18, bin_19)
SELECT '', CAST(DATE_FORMAT(timestamp, '%Y-%m-%d %H:00:00') AS DATETIME), 0,
  COUNT(*), SUM(prediction), AVG(temperature), VAR_POP(temperature) * COUNT(*), MIN(temperature), MAX(temperature), AVG(humidity), VAR_POP(humidity) * COUNT(*), MIN(humidity), MAX(humidity), AVG(sound_volume), VAR_POP(sound_volume) * COUNT(*), MIN(sound_volume), MAX(sound_volume), SUM(LEAST(FLOOR(score * 20), 19) = 0), SUM(LEAST(FLOOR(score * 20), 19) = 1), SUM(LEAST(FLOOR(score * 20), 19) = 2), SUM(LEAST(FLOOR(score * 20), 19) = 3), SUM(LEAST(FLOOR(score * 20), 19) = 4), SUM(LEAST(FLOOR(score * 20), 19) = 5), SUM(LEAST(FLOOR(score * 20), 19) = 6), SUM(LEAST(FLOOR(score * 20), 19) = 7), SUM(LEAST(FLOOR(score * 20), 19) = 8), SUM(LEAST(FLOOR(score * 20), 19) = 9), SUM(LEAST(FLOOR(score * 20), 19) = 10), SUM(LEAST(FLOOR(score * 20), 19) = 11), SUM(LEAST(FLOOR(score * 20), 19) = 12), SUM(LEAST(FLOOR(score * 20), 19) = 13), SUM(LEAST(FLOOR(score * 20), 19) = 14), SUM(LEAST(FLOOR(score * 20), 19) = 15), SUM(LEAST(FLOOR(score * 20), 19) = 16), SUM(LEAST(FLOOR(score * 20), 19) = 17), SUM(LEAST(FLOOR(score * 20), 19) = 18), SUM(LEAST(FLOOR(score * 20), 19) = 19)
FROM readings GROUP BY 2;
-- The API takes nothing away: retention runs under an account of its own.
GRANT SELECT, INSERT, UPDATE ON readings_minute TO 'sentinel_api'@'%';
GRANT SELECT, INSERT, UPDATE ON readings_hour TO 'sentinel_api'@'%';
