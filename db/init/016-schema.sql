-- The tables of version 0.3. A new database starts with this file. In an older one, the upgrade applies the files before
-- it, renames their tables to `old_…` and copies the rows from there. Accounts get their rights in a file of its own, so
-- that no process uses these tables until all rows are copied. Times are UTC.

-- A sensor type names the features of its readings, in the order in which `readings.features` has their values.
CREATE TABLE IF NOT EXISTS sensor_types (
  id SMALLINT UNSIGNED NOT NULL AUTO_INCREMENT,
  name VARCHAR(64) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  features JSON NOT NULL,
  PRIMARY KEY (id),
  UNIQUE KEY sensor_types_name (name)
) ENGINE = InnoDB;
INSERT IGNORE INTO sensor_types (id, name, features)
  VALUES (1, 'climate', '["temperature", "humidity", "sound_volume"]');

-- Integer keys for the names of sensors and models. A sensor without readings is one whose first commit failed.
CREATE TABLE IF NOT EXISTS sensors (
  id INT UNSIGNED NOT NULL AUTO_INCREMENT,
  type SMALLINT UNSIGNED NOT NULL,
  name VARCHAR(64) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  PRIMARY KEY (id),
  UNIQUE KEY sensors_type_name (type, name)
) ENGINE = InnoDB;
CREATE TABLE IF NOT EXISTS models (
  id INT UNSIGNED NOT NULL AUTO_INCREMENT,
  name VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  PRIMARY KEY (id),
  UNIQUE KEY models_name (name)
) ENGINE = InnoDB;

-- Every reading. `id` is its identity; `seq` is the order of arrival; `features` is an array of numbers, null where a
-- value is missing. readings_id finds duplicates, readings_sensor_timestamp the readings of one sensor in a time window,
-- and readings_timestamp those of all sensors.
CREATE TABLE IF NOT EXISTS readings (
  seq BIGINT UNSIGNED NOT NULL AUTO_INCREMENT,
  id BINARY(16) NOT NULL,
  type SMALLINT UNSIGNED NOT NULL,
  sensor INT UNSIGNED NOT NULL,
  timestamp DATETIME(3) NOT NULL,
  received_at DATETIME(3) NOT NULL,
  features JSON NOT NULL,
  prediction TINYINT UNSIGNED NULL,
  score DOUBLE NULL,
  model INT UNSIGNED NULL,
  PRIMARY KEY (seq),
  UNIQUE KEY readings_id (id),
  KEY readings_sensor_timestamp (sensor, timestamp),
  KEY readings_timestamp (timestamp)
) ENGINE = InnoDB;

-- The readings with prediction 1, which are few: lists of anomalies do not search `readings`.
CREATE TABLE IF NOT EXISTS anomalies (
  seq BIGINT UNSIGNED NOT NULL,
  sensor INT UNSIGNED NOT NULL,
  timestamp DATETIME(3) NOT NULL,
  score DOUBLE NOT NULL,
  PRIMARY KEY (seq),
  KEY anomalies_sensor_timestamp (sensor, timestamp),
  KEY anomalies_timestamp (timestamp)
) ENGINE = InnoDB;

-- The statistics of each sensor, and of all sensors of a type under sensor 0, per minute and hour:
-- docs/storage.md describes the document.
CREATE TABLE IF NOT EXISTS rollups_minute (
  type SMALLINT UNSIGNED NOT NULL,
  sensor INT UNSIGNED NOT NULL,
  bucket DATETIME NOT NULL,
  rollup JSON NOT NULL,
  PRIMARY KEY (type, sensor, bucket),
  KEY rollups_minute_bucket (bucket)
) ENGINE = InnoDB;
CREATE TABLE IF NOT EXISTS rollups_hour (
  type SMALLINT UNSIGNED NOT NULL,
  sensor INT UNSIGNED NOT NULL,
  bucket DATETIME NOT NULL,
  rollup JSON NOT NULL,
  PRIMARY KEY (type, sensor, bucket),
  KEY rollups_hour_bucket (bucket)
) ENGINE = InnoDB;

-- What each commit adds to the rollups and to sensor_states, one row per commit, inserted in the transaction that stores
-- the readings. Within a second it is folded into these tables and deleted, in one transaction. The statistics at any
-- moment are those tables and these rows together.
CREATE TABLE IF NOT EXISTS rollup_deltas (
  seq BIGINT UNSIGNED NOT NULL AUTO_INCREMENT,
  delta LONGTEXT CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  PRIMARY KEY (seq)
) ENGINE = InnoDB;

