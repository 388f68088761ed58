-- The readings of a sensor in the order of time are two stretches of readings_sensor_prediction_timestamp, one per
-- prediction. A second index for them only makes ingest slower.
SET @present = (SELECT COUNT(*) > 0 FROM information_schema.statistics
  WHERE table_schema = DATABASE() AND table_name = 'readings' AND index_name = 'readings_sensor_timestamp');
SET @statement = IF(@present, 'ALTER TABLE readings DROP KEY readings_sensor_timestamp', 'DO 0');
PREPARE removal FROM @statement;
EXECUTE removal;
DEALLOCATE PREPARE removal;
