-- The newest reading of a sensor by arrival, and the newest one that was predicted otherwise, are each at the end of a
-- stretch of this index.
SET @missing = (SELECT COUNT(*) = 0 FROM information_schema.statistics
  WHERE table_schema = DATABASE() AND table_name = 'readings' AND index_name = 'readings_sensor_prediction_seq');
SET @statement = IF(@missing,
  'ALTER TABLE readings ADD KEY readings_sensor_prediction_seq (sensor_id, prediction, seq)', 'DO 0');
PREPARE addition FROM @statement;
EXECUTE addition;
DEALLOCATE PREPARE addition;