-- One process at a time folds: the one that has locked this row.
CREATE TABLE IF NOT EXISTS fold_lock (
  id TINYINT UNSIGNED NOT NULL,
  PRIMARY KEY (id)
) ENGINE = InnoDB;
INSERT IGNORE INTO fold_lock (id) VALUES (1);

-- Of each sensor: how many readings are stored and how many of them were late, the newest timestamp, the last reading
-- by arrival, and `since`, the arrival of the first reading of the run of equal predictions that this one ends.
CREATE TABLE IF NOT EXISTS sensor_states (
  sensor INT UNSIGNED NOT NULL,
  `stored` BIGINT UNSIGNED NOT NULL,
  late BIGINT UNSIGNED NOT NULL,
  newest DATETIME(3) NOT NULL,
  last_id BINARY(16) NOT NULL,
  received_at DATETIME(3) NOT NULL,
  prediction TINYINT UNSIGNED NULL,
  since DATETIME(3) NOT NULL,
  PRIMARY KEY (sensor)
) ENGINE = InnoDB;

-- What became of readings that were not stored, per sensor, written within a second. Sensor 0 has those that are not
-- attributable to a sensor.
CREATE TABLE IF NOT EXISTS sensor_arrivals (
  sensor INT UNSIGNED NOT NULL,
  duplicates BIGINT UNSIGNED NOT NULL,
  conflicts BIGINT UNSIGNED NOT NULL,
  rejected BIGINT UNSIGNED NOT NULL,
  gaps BIGINT UNSIGNED NOT NULL,
  first_seen DATETIME(3) NULL,
  last_seen DATETIME(3) NULL,
  PRIMARY KEY (sensor)
) ENGINE = InnoDB;

-- InnoDB shows a commit to others before its log is on disk. A process that answers with rows of another commit updates
-- a row here first: the log is sequential, so that this commit also makes the other one durable.
CREATE TABLE IF NOT EXISTS commit_fence (
  shard TINYINT UNSIGNED NOT NULL,
  passed BIGINT UNSIGNED NOT NULL,
  PRIMARY KEY (shard)
) ENGINE = InnoDB;
INSERT IGNORE INTO commit_fence (shard, passed) VALUES (0, 0), (1, 0), (2, 0), (3, 0), (4, 0), (5, 0), (6, 0), (7, 0);

-- The times before which retention has removed rows; NULL: nothing is removed. Written before the rows are deleted, so
-- that a query knows which level has the ends of its window. Whole hours.
CREATE TABLE IF NOT EXISTS retention_horizons (
  name ENUM('all') NOT NULL PRIMARY KEY,
  readings_before DATETIME NULL,
  minutes_before DATETIME NULL,
  hours_before DATETIME NULL
) ENGINE = InnoDB;
INSERT IGNORE INTO retention_horizons (name) VALUES ('all');

-- The models that an operator activated: the last row counts. `configured` is MODEL_NAME at that moment; the last three
-- columns are the result of scoring recent readings with both models.
CREATE TABLE IF NOT EXISTS model_activations (
  seq BIGINT UNSIGNED NOT NULL AUTO_INCREMENT,
  model VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  previous VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NULL,
  configured VARCHAR(255) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  activated_at DATETIME(3) NOT NULL,
  readings INT UNSIGNED NOT NULL,
  changed INT UNSIGNED NOT NULL,
  max_changed DOUBLE NOT NULL,
  PRIMARY KEY (seq)
) ENGINE = InnoDB;

-- What a reading really was, with its prediction. The indexes have all columns that the comparison of a window needs.
CREATE TABLE IF NOT EXISTS feedback (
  id BINARY(16) NOT NULL,
  sensor INT UNSIGNED NOT NULL,
  timestamp DATETIME(3) NOT NULL,
  prediction TINYINT UNSIGNED NOT NULL,
  label TINYINT UNSIGNED NOT NULL,
  source ENUM('label', 'person') NOT NULL,
  decided_at DATETIME(3) NOT NULL,
  PRIMARY KEY (id),
  KEY feedback_timestamp (timestamp, prediction, label),
  KEY feedback_sensor_timestamp (sensor, timestamp, prediction, label)
) ENGINE = InnoDB;

