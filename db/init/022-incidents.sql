-- Rules, and the incidents that they find. Times are UTC.

-- The rules that people made over HTTP. `version` changes when a rule would fire at other times.
CREATE TABLE IF NOT EXISTS rules (
  name VARCHAR(64) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  definition JSON NOT NULL,
  version CHAR(16) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  changed_at DATETIME(3) NOT NULL,
  PRIMARY KEY (name)
) ENGINE = InnoDB;

-- A stretch of time in which a rule fired for a sensor. The id follows from the rule, the sensor and the opening, so that
-- writing an incident again changes nothing. A firing incident is neither cleared nor resolved by a person.
-- `peak_explanation` has the reading with the highest score and the explanation of that score, also after the reading was
-- removed. `peak_explained` is the reading that it is about, even if there is nothing to store.
CREATE TABLE IF NOT EXISTS incidents (
  id BINARY(16) NOT NULL,
  type SMALLINT UNSIGNED NOT NULL,
  sensor INT UNSIGNED NOT NULL,
  rule VARCHAR(64) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  rule_version CHAR(16) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  severity ENUM('info', 'warning', 'critical') NOT NULL,
  labels JSON NOT NULL,
  summary TEXT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  description TEXT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  started_at DATETIME(3) NOT NULL,
  opened_at DATETIME(3) NOT NULL,
  last_seen_at DATETIME(3) NOT NULL,
  cleared_at DATETIME(3) NULL,
  readings INT UNSIGNED NOT NULL,
  anomalies INT UNSIGNED NOT NULL,
  peak_score DOUBLE NULL,
  peak_reading BINARY(16) NULL,
  peak_explanation JSON NULL,
  peak_explained BINARY(16) NULL,
  acknowledged_at DATETIME(3) NULL,
  acknowledged_by VARCHAR(64) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NULL,
  acknowledged_comment TEXT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NULL,
  resolved_at DATETIME(3) NULL,
  resolved_by VARCHAR(64) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NULL,
  feedback TINYINT UNSIGNED NULL,
  firing TINYINT UNSIGNED AS (cleared_at IS NULL AND resolved_at IS NULL) STORED,
  peak_pending TINYINT UNSIGNED AS (peak_reading IS NOT NULL AND NOT (peak_reading <=> peak_explained)) STORED,
  PRIMARY KEY (id),
  KEY incidents_type_firing (type, firing, opened_at, id),
  KEY incidents_sensor (sensor, firing, opened_at, id),
  KEY incidents_cleared_at (cleared_at),
  KEY incidents_peak_pending (peak_pending, opened_at)
) ENGINE = InnoDB;

CREATE TABLE IF NOT EXISTS incident_comments (
  seq BIGINT UNSIGNED NOT NULL AUTO_INCREMENT,
  incident BINARY(16) NOT NULL,
  commented_at DATETIME(3) NOT NULL,
  commented_by VARCHAR(64) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  text TEXT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  PRIMARY KEY (seq),
  KEY incident_comments_incident (incident, seq)
) ENGINE = InnoDB;

-- While a silence lasts, incidents whose labels match all its matchers notify nobody.
CREATE TABLE IF NOT EXISTS silences (
  id BINARY(16) NOT NULL,
  matchers JSON NOT NULL,
  starts_at DATETIME(3) NOT NULL,
  ends_at DATETIME(3) NOT NULL,
  created_by VARCHAR(64) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  comment TEXT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  PRIMARY KEY (id),
  KEY silences_ends_at (ends_at)
) ENGINE = InnoDB;

-- One process at a time evaluates the rules: the one with the lease. Each new lease has a higher `fence`, without which
-- nothing is written. `position` is how far readings are evaluated, `checkpoint` the position of the saved states, and
-- `inputs` what was evaluated since then other than the readings in order.
CREATE TABLE IF NOT EXISTS rule_evaluation (
  id TINYINT UNSIGNED NOT NULL,
  holder BINARY(16) NULL,
  expires_at DATETIME(3) NOT NULL,
  fence BIGINT UNSIGNED NOT NULL,
  position LONGTEXT CHARACTER SET ascii COLLATE ascii_bin NULL,
  checkpoint LONGTEXT CHARACTER SET ascii COLLATE ascii_bin NULL,
  inputs LONGTEXT CHARACTER SET ascii COLLATE ascii_bin NULL,
  states LONGTEXT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NULL,
  PRIMARY KEY (id)
) ENGINE = InnoDB;
INSERT IGNORE INTO rule_evaluation (id, expires_at, fence) VALUES (1, '2000-01-01', 0);

-- The saved states of the rules, in parts: JSON, compressed by gzip.
CREATE TABLE IF NOT EXISTS rule_checkpoints (
  type SMALLINT UNSIGNED NOT NULL,
  part INT UNSIGNED NOT NULL,
  state MEDIUMBLOB NOT NULL,
  PRIMARY KEY (type, part)
) ENGINE = InnoDB;

GRANT SELECT, INSERT, UPDATE, DELETE ON rules TO 'sentinel_api'@'%';
GRANT SELECT, INSERT, UPDATE ON incidents TO 'sentinel_api'@'%';
GRANT SELECT, INSERT ON incident_comments TO 'sentinel_api'@'%';
GRANT SELECT, INSERT, UPDATE ON silences TO 'sentinel_api'@'%';
GRANT SELECT, UPDATE ON rule_evaluation TO 'sentinel_api'@'%';
GRANT SELECT, INSERT, DELETE ON rule_checkpoints TO 'sentinel_api'@'%';
GRANT SELECT (id, cleared_at), DELETE ON incidents TO 'sentinel_retention'@'%';
GRANT SELECT (incident), DELETE ON incident_comments TO 'sentinel_retention'@'%';
GRANT SELECT (ends_at), DELETE ON silences TO 'sentinel_retention'@'%';

-- `anomaly_at` is the arrival of the last anomaly while the sensor is in the state `anomaly`, which outlasts it for a while.
-- The others are what is known of the usual interval between arrivals.
ALTER TABLE sensor_states
  ADD COLUMN anomaly_at DATETIME(3) NULL,
  ADD COLUMN mean_gap_ms DOUBLE NOT NULL DEFAULT 0,
  ADD COLUMN gaps INT UNSIGNED NOT NULL DEFAULT 0,
  ADD COLUMN outages TINYINT UNSIGNED NOT NULL DEFAULT 0;
