-- The API's account. It deletes no readings and no rollups: retention has an account of its own. Both stay locked until
-- `npm run migrate` sets their passwords.
CREATE USER IF NOT EXISTS 'sentinel_api'@'%' ACCOUNT LOCK;
GRANT SELECT ON sensor_types TO 'sentinel_api'@'%';
GRANT SELECT, INSERT ON sensors TO 'sentinel_api'@'%';
GRANT SELECT, INSERT ON models TO 'sentinel_api'@'%';
GRANT SELECT, INSERT ON readings TO 'sentinel_api'@'%';
GRANT SELECT, INSERT ON anomalies TO 'sentinel_api'@'%';
GRANT SELECT, INSERT, UPDATE ON rollups_minute TO 'sentinel_api'@'%';
GRANT SELECT, INSERT, UPDATE ON rollups_hour TO 'sentinel_api'@'%';
GRANT SELECT, INSERT, DELETE ON rollup_deltas TO 'sentinel_api'@'%';
GRANT SELECT, UPDATE ON fold_lock TO 'sentinel_api'@'%';
GRANT SELECT, INSERT, UPDATE ON sensor_states TO 'sentinel_api'@'%';
GRANT SELECT, INSERT, UPDATE ON sensor_arrivals TO 'sentinel_api'@'%';
GRANT SELECT, UPDATE ON commit_fence TO 'sentinel_api'@'%';
GRANT SELECT ON retention_horizons TO 'sentinel_api'@'%';
GRANT SELECT, INSERT ON model_activations TO 'sentinel_api'@'%';
GRANT SELECT, INSERT, UPDATE, DELETE ON feedback TO 'sentinel_api'@'%';
GRANT SELECT, INSERT, UPDATE ON feedback_hour TO 'sentinel_api'@'%';
GRANT SELECT, INSERT, UPDATE, DELETE ON replays TO 'sentinel_api'@'%';
GRANT SELECT, INSERT, UPDATE, DELETE ON replay_chunks TO 'sentinel_api'@'%';
GRANT SELECT, INSERT, UPDATE, DELETE ON replay_senders TO 'sentinel_api'@'%';
GRANT SELECT, INSERT, UPDATE, DELETE ON replay_ended_leases TO 'sentinel_api'@'%';

CREATE USER IF NOT EXISTS 'sentinel_retention'@'%' ACCOUNT LOCK;
GRANT SELECT (timestamp), DELETE ON readings TO 'sentinel_retention'@'%';
GRANT SELECT (timestamp), DELETE ON anomalies TO 'sentinel_retention'@'%';
GRANT SELECT (timestamp), DELETE ON feedback TO 'sentinel_retention'@'%';
GRANT SELECT (bucket), DELETE ON rollups_minute TO 'sentinel_retention'@'%';
GRANT SELECT (bucket), DELETE ON rollups_hour TO 'sentinel_retention'@'%';
GRANT SELECT (bucket), DELETE ON feedback_hour TO 'sentinel_retention'@'%';
GRANT SELECT (readings_before, minutes_before, hours_before), UPDATE (readings_before, minutes_before, hours_before)
  ON retention_horizons TO 'sentinel_retention'@'%';
