-- InnoDB shows a commit to others before its log is on the disk. Who answers with what another has committed writes here
-- first: the log is sequential, so that this write's own commit makes the other's durable.
CREATE TABLE IF NOT EXISTS commit_fence (
  shard TINYINT UNSIGNED NOT NULL,
  passed BIGINT UNSIGNED NOT NULL,
  PRIMARY KEY (shard)
) ENGINE = InnoDB;
INSERT IGNORE INTO commit_fence (shard, passed) VALUES (0, 0), (1, 0), (2, 0), (3, 0), (4, 0), (5, 0), (6, 0), (7, 0);
GRANT SELECT, UPDATE ON commit_fence TO 'sentinel_api'@'%';
