-- The statistics of ten minutes, like those of minutes and hours: a series of some days reads a tenth of the rows. The
-- migration fills the table from the minutes; the accounts get their rights afterwards, in the next file.
CREATE TABLE IF NOT EXISTS rollups_ten_minutes (
  type SMALLINT UNSIGNED NOT NULL,
  sensor INT UNSIGNED NOT NULL,
  bucket DATETIME NOT NULL,
  rollup LONGTEXT CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  PRIMARY KEY (type, sensor, bucket),
  KEY rollups_ten_minutes_bucket (bucket)
) ENGINE = InnoDB;
