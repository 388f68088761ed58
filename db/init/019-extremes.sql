-- The readings with the lowest and highest values of all sensors of a type, per minute and hour, so that the first page in the
-- order of a value is found without reading all readings: docs/storage.md describes the document.
CREATE TABLE IF NOT EXISTS extremes_minute (
  type SMALLINT UNSIGNED NOT NULL,
  bucket DATETIME NOT NULL,
  extremes JSON NOT NULL,
  PRIMARY KEY (type, bucket),
  KEY extremes_minute_bucket (bucket)
) ENGINE = InnoDB;
CREATE TABLE IF NOT EXISTS extremes_hour (
  type SMALLINT UNSIGNED NOT NULL,
  bucket DATETIME NOT NULL,
  extremes JSON NOT NULL,
  PRIMARY KEY (type, bucket),
  KEY extremes_hour_bucket (bucket)
) ENGINE = InnoDB;

-- The hours with more than 200 readings that have changed since their extremes were built.
CREATE TABLE IF NOT EXISTS extremes_due (
  type SMALLINT UNSIGNED NOT NULL,
  bucket DATETIME NOT NULL,
  changed_at DATETIME(6) NOT NULL,
  PRIMARY KEY (type, bucket),
  KEY extremes_due_bucket (bucket)
) ENGINE = InnoDB;
INSERT IGNORE INTO extremes_due (type, bucket, changed_at)
  SELECT type, bucket, UTC_TIMESTAMP(6) FROM rollups_hour
  WHERE sensor = 0 AND CAST(JSON_VALUE(rollup, '$.count') AS UNSIGNED) > 200;

GRANT SELECT, INSERT, UPDATE ON extremes_minute TO 'sentinel_api'@'%';
GRANT SELECT, INSERT, UPDATE ON extremes_hour TO 'sentinel_api'@'%';
GRANT SELECT, INSERT, UPDATE, DELETE ON extremes_due TO 'sentinel_api'@'%';
GRANT SELECT (bucket), DELETE ON extremes_minute TO 'sentinel_retention'@'%';
GRANT SELECT (bucket), DELETE ON extremes_hour TO 'sentinel_retention'@'%';
GRANT SELECT (bucket), DELETE ON extremes_due TO 'sentinel_retention'@'%';
