GRANT SELECT, INSERT, UPDATE ON rollups_ten_minutes TO 'sentinel_api'@'%';
GRANT SELECT (bucket), DELETE ON rollups_ten_minutes TO 'sentinel_retention'@'%';
