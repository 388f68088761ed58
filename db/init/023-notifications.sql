-- For each receiver, the incidents that have opened or cleared, inserted in the transaction that stores the change. `change_key`
-- depends only on the receiver, the incident and its new state, so that no change is inserted twice. `notification` is the
-- message that contains the change; NULL: none yet; zeros: none, because of a silence. The change is due `delay_ms` after `created_at`.
CREATE TABLE IF NOT EXISTS notification_outbox (
  change_key BINARY(16) NOT NULL,
  receiver VARCHAR(64) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  rule VARCHAR(64) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  incident BINARY(16) NOT NULL,
  created_at DATETIME(3) NOT NULL DEFAULT CURRENT_TIMESTAMP(3),
  delay_ms INT UNSIGNED NOT NULL,
  notification BINARY(16) NULL,
  PRIMARY KEY (change_key),
  KEY notification_outbox_notification (notification, receiver, rule),
  KEY notification_outbox_created_at (created_at)
) ENGINE = InnoDB;

-- Messages: incidents of one rule for one receiver. Each attempt first moves `next_at` past its end, so that no other process
-- tries at the same time, and another one tries later if this one dies. A repeat is about all firing incidents of the rule.
CREATE TABLE IF NOT EXISTS notifications (
  id BINARY(16) NOT NULL,
  receiver VARCHAR(64) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  rule VARCHAR(64) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  kind ENUM('change', 'repeat') NOT NULL,
  state ENUM('waiting', 'delivered', 'failed') NOT NULL DEFAULT 'waiting',
  status ENUM('firing', 'resolved') NULL,
  incidents INT UNSIGNED NOT NULL DEFAULT 0,
  created_at DATETIME(3) NOT NULL DEFAULT CURRENT_TIMESTAMP(3),
  next_at DATETIME(3) NOT NULL DEFAULT CURRENT_TIMESTAMP(3),
  attempts INT UNSIGNED NOT NULL DEFAULT 0,
  ended_at DATETIME(3) NULL,
  last_error VARCHAR(500) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NULL,
  PRIMARY KEY (id),
  KEY notifications_next_at (state, receiver, next_at),
  KEY notifications_receiver_rule (receiver, rule, created_at),
  KEY notifications_created_at (created_at)
) ENGINE = InnoDB;

-- The receivers that people made over HTTP, with their secrets.
CREATE TABLE IF NOT EXISTS receivers (
  name VARCHAR(64) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  definition JSON NOT NULL,
  PRIMARY KEY (name)
) ENGINE = InnoDB;

GRANT SELECT, INSERT, UPDATE, DELETE ON receivers TO 'sentinel_api'@'%';
GRANT SELECT, INSERT, UPDATE ON notification_outbox TO 'sentinel_api'@'%';
GRANT SELECT, INSERT, UPDATE, DELETE ON notifications TO 'sentinel_api'@'%';
GRANT SELECT (created_at), DELETE ON notification_outbox TO 'sentinel_retention'@'%';
GRANT SELECT (created_at), DELETE ON notifications TO 'sentinel_retention'@'%';
