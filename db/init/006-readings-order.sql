-- One index per order of `GET /readings`; timestamp and prediction have theirs already. With `seq` a page goes on where
-- the last one ended; the other columns let filters be judged in the index, without a look at the row.
SET @missing = (SELECT COUNT(*) = 0 FROM information_schema.statistics
  WHERE table_schema = DATABASE() AND table_name = 'readings' AND index_name = 'readings_score');
SET @statement = IF(@missing, 'ALTER TABLE readings
  ADD KEY readings_temperature (temperature, seq, sensor_id, timestamp, prediction),
  ADD KEY readings_humidity (humidity, seq, sensor_id, timestamp, prediction),
  ADD KEY readings_sound_volume (sound_volume, seq, sensor_id, timestamp, prediction),
  ADD KEY readings_score (score, seq, sensor_id, timestamp, prediction)', 'DO 0');
PREPARE addition FROM @statement;
EXECUTE addition;
DEALLOCATE PREPARE addition;
