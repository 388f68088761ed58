-- Which model serves by an operator's decision: the last row counts. `configured` is what MODEL_NAME was
-- at that moment; the last three columns are what the replay gate found. Times are UTC.
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
GRANT SELECT, INSERT ON model_activations TO 'sentinel_api'@'%';
