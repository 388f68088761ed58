-- Any sensor type. A type describes its features, and rows that statistics or lists of all sensors read have the type.

-- `features` is an array of {name, title, unit, min, max, decimals}: a limit is null where there is none, and `decimals` is
-- null where all are shown. New features are appended, so that the place of a value in `readings.features` never changes.
UPDATE sensor_types SET features = '[
  {"name": "temperature", "title": "Temperature", "unit": "°C", "min": -273.15, "max": 1000, "decimals": null},
  {"name": "humidity", "title": "Humidity", "unit": "%", "min": 0, "max": 100, "decimals": null},
  {"name": "sound_volume", "title": "Noise level", "unit": "dB", "min": 0, "max": 200, "decimals": null}]'
  WHERE name = 'climate';
GRANT INSERT, UPDATE, DELETE ON sensor_types TO 'sentinel_api'@'%';
-- A type is deleted with its sensors.
GRANT DELETE ON sensors TO 'sentinel_api'@'%';
GRANT DELETE ON sensor_arrivals TO 'sentinel_api'@'%';

-- The readings of all sensors of a type in a time window: retention and the API always know the type.
ALTER TABLE readings ADD KEY readings_type_timestamp (type, timestamp), DROP KEY readings_timestamp;
ALTER TABLE anomalies
  ADD COLUMN type SMALLINT UNSIGNED NOT NULL DEFAULT 1 AFTER seq,
  ADD KEY anomalies_type_timestamp (type, timestamp), DROP KEY anomalies_timestamp;
GRANT SELECT (type) ON readings TO 'sentinel_retention'@'%';
GRANT SELECT (type) ON anomalies TO 'sentinel_retention'@'%';
GRANT SELECT (id) ON sensor_types TO 'sentinel_retention'@'%';

-- The readings that a later model scores: see `npm run rescore`.
GRANT UPDATE (prediction, score, model) ON readings TO 'sentinel_api'@'%';

-- Feedback on a reading that no model has scored yet has no prediction.
ALTER TABLE feedback
  MODIFY COLUMN prediction TINYINT UNSIGNED NULL,
  ADD COLUMN type SMALLINT UNSIGNED NOT NULL DEFAULT 1 AFTER id,
  ADD KEY feedback_type_timestamp (type, timestamp, prediction, label), DROP KEY feedback_timestamp,
  ADD KEY feedback_timestamp (timestamp);
ALTER TABLE feedback_hour
  ADD COLUMN type SMALLINT UNSIGNED NOT NULL DEFAULT 1 FIRST,
  DROP PRIMARY KEY, ADD PRIMARY KEY (type, sensor, bucket, shard);

ALTER TABLE model_activations ADD COLUMN type SMALLINT UNSIGNED NOT NULL DEFAULT 1 AFTER seq,
  ADD KEY model_activations_type (type, seq);
ALTER TABLE replays ADD COLUMN type SMALLINT UNSIGNED NOT NULL DEFAULT 1 AFTER name;
