-- A replay is a file that senders share: what was begun of it, and what became of its rows. A new one under an old name
-- has another `id`, under which everything else is kept. Leases end by this server's clock. Times are UTC.
CREATE TABLE IF NOT EXISTS replays (
  name VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  id BINARY(16) NOT NULL,
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
  replayed BIGINT UNSIGNED NOT NULL,
  taken_over INT UNSIGNED NOT NULL,
  started_at DATETIME(3) NOT NULL,
  finished_at DATETIME(3) NULL,
  PRIMARY KEY (name),
  KEY replays_started_at (started_at)
) ENGINE = InnoDB;
-- Only what is not finished: leased, or left. The counts are those of the lease, which began at `leased_from` rows.
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
  replayed INT UNSIGNED NOT NULL,
  PRIMARY KEY (replay_id, `loop`, first_row),
  UNIQUE KEY replay_chunks_lease_id (lease_id),
  KEY replay_chunks_expires_at (replay_id, expires_at)
) ENGINE = InnoDB;
-- What each sender has done with leases that ended; `p99_ms` and the others are what it said last.
CREATE TABLE IF NOT EXISTS replay_senders (
  replay_id BINARY(16) NOT NULL,
  sender VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  `stored` BIGINT UNSIGNED NOT NULL,
  rejected BIGINT UNSIGNED NOT NULL,
  bad BIGINT UNSIGNED NOT NULL,
  dropped BIGINT UNSIGNED NOT NULL,
  replayed BIGINT UNSIGNED NOT NULL,
  offered_per_second DOUBLE NULL,
  accepted_per_second DOUBLE NULL,
  shed BIGINT UNSIGNED NULL,
  p50_ms DOUBLE NULL,
  p99_ms DOUBLE NULL,
  first_seen DATETIME(3) NOT NULL,
  last_seen DATETIME(3) NOT NULL,
  PRIMARY KEY (replay_id, sender)
) ENGINE = InnoDB;
-- Leases that their senders ended, for a while: the word may come twice, if its answer was lost.
CREATE TABLE IF NOT EXISTS replay_ended_leases (
  lease_id BINARY(16) NOT NULL,
  replay_id BINARY(16) NOT NULL,
  ended_at DATETIME(3) NOT NULL,
  PRIMARY KEY (lease_id),
  KEY replay_ended_leases_ended_at (replay_id, ended_at)
) ENGINE = InnoDB;
GRANT SELECT, INSERT, UPDATE, DELETE ON replays TO 'sentinel_api'@'%';
GRANT SELECT, INSERT, UPDATE, DELETE ON replay_chunks TO 'sentinel_api'@'%';
GRANT SELECT, INSERT, UPDATE, DELETE ON replay_senders TO 'sentinel_api'@'%';
GRANT SELECT, INSERT, UPDATE, DELETE ON replay_ended_leases TO 'sentinel_api'@'%';
