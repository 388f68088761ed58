-- `GET /system` shows which migration was applied last.
GRANT SELECT (name) ON schema_migrations TO 'sentinel_api'@'%';
