-- Up to where retention has taken readings and rollups away: one row; NULL: everything is still there. It is written
-- before the deletes, so that a reader knows which level to take the ends of a window from. Whole hours, UTC.
CREATE TABLE IF NOT EXISTS retention_horizons (
  name ENUM('all') NOT NULL PRIMARY KEY,
  readings_before DATETIME NULL,
  minutes_before DATETIME NULL,
  hours_before DATETIME NULL
) ENGINE = InnoDB;
INSERT IGNORE INTO retention_horizons (name) VALUES ('all');
GRANT SELECT ON retention_horizons TO 'sentinel_api'@'%';
