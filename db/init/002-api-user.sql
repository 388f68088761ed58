-- The only user of the API. It stays locked until `npm run migrate` gives it a password.
CREATE USER IF NOT EXISTS 'sentinel_api'@'%' ACCOUNT LOCK;
GRANT SELECT, INSERT ON readings TO 'sentinel_api'@'%';