-- The confusion matrix per hour, of each sensor and of all sensors under sensor 0, changed in the transaction that changes
-- the feedback. `shard` keeps writers apart: an hour is the sum of its shards, which may be negative one by one.
CREATE TABLE IF NOT EXISTS feedback_hour (
  sensor INT UNSIGNED NOT NULL,
  bucket DATETIME NOT NULL,
  shard TINYINT UNSIGNED NOT NULL,
  true_negative INT NOT NULL,
  false_positive INT NOT NULL,
  false_negative INT NOT NULL,
  true_positive INT NOT NULL,
  PRIMARY KEY (sensor, bucket, shard),
  KEY feedback_hour_bucket (bucket)
) ENGINE = InnoDB;

-- A replay is a run of a file that senders share. `id_scheme` is the version of the ids of its readings: 5 for replays
-- that began before version 0.3, 8 for all others.
CREATE TABLE IF NOT EXISTS replays (
  name VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  id BINARY(16) NOT NULL,
  id_scheme TINYINT UNSIGNED NOT NULL DEFAULT 8,
  file_name VARCHAR(255) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  fingerprint CHAR(64) CHARACTER SET ascii COLLATE ascii_bin NULL,
  loops INT UNSIGNED NOT NULL,
  next_loop INT UNSIGNED NOT NULL,
  next_row BIGINT UNSIGNED NOT NULL,
  done_to BIGINT UNSIGNED NOT NULL,
  total_rows BIGINT UNSIGNED NULL,
  `stored` BIGINT UNSIGNED NOT NULL,
  rejected BIGINT UNSIGNED NOT NULL,
  bad BIGINT UNSIGNED NOT NULL,
  dropped BIGINT UNSIGNED NOT NULL,
  duplicates BIGINT UNSIGNED NOT NULL,
  taken_over INT UNSIGNED NOT NULL,
  started_at DATETIME(3) NOT NULL,
  finished_at DATETIME(3) NULL,
  PRIMARY KEY (name),
  KEY replays_started_at (started_at)
) ENGINE = InnoDB;

-- The chunks that are not finished: leased, or free again. The counts are those of the current lease, which began at
-- `leased_from` rows.
CREATE TABLE IF NOT EXISTS replay_chunks (
  replay_id BINARY(16) NOT NULL,
  `loop` INT UNSIGNED NOT NULL,
  first_row BIGINT UNSIGNED NOT NULL,
  `rows` INT UNSIGNED NOT NULL,
  done_rows INT UNSIGNED NOT NULL,
  leased_from INT UNSIGNED NOT NULL,
  lease_id BINARY(16) NULL,
  sender VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NULL,
  expires_at DATETIME(3) NOT NULL,
  `stored` INT UNSIGNED NOT NULL,
  rejected INT UNSIGNED NOT NULL,
  bad INT UNSIGNED NOT NULL,
  dropped INT UNSIGNED NOT NULL,
  duplicates INT UNSIGNED NOT NULL,
  PRIMARY KEY (replay_id, `loop`, first_row),
  UNIQUE KEY replay_chunks_lease_id (lease_id),
  KEY replay_chunks_expires_at (replay_id, expires_at)
) ENGINE = InnoDB;

-- What each sender has done with leases that ended. The rates and latencies are the last that it reported.
CREATE TABLE IF NOT EXISTS replay_senders (
  replay_id BINARY(16) NOT NULL,
  sender VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  `stored` BIGINT UNSIGNED NOT NULL,
  rejected BIGINT UNSIGNED NOT NULL,
  bad BIGINT UNSIGNED NOT NULL,
  dropped BIGINT UNSIGNED NOT NULL,
  duplicates BIGINT UNSIGNED NOT NULL,
  offered_per_second DOUBLE NULL,
  accepted_per_second DOUBLE NULL,
  shed BIGINT UNSIGNED NULL,
  p50_ms DOUBLE NULL,
  p99_ms DOUBLE NULL,
  first_seen DATETIME(3) NOT NULL,
  last_seen DATETIME(3) NOT NULL,
  PRIMARY KEY (replay_id, sender)
) ENGINE = InnoDB;

-- Leases that ended, kept for a while so that a retried ack is recognized.
CREATE TABLE IF NOT EXISTS replay_ended_leases (
  lease_id BINARY(16) NOT NULL,
  replay_id BINARY(16) NOT NULL,
  ended_at DATETIME(3) NOT NULL,
  PRIMARY KEY (lease_id),
  KEY replay_ended_leases_ended_at (replay_id, ended_at)
) ENGINE = InnoDB;
